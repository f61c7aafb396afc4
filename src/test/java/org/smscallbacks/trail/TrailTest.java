package org.smscallbacks.trail;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.TrailSettings;

/** The trail where its disk, its files or its readers make trouble. */
class TrailTest {

    private static final LongSupplier MUCH = () -> Long.MAX_VALUE;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void name() {
        folder = temporary.resolve("data/trail");
    }

    @Test
    void isReadWhileItIsWritten() throws Exception {
        try (var trail = trail(MUCH)) {
            for (int i = 0; i < 50; i++) {
                trail.note(delivered("event-" + i));
                int last = i;
                await().until(() -> find("event-" + last).lines().size() == 1);
            }
        }
        assertEquals(0, lost());
        var line = find("event-7").lines().get(0);
        assertEquals(Step.DELIVERED, line.step());
        assertEquals("crm", line.target());
        assertEquals(1, line.attempt());
    }

    @Test
    void passesOverWhatIsNoLine() throws Exception {
        try (var trail = trail(MUCH)) {
            trail.note(delivered("before"));
        }
        var file = today();
        var whole = Files.readString(file);
        Files.writeString(file, whole.replace("before", "cut").strip().substring(0, 40), StandardOpenOption.APPEND);
        try (var trail = trail(MUCH)) {
            trail.note(delivered("after"));
        }
        var garbage = new byte[3 << 20];
        new Random(17).nextBytes(garbage);
        Files.write(file, garbage, StandardOpenOption.APPEND);
        Files.writeString(
                file,
                "\nx".repeat(1_000) + "\n[1]\n\"text\"\n{}\n{\"event\":\"odd\",\"step\":\"later\"}\n",
                StandardOpenOption.APPEND);
        Files.write(file, "y".repeat(5 << 20).getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
        Files.writeString(file, "\n" + whole.strip().replace("before", "last"), StandardOpenOption.APPEND);

        for (var id : List.of("before", "after", "last")) {
            assertEquals(1, find(id).lines().size(), id);
        }
        assertEquals(0, find("cut").lines().size());
        assertNull(find("odd").lines().get(0).step(), "of a later version");
        assertEquals(0, find("nothing").lines().size());
    }

    @Test
    void anotherGatewayIsRefusedTheFolder() {
        var settings = new TrailSettings(folder, 14);
        try (var trail = trail(MUCH)) {
            var refused = assertThrows(ConfigurationException.class, () -> TrailFile.open(settings, MUCH));
            assertTrue(refused.getMessage().contains("sms.trail.folder"), refused::getMessage);
        }
        TrailFile.open(settings, MUCH).close();
    }

    @Test
    void whatCannotBeWrittenIsCountedAndHoldsNobody() throws Exception {
        Files.createDirectories(folder.getParent());
        Files.writeString(folder, "a file where the folder should be");
        try (var trail = trail(MUCH)) {
            for (int i = 0; i < 10; i++) {
                trail.note(delivered("lost"));
            }
            await().until(() -> lost() == 10);
            Files.delete(folder);
            await().until(() -> {
                trail.note(delivered("written"));
                return Files.isDirectory(folder) && !find("written").lines().isEmpty();
            });
        }
        assertEquals(0, find("lost").lines().size());
    }

    @Test
    void stopsBeforeTheReserveOfTheStore() throws Exception {
        try (var trail = trail(() -> 10L << 20)) {
            trail.note(delivered("no-room"));
            await().until(() -> lost() == 1);
        }
        assertFalse(Files.exists(today()));
    }

    @Test
    void whatWaitsIsBounded() throws Exception {
        var diskAnswers = new CountDownLatch(1);
        try (var trail = trail(() -> {
            try {
                diskAnswers.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Long.MAX_VALUE;
        })) {
            for (int i = 0; i < 40_000; i++) {
                trail.note(delivered("pressed"));
            }
            assertTrue(lost() > 20_000, () -> "lost " + lost());
            diskAnswers.countDown();
        }
        var found = find("pressed");
        assertEquals(40_000, lost() + found.lines().size() + found.more(), 0.1);
        assertEquals(100, found.lines().size(), "no more than were wanted");
    }

    @Test
    void forgetsDaysThatArePast() throws Exception {
        Files.createDirectories(folder);
        var today = LocalDate.now(ZoneOffset.UTC);
        for (int days = 1; days < 20; days++) {
            Files.writeString(folder.resolve(today.minusDays(days) + ".jsonl"), "\n");
            Files.writeString(folder.resolve(today.minusDays(days) + "-operator.jsonl"), "\n");
        }
        Files.writeString(folder.resolve("notes.jsonl"), "of somebody else");
        try (var trail = trail(MUCH)) {
            trail.note(delivered("today"));
        }
        try (var files = Files.list(folder)) {
            var names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertTrue(names.contains(today.minusDays(13) + ".jsonl"), names::toString);
            assertTrue(names.contains(today.minusDays(13) + "-operator.jsonl"), names::toString);
            assertFalse(names.contains(today.minusDays(14) + ".jsonl"), names::toString);
            assertFalse(names.contains(today.minusDays(14) + "-operator.jsonl"), names::toString);
            assertTrue(names.contains("notes.jsonl"), names::toString);
        }
    }

    @Test
    void sumsUpWhoWasRefused() throws Exception {
        try (var trail = trail(MUCH)) {
            for (int i = 0; i < 100_000; i++) {
                trail.refused("infobip", "main", 401);
            }
            trail.refused("unknown", "unknown", 503);
        }
        assertTrue(Files.size(today()) < 10_000);
        var refused = find("x").refused();
        assertEquals(100_000, refused.get(0).times());
        assertEquals("main", refused.get(0).account());
        assertEquals(2, refused.size());
    }

    @Test
    void makesAKeyWhereItsMakingWasCutShort() throws Exception {
        Files.createDirectories(folder);
        Files.createFile(folder.resolve("key"));
        try (var trail = trail(MUCH)) {
            trail.note(delivered("noted"));
        }
        assertEquals(0, lost());
        assertEquals(1, find("noted").lines().size());
        assertEquals(64, Files.size(folder.resolve("key")));
    }

    @Test
    void findsAmongLinesThatSayOddThings() throws Exception {
        try (var trail = trail(MUCH)) {
            trail.note(TrailLine.ofAttempt(Step.DELIVERED, "long", "m".repeat(2_000_000), "crm", "200", 1, null, null));
        }
        Files.writeString(today(), """

                {"at":"2026-11-27T00:00:00Z","step":"received","event":"odd","queues":[null,"sms.inbound"]}
                {"at":"never","step":7,"event":"odd","queues":"none"}
                {"at":"2026-11-27T00:00:00Z","step":"refused","provider":"x","account":"y","answer":"401","times":9223372036854775807}
                {"at":"2026-11-27T00:00:01Z","step":"refused","provider":"x","account":"y","answer":"401","times":9223372036854775807}
                """, StandardOpenOption.APPEND);
        assertEquals(1, find("long").lines().size());
        assertEquals(List.of("sms.inbound"), find("odd").lines().get(0).queues());
        assertTrue(find("odd").refused().get(0).times() > 0);
    }

    private Trail trail(LongSupplier roomLeft) {
        return Trail.in(TrailFile.open(new TrailSettings(folder, 14), roomLeft), meters);
    }

    private TrailReader.Found find(String id) throws IOException {
        return new TrailReader(List.of(folder), null, null).find(List.of(id), 100);
    }

    private Path today() {
        return new TrailFolder(folder).file(LocalDate.now(ZoneOffset.UTC), "");
    }

    private double lost() {
        return meters.counter("sms.trail.lost").count();
    }

    private static TrailLine delivered(String event) {
        return TrailLine.ofAttempt(Step.DELIVERED, event, "message", "crm", "200", 1, null, null);
    }
}
