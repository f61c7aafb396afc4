package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.SomeEvents.event;
import static org.smscallbacks.SomeEvents.events;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.QueueState;
import org.smscallbacks.config.Settings;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.store.JmsStore;
import org.smscallbacks.store.JournalStore;

/** Queues of other names than the gateway's: they are seen, and one can be told to forget in time. */
class OtherQueuesTest {

    private static final String NAME = "erp.in";

    @TempDir
    private Path folder;

    @Test
    void areMeasuredWheneverTheyWereMade() throws Exception {
        try (var broker = new OwnBroker(folder).start()) {
            new JournalStore(broker.broker()).store(List.of(event("first", NAME)));
            broker.stop();
            broker.start();
            var meters = new SimpleMeterRegistry();
            broker.broker().measure(List.of("sms.inbound", "sms.dead.crm"), meters);
            assertWaiting(1, meters, NAME);
            assertWaiting(0, meters, "sms.dead.crm");
            new JournalStore(broker.broker()).store(events("later", 3, "erp.later", "sms.dead.crm"));
            assertWaiting(3, meters, "erp.later");
            assertWaiting(3, meters, "sms.dead.crm");
            broker.broker().measure(List.of("sms.inbound"), meters);
            assertWaiting(3, meters, "erp.later");
            broker.connections();
            var names = meters.find("sms.queue.messages").gauges().stream()
                    .map(gauge -> gauge.getId().getTag("queue"))
                    .toList();
            assertEquals(names.stream().distinct().toList(), names);
            assertTrue(names.stream().noneMatch(name -> name.matches("[0-9a-f-]{36}|activemq.*")), names::toString);
        }
    }

    @Test
    void tellHowLongTheOneAtTheirHeadWaits() throws Exception {
        try (var broker = smallPages().start()) {
            var meters = new SimpleMeterRegistry();
            broker.broker().measure(List.of(NAME, "sms.inbound"), meters);
            assertEquals(0, oldest(meters, NAME));
            new JournalStore(broker.broker()).store(events("waits", 1, NAME));
            await().until(() -> oldest(meters, NAME) > 0);
            assertEquals(0, oldest(meters, "sms.inbound"));
            assertEquals(1, broker.take(NAME).size());
            assertEquals(0, oldest(meters, NAME));
        }
    }

    /** As those of a target in maintenance, over a restart. */
    @Test
    void tellItOfAPausedOneThatIsAllInPages() throws Exception {
        try (var broker = smallPages().start()) {
            new JournalStore(broker.broker()).store(events("paged", 2_000, NAME));
            try (var operator = broker.operator();
                    var context = operator.createContext()) {
                // the first of them are in no page
                var consumer = context.createConsumer(context.createQueue(NAME));
                for (int taken = 0; taken < 1_000; taken++) {
                    consumer.receive();
                }
                new QueueControl(operator).pause(NAME);
            }
            broker.stop();
            broker.start();
            assertNull(broker.broker().server().locateQueue(NAME).peekFirstMessage());
            var meters = new SimpleMeterRegistry();
            broker.broker().measure(List.of(NAME), meters);
            assertTrue(oldest(meters, NAME) > 0);
        }
    }

    /** So that most of what waits is in pages. */
    private OwnBroker smallPages() throws Exception {
        return new OwnBroker(folder)
                .edit("<max-size-bytes>10M", "<max-size-bytes>100K")
                .edit("<page-size-bytes>2M", "<page-size-bytes>100K");
    }

    private static double oldest(MeterRegistry meters, String queue) {
        return meters.get("sms.queue.oldest").tag("queue", queue).gauge().value();
    }

    /** The broker counts behind what it acknowledges. */
    private static void assertWaiting(int expected, MeterRegistry meters, String queue) {
        var gauge = meters.get("sms.queue.messages").tag("queue", queue).gauge();
        await().untilAsserted(() -> assertEquals(expected, gauge.value()));
    }

    @Test
    void areNamedAlsoToWhoMayNotLookIntoThem() throws Exception {
        var gateway = "<permission type=\"%s\" roles=\"gateway\"/>";
        try (var broker = new OwnBroker(folder)
                .edit(
                        "</security-settings>",
                        "<security-setting match=\"erp.#\">" + gateway.formatted("send") + gateway.formatted("browse")
                                + "</security-setting></security-settings>")
                .start()) {
            new JournalStore(broker.broker()).store(events("theirs", 2, NAME));
            new JournalStore(broker.broker()).store(events("ours", 2, "sms.inbound"));
            try (var operator = broker.operator()) {
                var queues = new QueueControl(operator).queues();
                var theirs = queues.stream()
                        .filter(queue -> queue.name().equals(NAME))
                        .findFirst();
                assertEquals(2, theirs.orElseThrow().messages());
                assertNull(theirs.get().oldest());
                assertTrue(queues.stream()
                        .filter(queue -> queue.name().equals("sms.inbound"))
                        .map(QueueState::oldest)
                        .allMatch(oldest -> oldest != null));
            }
        }
    }

    /** The setting of docs/configuration.md, with a shorter time. */
    @ParameterizedTest
    @ValueSource(strings = {"journal", "jms"})
    void forgetInTimeWhatNobodyTakes(String way) throws Exception {
        var documented =
                "<address-setting match=\"sms.click\">\n  <expiry-delay>604800000</expiry-delay>\n</address-setting>";
        assertTrue(Files.readString(Path.of("docs/configuration.md")).contains(documented));
        try (var broker = smallPages()
                .edit("<message-expiry-scan-period>10000<", "<message-expiry-scan-period>100<")
                .edit("</address-settings>", documented.replace("604800000", "1") + "</address-settings>")
                .start()) {
            var connections = broker.operator();
            try (var store = way.equals("jms") ? new JmsStore(connections) : new JournalStore(broker.broker())) {
                assertEquals(0, store.store(batch()).size());
                await().until(() -> messages(broker, "sms.click") == 0);
                assertEquals(1_000, messages(broker, "sms.inbound"));
                assertEquals(1_000, messages(broker, "sms.target.crm"));
                assertEquals(0, messages(broker, "sms.refused"));
                assertEquals(1_000, store.store(batch()).size(), "known all the same");
            } finally {
                connections.close();
            }
            assertEquals(1_000, broker.take("sms.inbound").size());
            try (var operator = new ActiveMQConnectionFactory(broker.url(), "operator", Settings.DEMO_SECRET)) {
                for (var queue : new QueueControl(operator).counts().entrySet()) {
                    assertTrue(queue.getValue() == 0 || queue.getKey().equals("sms.target.crm"), queue::toString);
                }
            }
        }
    }

    private static List<CollectedEvent> batch() {
        return events("expires", 1_000, "sms.click", "sms.inbound").stream()
                .map(event -> SomeEvents.withCopies(event, "sms.target.crm"))
                .toList();
    }

    private static long messages(OwnBroker broker, String queue) {
        return broker.broker().server().locateQueue(queue).getMessageCount();
    }
}
