package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.config.Settings;
import org.smscallbacks.store.JournalStore;

/** The share of its disk that the broker may use is a limit like the reserve: whatever says how full the disk is counts it. */
class DiskLimitTest {

    private static final String LIMIT = "<max-disk-usage>95</";
    private static final String ALWAYS_REACHED = "<max-disk-usage>0</";
    private static final String NAMED = "less room than max-disk-usage (0 %) in broker.xml keeps free";

    @TempDir
    private Path folder;

    @Test
    void isSaidAtTheStartInTheHealthAndInTheMetric() throws Exception {
        try (var gateway = TestGateway.embedded()) {
            var file = gateway.folder().resolve("broker.xml");
            Files.writeString(file, Files.readString(file).replace(LIMIT, ALWAYS_REACHED));
            gateway.start();
            assertFalse(TestGateway.logged("but the broker's disk has ").stream()
                    .filter(line -> line.contains(NAMED + ": make room"))
                    .toList()
                    .isEmpty());
            assertEquals(
                    503,
                    gateway.post("webcom-mobi", "[{\"id_sms\":\"full\",\"state\":\"deliver\"}]")
                            .statusCode());

            var health = gateway.get(gateway.managementUri("/observe/health/ready"));
            assertEquals(503, health.statusCode());
            assertTrue(health.body().contains(NAMED), health::body);

            var metrics = gateway.get(gateway.managementUri("/observe/metrics")).body();
            assertTrue(
                    metrics.lines().anyMatch(line -> line.startsWith("sms_broker_disk_left_bytes -")), () -> metrics);
        }
    }

    @Test
    void theReserveIsNamedWhereItIsReachedFirst() throws Exception {
        try (var broker = new OwnBroker(folder)) {
            broker.set("sms.broker.disk-reserve", "100000GiB").start();
            var state = broker.broker().reserve().state();
            assertTrue(state.contains("less room than sms.broker.disk-reserve keeps free"), state);
        }
    }

    @Test
    void whatPutsMessagesBackSaysThatTheBrokerTakesNothing() throws Exception {
        refusesReplays(
                broker -> {},
                NAMED,
                "dead replay crm --all",
                "refused replay --all --to sms.inbound",
                "unrecognised replay --all --wait 0s");
    }

    /** A broker without that check of ours keeps whoever sends waiting. */
    @Test
    void aBrokerOfOnesOwnThatIsFullIsNotWaitedFor() throws Exception {
        refusesReplays(
                broker -> {
                    var server = broker.broker().server();
                    server.unRegisterBrokerPlugin(broker.broker().reserve());
                    await().until(() -> server.getPagingManager().isDiskFull());
                },
                "max-disk-usage in its broker.xml is 0: make room",
                "dead replay crm --all");
    }

    private void refusesReplays(Consumer<OwnBroker> once, String reason, String... commands) throws Exception {
        try (var broker = new OwnBroker(folder)) {
            broker.start();
            var store = new JournalStore(broker.broker());
            var queues = List.of("sms.dead.crm", "sms.refused", "sms.unrecognised", "sms.replaying.dead.crm");
            for (var queue : queues) {
                store.store(SomeEvents.events(queue, 2, queue));
            }
            broker.stop();
            broker.edit(LIMIT, ALWAYS_REACHED).start();
            once.accept(broker);
            var sms = Terminal.with("--broker", broker.url(), "--user", "operator", "--password", Settings.DEMO_SECRET);
            for (var command : commands) {
                var said = sms.run(command.split(" "));
                assertEquals(3, said.code(), command + ": " + said);
                assertTrue(said.err().contains(reason), said::toString);
            }
            for (var queue : queues) {
                assertEquals(2, broker.count(queue), queue);
            }
        }
    }
}
