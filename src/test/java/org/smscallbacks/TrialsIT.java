package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The trials of <code>src/chaos</code>, one of each fault, and whether they can fail. Part of <code>-Pthorough</code> only. */
@Tag("trials")
class TrialsIT {

    private static final Path FOLDER = Path.of("target/trials-it").toAbsolutePath();
    private static final long LONGEST_MINUTES = 60;

    @BeforeAll
    static void compile() throws Exception {
        Home.emptyFolder("trials-it");
        var classes = Files.createDirectories(FOLDER.resolve("classes"));
        BenchmarkTest.compile(Path.of("src/chaos"), classes);
        Files.move(
                DistributionHome.unpack(Files.createDirectories(FOLDER.resolve("unpacked"))),
                FOLDER.resolve("distribution"));
    }

    @Test
    void nothingAcknowledgedIsLost() throws Exception {
        var said = run("trials=7", "seed=1", "strikes=0.4");
        long good = said.lines()
                .filter(line -> line.matches("\\w+ seed \\d+: [1-9].* missing 0, astray 0, .*"))
                .count();
        assertEquals(said.contains("disk is left out") ? 6 : 7, good, said);
    }

    @Test
    void aGatewayThatLosesEventsIsCaught() throws Exception {
        run("mutants", "seed=1");
    }

    private static String run(String... words) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx512m",
                "-Dlog4j2.configurationFile=src/chaos/log4j2.properties",
                "-cp",
                FOLDER.resolve("classes") + ":" + System.getProperty("java.class.path"),
                "org.smscallbacks.chaos.Chaos",
                FOLDER.toString()));
        command.addAll(List.of(words));
        var log = FOLDER.resolve(words[0] + ".log");
        var trials = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertTrue(trials.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES), () -> "ends in time, see " + log);
        } finally {
            trials.destroy();
            trials.waitFor(1, TimeUnit.MINUTES);
        }
        var said = Files.readString(log);
        assertEquals(0, trials.exitValue(), said);
        return said;
    }
}
