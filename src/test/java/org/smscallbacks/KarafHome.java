package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Karaf: a container for each gateway that runs at the same time. The next one starts where another was stopped. */
final class KarafHome implements Home {

    private static final String READY = "SMS Callback Routes is ready after";
    private static final String NOT_STARTED = "Not started";

    private final List<Karaf> all = new ArrayList<>();
    private final Deque<Karaf> idle = new ArrayDeque<>();

    @Override
    public synchronized AutoCloseable start(Path folder, Properties settings) throws Exception {
        var karaf = idle.isEmpty() ? fresh() : idle.pop();
        int ready = karaf.logged(READY);
        int failed = karaf.logged(NOT_STARTED);
        configure(karaf, folder, settings);
        karaf.bundle("start");
        await().atMost(Karaf.LONG).until(() -> karaf.logged(READY) > ready || karaf.logged(NOT_STARTED) > failed);
        assertEquals(failed, karaf.logged(NOT_STARTED), () -> "started, see " + karaf.resolve("data/log/karaf.log"));
        return () -> {
            karaf.bundle("stop");
            giveBack(karaf);
        };
    }

    private synchronized void giveBack(Karaf karaf) {
        idle.push(karaf);
    }

    /** One in which the gateway is installed and stopped. */
    private Karaf fresh() throws Exception {
        var karaf = Karaf.start(Home.emptyFolder("karaf-home-" + all.size()), Map.of());
        all.add(karaf);
        Runtime.getRuntime().addShutdownHook(new Thread(karaf::close));
        // nothing to start with
        Files.writeString(karaf.resolve("etc/org.smscallbacks.cfg"), "sms.routes=none\n");
        karaf.deploy(Path.of(System.getProperty("kar")));
        karaf.bundle("stop");
        return karaf;
    }

    private static void configure(Karaf karaf, Path folder, Properties settings) throws Exception {
        for (var file : new String[] {"broker.xml", "broker-users.properties", "broker-roles.properties"}) {
            Files.writeString(
                    karaf.resolve("etc/sms-callback-routes").resolve(file), Files.readString(folder.resolve(file)));
        }
        settings.putIfAbsent("sms.routes", "file:${karaf.etc}/sms-callback-routes");
        TestGateway.write(settings, folder.resolve("application.properties"));
        var configuration = Files.readString(folder.resolve("application.properties"));
        karaf.configure(before -> configuration);
    }

    @Override
    public synchronized List<String> log() throws IOException {
        var lines = new ArrayList<String>();
        for (var karaf : all) {
            karaf.log().lines().forEach(lines::add);
        }
        return lines;
    }
}
