package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The tar.gz, unpacked once; each gateway is a process with a configuration folder of its own. */
final class DistributionHome implements Home {

    private static final Duration LONG = Duration.ofSeconds(90);

    private final List<Path> logs = new ArrayList<>();
    private Path unpacked;

    @Override
    public synchronized AutoCloseable start(Path folder, Properties settings) throws Exception {
        if (unpacked == null) {
            unpacked = unpack(Home.emptyFolder("distribution-home"));
        }
        TestGateway.write(settings, folder.resolve("application.properties"));
        var log = folder.resolve("gateway.log");
        logs.add(log);
        var builder = new ProcessBuilder(
                        unpacked.resolve("bin/sms-callback-routes").toString(), folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_OPTS", ChildProcess.JAVA_OPTS);
        var process = ChildProcess.start(builder);
        await().atMost(LONG).until(() -> Files.readString(log).contains("is ready after ") || !process.isAlive());
        assertTrue(process.isAlive(), () -> "started, see " + log);
        return () -> {
            process.destroy();
            assertTrue(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS), "stops");
        };
    }

    /** Unpacks the tar.gz into the folder and gives the one it makes there. */
    static Path unpack(Path folder) throws Exception {
        var unpacking = new ProcessBuilder("tar", "xzf", System.getProperty("distribution"), "-C", folder.toString())
                .inheritIO()
                .start();
        assertEquals(0, unpacking.waitFor());
        try (var unpacked = Files.list(folder)) {
            return unpacked.findFirst().orElseThrow().toRealPath();
        }
    }

    @Override
    public synchronized List<String> log() throws IOException {
        var lines = new ArrayList<String>();
        for (var log : logs) {
            lines.addAll(Files.readAllLines(log));
        }
        return lines;
    }
}
