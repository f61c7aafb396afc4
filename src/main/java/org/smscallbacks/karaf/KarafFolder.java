package org.smscallbacks.karaf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Karaf's <code>etc</code>, and what is in it for the gateway. */
record KarafFolder(Path etc) {

    private static final Logger LOG = LoggerFactory.getLogger(KarafFolder.class);

    private static final String CONFIGURATION = "config/application.properties";

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

    private static String text(URL entry) throws IOException {
        try (var content = entry.openStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
