package org.smscallbacks.karaf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Karaf's <code>etc</code>, and what is in it for the gateway. */
record KarafFolder(Path etc) {

    private static final Logger LOG = LoggerFactory.getLogger(KarafFolder.class);

    private static final String CONFIGURATION = "config/application.properties";
    private static final String LOGGERS = "config/log4j2.properties";

    /** What the lines about our loggers begin with in the container's file, and no others do. */
    private static final String OUR_LOGGERS = "log4j2.logger.sms";

    private static final Duration LONGEST_WRITE = Duration.ofSeconds(2);
    private static final Duration LONGEST_READ = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    static KarafFolder ofThisContainer() {
        return new KarafFolder(Path.of(System.getProperty("karaf.etc")));
    }

    /** The configuration. */
    Path configuration() {
        return etc.resolve("org.smscallbacks.cfg");
    }

    /** The routes and mappings, and the broker's files. */
    Path routes() {
        return etc.resolve("sms-callback-routes");
    }

    /** Puts there what is in the bundle; what is there already was perhaps edited and stays as it is. */
    void layDown(Bundle bundle) {
        try {
            if (Files.notExists(routes())) {
                layDown(bundle, "routes/", "*");
                layDown(bundle, "config/", "broker*");
            }
            if (Files.notExists(configuration())) {
                var shipped = text(bundle.getEntry(CONFIGURATION));
                Files.writeString(
                        configuration(),
                        shipped.replace("sms.broker.data=data", "sms.broker.data=${karaf.data}/sms-callback-routes")
                                .replace("sms.routes=file:routes", "sms.routes=file:${karaf.etc}/sms-callback-routes"));
                LOG.info("The configuration is {}", configuration());
            }
            layDownLoggers(bundle);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + etc, e);
        }
    }

    private void layDown(Bundle bundle, String from, String names) throws IOException {
        for (var entry : Collections.list(bundle.findEntries(from, names, true))) {
            var name = entry.getPath().substring(("/" + from).length());
            if (!name.endsWith("/")) {
                var file = routes().resolve(name);
                Files.createDirectories(file.getParent());
                try (var content = entry.openStream()) {
                    Files.copy(content, file);
                }
            }
        }
    }

    /**
     * Adds our loggers to the container's, once. A feature could do so as well, but the container writes the file at the same time, and
     * then nothing else is left in it.
     */
    private void layDownLoggers(Bundle bundle) throws IOException {
        var logging = etc.resolve("org.ops4j.pax.logging.cfg");
        if (Files.notExists(logging)) {
            LOG.warn("There is no {}: add to this container's logging what {} says of loggers", logging, LOGGERS);
            return;
        }
        // as the container reads it
        var text = Files.readString(logging, StandardCharsets.ISO_8859_1);
        if (!text.contains(OUR_LOGGERS)) {
            var shipped = text(bundle.getEntry(LOGGERS));
            var ours = shipped.substring(shipped.indexOf("logger.")).replaceAll("(?m)^logger\\.", OUR_LOGGERS);
            var edited = logging.resolveSibling(logging.getFileName() + ".edited");
            Files.copy(logging, edited, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(edited, text + "\n# SMS Callback Routes\n" + ours, StandardCharsets.ISO_8859_1);
            Files.move(edited, logging, StandardCopyOption.ATOMIC_MOVE);
            var off = LoggerFactory.getLogger("org.apache.activemq.audit");
            await(() -> !off.isErrorEnabled(), LONGEST_READ);
        }
    }

    private static void await(BooleanSupplier condition, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** The configuration's text. The container writes the file when it has read it: this waits until all of these keys are there. */
    String configurationWith(Set<String> keys) {
        await(() -> keys.stream().allMatch(configurationText()::contains), LONGEST_WRITE);
        return configurationText();
    }

    private String configurationText() {
        try {
            return Files.readString(configuration(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // then no line can be named
            return "";
        }
    }

    private static String text(URL entry) throws IOException {
        try (var content = entry.openStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
