package org.smscallbacks.karaf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the gateway has in the container's folders.
 *
 * @param etc the container's configuration
 * @param data the container's data
 */
record KarafFolder(Path etc, Path data) {

    private static final Logger LOG = LoggerFactory.getLogger(KarafFolder.class);

    private static final String NAME = "sms-callback-routes";
    private static final String TRAIL = NAME + "/trail";
    private static final String FILE = "org.smscallbacks.cfg";
    private static final String SHIPPED = "config/application.properties";

    /** What is laid down has its name when it is complete: the process may end, and the container read it, at any moment. */
    private static final String COMPLETE = ".complete";

    private static final Duration LONGEST_WRITE = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    static KarafFolder ofThisContainer() {
        return new KarafFolder(Path.of(System.getProperty("karaf.etc")), Path.of(System.getProperty("karaf.data")));
    }

    /** The configuration. */
    Path configuration() {
        return etc.resolve(FILE);
    }

    /** The routes and mappings, and the broker's files. */
    Path routes() {
        return etc.resolve(NAME);
    }

    /** What is not as in the other home, should the configuration not say it. */
    Properties defaults() {
        var defaults = new Properties();
        defaults.setProperty("sms.broker.data", data.resolve(NAME).toString());
        defaults.setProperty("sms.trail.folder", data.resolve(TRAIL).toString());
        defaults.setProperty("sms.routes", "file:" + routes());
        return defaults;
    }

    /** The same as this version ships it, to compare with; and the examples, to try. */
    private Path shipped() {
        return data.resolve(NAME + "-shipped");
    }

    /** Puts there what is in the bundle; what is there already was perhaps edited and stays as it is. */
    void layDown(Bundle bundle) {
        try {
            delete(shipped());
            var shippedRoutes = shipped().resolve(NAME);
            layDown(bundle, shippedRoutes);
            layDown(bundle, "examples/", "*", shipped().resolve("examples"));
            var shippedConfiguration = shipped().resolve(FILE);
            Files.writeString(
                    shippedConfiguration,
                    text(bundle.getEntry(SHIPPED))
                            .replace("sms.broker.data=data", "sms.broker.data=${karaf.data}/" + NAME)
                            .replace("sms.trail.folder=data/trail", "sms.trail.folder=${karaf.data}/" + TRAIL)
                            .replace("sms.routes=file:routes", "sms.routes=file:${karaf.etc}/" + NAME));
            if (Files.notExists(routes())) {
                var complete = etc.resolve(NAME + COMPLETE);
                delete(complete);
                layDown(bundle, complete);
                Files.move(complete, routes(), StandardCopyOption.ATOMIC_MOVE);
            } else {
                sayWhatDiffers(bundle.getVersion(), shippedRoutes);
            }
            if (Files.notExists(configuration())) {
                var complete = etc.resolve(FILE + COMPLETE);
                Files.copy(shippedConfiguration, complete, StandardCopyOption.REPLACE_EXISTING);
                Files.move(complete, configuration(), StandardCopyOption.ATOMIC_MOVE);
                LOG.info("The configuration is {}", configuration());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + etc, e);
        }
    }

    private static void layDown(Bundle bundle, Path folder) throws IOException {
        layDown(bundle, "routes/", "*", folder);
        layDown(bundle, "config/", "broker*", folder);
    }

    private static void layDown(Bundle bundle, String from, String names, Path folder) throws IOException {
        for (var entry : Collections.list(bundle.findEntries(from, names, true))) {
            var name = entry.getPath().substring(("/" + from).length());
            if (!name.endsWith("/")) {
                var file = folder.resolve(name);
                Files.createDirectories(file.getParent());
                try (var content = entry.openStream()) {
                    Files.copy(content, file);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** After an update an operator has to see what is new; what was edited shows as well. */
    private void sayWhatDiffers(Version version, Path shipped) throws IOException {
        var names = new TreeSet<String>();
        try (var files = Files.walk(shipped)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var name = shipped.relativize(file).toString();
                var used = routes().resolve(name);
                if (Files.notExists(used) || Files.mismatch(file, used) >= 0) {
                    names.add(name);
                }
            }
        }
        if (!names.isEmpty()) {
            LOG.info("Not as version {} ships it: {}; see diff -r {} {}", version, names, shipped, routes());
        }
    }

    /** The configuration's text. The container writes the file when it has read it: this waits until all of these keys are there. */
    String configurationWith(Set<String> keys) {
        long deadline = System.nanoTime() + LONGEST_WRITE.toNanos();
        var text = configurationText();
        while (!keys.stream().allMatch(text::contains) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            text = configurationText();
        }
        return text;
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

    /** The container reads the file byte by byte; it is UTF-8, as in the other home. */
    static String asUtf8(String value) {
        if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(value)) {
            return value;
        }
        try {
            var bytes = ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return value;
        }
    }
}
