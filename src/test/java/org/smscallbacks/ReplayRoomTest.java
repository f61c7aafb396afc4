package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smscallbacks.config.Settings;
import org.smscallbacks.store.JournalStore;

/** A replay of large messages needs no more room than a few of them take: what it has moved makes room for the next. */
class ReplayRoomTest {

    private static final int MESSAGES = 24;
    private static final int CHARACTERS = 4_000_000;
    private static final long RESERVE = 64L << 20;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "sms.refused, sms.inbound, refused replay --all --to sms.inbound",
        "sms.dead.crm, sms.target.crm, dead replay crm --all"
    })
    void doesWithLittle(String from, String to, String command) throws Exception {
        try (var disk = FullDisk.mount(folder.resolve("disk"), "400m");
                var broker = new OwnBroker(folder)) {
            broker.set("sms.broker.data", disk.folder().resolve("data").toString())
                    .set("sms.broker.disk-reserve", "64MiB")
                    .edit("<max-disk-usage>95</", "<max-disk-usage>100</")
                    .start();
            var store = new JournalStore(broker.broker());
            for (int i = 0; i < MESSAGES; i++) {
                store.store(List.of(SomeEvents.event("large-" + i, CHARACTERS, from)));
            }
            var sms = Terminal.with("--broker", broker.url(), "--user", "operator", "--password", Settings.DEMO_SECRET);
            disk.fill(RESERVE + (12 << 20));
            var replayed = sms.run(command.split(" "));
            assertEquals(0, replayed.code(), replayed::toString);
            assertEquals(0, broker.diskFailures());
            var ids = new HashSet<String>();
            for (var message : broker.take(to)) {
                assertTrue(ids.add(message.getStringProperty("eventId")), "each once");
            }
            assertEquals(expected(), ids);
        }
    }

    private static Set<String> expected() {
        return IntStream.range(0, MESSAGES).mapToObj(i -> "large-" + i).collect(Collectors.toSet());
    }
}
