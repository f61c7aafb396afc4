package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.SomeEvents.event;
import static org.smscallbacks.SomeEvents.events;

import jakarta.jms.ConnectionFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.config.Settings;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.store.EventStore;
import org.smscallbacks.store.JmsStore;
import org.smscallbacks.store.JournalStore;

/** Events on their way to the embedded broker's disk, and what can be in their way. */
class JournalStoreTest {

    private static final String OF_THE_TEST = """
            <address-setting match="full.block"><address-full-policy>BLOCK</address-full-policy><max-size-bytes>200K</max-size-bytes></address-setting>
            <address-setting match="full.fail"><address-full-policy>FAIL</address-full-policy><max-size-bytes>200K</max-size-bytes></address-setting>
            <address-setting match="paged.#"><max-size-bytes>200K</max-size-bytes><page-size-bytes>100K</page-size-bytes></address-setting>
            <address-setting match="none.#"><auto-create-queues>false</auto-create-queues></address-setting>
            """;
    private static final String ADDRESSES = """
              <address name="many.subscribers"><multicast><queue name="many.one"/><queue name="many.two"/></multicast></address>
              <address name="nobody.yet"><multicast/></address>
              <address name="picky"><anycast><queue name="picky"><filter string="status = 'buffered'"/></queue></anycast></address>
            </addresses>
            <diverts>
              <divert name="copy"><address>diverted.copy</address><forwarding-address>diverted.copied</forwarding-address></divert>
              <divert name="away"><address>diverted.away</address><forwarding-address>diverted.gone</forwarding-address><exclusive>true</exclusive></divert>
            </diverts>
            """;

    @TempDir
    private static Path folder;

    private static OwnBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = new OwnBroker(folder)
                .edit("</address-settings>", OF_THE_TEST + "</address-settings>")
                .edit("</addresses>", ADDRESSES)
                .start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void makesTheSameMessageAsAJmsClient() throws Exception {
        var connections = broker.operator();
        try (var overJms = new JmsStore(connections)) {
            overJms.store(List.of(event("same", "same.jms")));
            journal().store(List.of(event("same", "same.journal")));
        } finally {
            connections.close();
        }
        assertEquals(properties("same.jms"), properties("same.journal"));
    }

    private static Map<String, Object> properties(String queue) throws Exception {
        var message = broker.take(queue).get(0);
        var properties = new TreeMap<String, Object>();
        for (var name : Collections.list(message.getPropertyNames())) {
            properties.put(name.toString(), message.getObjectProperty(name.toString()));
        }
        // of the connection
        properties.remove("__AMQ_CID");
        properties.put("text", message.getText());
        properties.put("type", message.getJMSType());
        properties.put("correlation id", message.getJMSCorrelationID());
        properties.put("priority", message.getJMSPriority());
        properties.put("mode", message.getJMSDeliveryMode());
        properties.put("has an id and a time", message.getJMSMessageID() != null && message.getJMSTimestamp() > 0);
        return properties;
    }

    @Test
    void knowsWhatItHasStoredAndWhatComesTwice() throws Exception {
        var store = journal();
        assertEquals(
                1,
                store.store(List.of(event("known", "known"), event("known", "known")))
                        .size());
        assertEquals(
                1,
                store.store(List.of(event("known", "known"), event("unknown", "known")))
                        .size());
        assertEquals(List.of("known", "unknown"), take("known"));
    }

    @Test
    void storesAllWhenAnotherGatewayStoresTheSame() throws Exception {
        // each knows only of its own transactions, so an event may be there twice
        var connections = broker.operator();
        try (var overJms = new JmsStore(connections)) {
            var stores = List.of(journal(), overJms, journal());
            for (int round = 0; round < 50; round++) {
                var batch = events("gateways-" + round, 20, "two.gateways");
                for (var known : atOnce(stores.stream()
                        .<Callable<Integer>>map(
                                store -> () -> store.store(batch).size())
                        .toList())) {
                    assertTrue(known.get() <= 20);
                }
            }
        } finally {
            connections.close();
        }
        assertEquals(50 * 20, new HashSet<>(take("two.gateways")).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "amqp"})
    void storesWhatIsLargeSoThatEveryConsumerReadsIt(String protocol) throws Exception {
        var stored = new ArrayList<CollectedEvent>();
        for (var queue : List.of("large." + protocol, "paged.large." + protocol)) {
            for (int size : new int[] {60_000, 90_000, 100_000, 101_000, 102_400, 110_000, 300_000, 1 << 20, 2 << 20}) {
                var event = event("large-" + size + queue, size, queue);
                stored.add(event);
                journal().store(List.of(event));
            }
        }
        var read = new HashMap<String, String>();
        try (var context = connections(protocol).createContext()) {
            for (var queue : List.of("large." + protocol, "paged.large." + protocol)) {
                var consumer = context.createConsumer(context.createQueue(queue));
                for (int i = 0; i < stored.size() / 2; i++) {
                    var message = consumer.receive(60_000);
                    read.put(message.getStringProperty("eventId"), message.getBody(String.class));
                }
            }
        }
        for (var event : stored) {
            assertEquals(event.json(), read.get(event.id()));
        }
    }

    private static ConnectionFactory connections(String protocol) {
        return protocol.equals("core")
                ? new ActiveMQConnectionFactory(broker.url(), "operator", Settings.DEMO_SECRET)
                : new JmsConnectionFactory("operator", Settings.DEMO_SECRET, "amqp://127.0.0.1:" + broker.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"full.block", "full.fail"})
    void refusesWhatABrokerThatIsFullDoesNotTake(String queue) throws Exception {
        var stored = new ArrayList<String>();
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            var event = event(queue + "-" + i, 10_000, queue, "beside." + queue);
            try {
                journal().store(List.of(event));
                stored.add(event.id());
            } catch (Exception e) {
                refused++;
            }
        }
        assertTrue(refused > 0 && !stored.isEmpty(), stored.size() + " stored, refused " + refused);
        assertEquals(stored, take(queue));
        assertEquals(stored, take("beside." + queue), "all copies or none");
        assertEquals(
                0,
                journal().store(List.of(event(queue + "-99", 10_000, queue))).size(),
                "it was not stored, nor its id");
        take(queue);
    }

    @Test
    void leavesNoFileOfWhatIsRefused() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            var large = event("refused-" + i, 120_000, "large.refused", "none.there-is");
            assertThrows(Exception.class, () -> journal().store(List.of(large)));
        }
        var files = folder.resolve("data/large-messages").toFile();
        await().until(() -> files.list().length == 0);
        assertEquals(0, broker.count("large.refused"));
    }

    @Test
    void goesByDivertsAndSubscriptions() throws Exception {
        journal().store(events("diverted", 3, "diverted.copy", "diverted.away", "many.subscribers"));
        for (var queue : List.of("diverted.copy", "diverted.copied", "diverted.gone")) {
            assertEquals(3, take(queue).size(), queue);
        }
        journal().store(List.of(event("nobody", "nobody.yet")));
        assertEquals(List.of("nobody"), take("nobody.yet"));
        for (var queue : List.of("many.subscribers::many.one", "many.subscribers::many.two")) {
            assertEquals(3, take(queue).size(), queue);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"picky", "none.at-all"})
    void refusesWhatNoQueueTakes(String address) throws Exception {
        var failure = assertThrows(Exception.class, () -> journal().store(List.of(event(address, address))));
        assertTrue(failure.getMessage().contains(address), failure::getMessage);
        assertEquals(
                0, journal().store(List.of(event(address, "taken." + address))).size());
        assertEquals(List.of(address), take("taken." + address));
    }

    @Test
    void freesTheIdsWhenTheBrokerStopsBeforeItAnswers(@TempDir Path other) throws Exception {
        try (var own = new OwnBroker(other).start()) {
            var store = new JournalStore(own.broker());
            store.store(List.of(event("before", "stopped")));
            var journal = new BlockedJournal(own.broker().server());
            var waiting = inBackground(() -> store.store(List.of(event("in-between", "stopped"))));
            var stopping = inBackground(() -> {
                own.stop();
                return null;
            });
            assertThrows(Exception.class, waiting::get);
            assertThrows(Exception.class, () -> store.store(List.of(event("in-between", "stopped"))));
            journal.letGo();
            stopping.get();
            own.start();
            new JournalStore(own.broker()).store(List.of(event("in-between", "stopped")));
            assertEquals(List.of("before", "in-between"), ids(own, "stopped"));
        }
    }

    private static <T> Future<T> inBackground(Callable<T> work) {
        var thread = Executors.newSingleThreadExecutor();
        try {
            return thread.submit(work);
        } finally {
            thread.shutdown();
        }
    }

    private static <T> List<Future<T>> atOnce(List<Callable<T>> work) throws InterruptedException {
        var threads = Executors.newFixedThreadPool(work.size());
        try {
            return threads.invokeAll(work);
        } finally {
            threads.shutdown();
        }
    }

    private static EventStore journal() {
        return new JournalStore(broker.broker());
    }

    private static List<String> take(String queue) throws Exception {
        return ids(broker, queue);
    }

    private static List<String> ids(OwnBroker broker, String queue) throws Exception {
        var ids = new ArrayList<String>();
        for (var message : broker.take(queue)) {
            ids.add(message.getStringProperty("eventId"));
        }
        return ids;
    }
}
