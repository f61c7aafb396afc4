package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smscallbacks.SomeEvents.event;
import static org.smscallbacks.SomeEvents.events;
import static org.smscallbacks.SomeEvents.withCopies;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.smscallbacks.config.Settings;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.store.EventStore;
import org.smscallbacks.store.JmsStore;
import org.smscallbacks.store.JournalStore;

/** Events for several queues, or for none, on both ways to the disk: each queue has each of its events once. */
class SeveralQueuesTest {

    private static final String NO_QUEUE_IS_MADE =
            "<address-setting match=\"never.#\"><auto-create-queues>false</auto-create-queues></address-setting>";

    @TempDir
    private static Path folder;

    private static OwnBroker broker;

    private static ActiveMQConnectionFactory connections;

    @BeforeAll
    static void start() throws Exception {
        broker = new OwnBroker(folder)
                .edit("</address-settings>", NO_QUEUE_IS_MADE + "</address-settings>")
                .start();
        connections = broker.operator();
    }

    @AfterAll
    static void stop() {
        connections.close();
        broker.close();
    }

    /** A gateway that has stored nothing yet: it knows only what the broker knows. */
    enum Way {
        JOURNAL,
        JMS;

        EventStore open() {
            return this == JOURNAL ? new JournalStore(broker.broker()) : new JmsStore(connections);
        }

        int store(CollectedEvent... events) throws Exception {
            try (var store = open()) {
                return store.store(List.of(events)).size();
            }
        }

        /** A name of this run's own. */
        String name(String queue) {
            return queue + "." + name();
        }
    }

    @ParameterizedTest
    @EnumSource
    void storesInEachQueueOnce(Way way) throws Exception {
        var a = way.name("each.a");
        var b = way.name("each.b");
        var target = way.name("each.target");
        var event = withCopies(event(way.name("each"), a, b), target);
        assertEquals(0, way.store(event));
        assertEquals(1, way.store(event));
        assertEquals(2, way.store(event, event));
        assertEquals(List.of(event.id()), take(a));
        assertEquals(List.of(event.id()), take(b));
        assertEquals(List.of(event.id()), take(target));
    }

    @ParameterizedTest
    @EnumSource
    void reachesAQueueThatIsAddedAndNoOtherTwice(Way way) throws Exception {
        var names = IntStream.range(0, 4).mapToObj(i -> way.name("added." + i)).toList();
        var target = way.name("added.target");
        var id = way.name("added");
        assertEquals(0, way.store(withCopies(event(id, names.get(0)), target)));
        assertEquals(0, way.store(withCopies(event(id, names.get(0), names.get(1)), target)));
        assertEquals(
                0,
                way.store(withCopies(event(id, names.get(2), names.get(1), names.get(0)), target)),
                "in another order");
        assertEquals(0, way.store(withCopies(event(id, names.get(1), names.get(3)), target)));
        assertEquals(1, way.store(withCopies(event(id, names.get(3), names.get(0)), target)));
        for (var name : names) {
            assertEquals(List.of(id), take(name), name);
        }
        assertEquals(List.of(id), take(target), "with the first only");
    }

    @ParameterizedTest
    @EnumSource
    void reachesItThroughTheGatewayThatKnowsTheEventItself(Way way) throws Exception {
        var a = way.name("itself.a");
        var b = way.name("itself.b");
        var target = way.name("itself.target");
        var id = way.name("itself");
        try (var store = way.open()) {
            assertEquals(
                    0, store.store(List.of(withCopies(event(id, a), target))).size());
            assertEquals(
                    0, store.store(List.of(withCopies(event(id, a, b), target))).size());
            assertEquals(
                    1, store.store(List.of(withCopies(event(id, b, a), target))).size());
        }
        for (var queue : List.of(a, b, target)) {
            assertEquals(List.of(id), take(queue), queue);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsApartInABatchWhatIsKnownWhere(Way way) throws Exception {
        var a = way.name("batch.a");
        var b = way.name("batch.b");
        var target = way.name("batch.target");
        var ids = IntStream.range(0, 40).mapToObj(i -> way.name("batch") + i).toList();
        for (int i = 0; i < ids.size(); i++) {
            if (i % 4 != 0) {
                way.store(withCopies(
                        i % 4 == 1 ? event(ids.get(i), a) : i % 4 == 2 ? event(ids.get(i), b) : event(ids.get(i), a, b),
                        target));
            }
        }
        var batch = ids.stream().map(id -> withCopies(event(id, a, b), target)).toList();
        try (var store = way.open()) {
            assertEquals(10, store.store(batch).size(), "those that both had");
            assertEquals(40, store.store(batch).size());
        }
        for (var queue : List.of(a, b, target)) {
            assertEquals(
                    ids.stream().sorted().toList(),
                    take(queue).stream().sorted().toList(),
                    queue);
        }
    }

    @ParameterizedTest
    @EnumSource
    void storesInAHundredQueues(Way way) throws Exception {
        var queues =
                IntStream.range(0, 100).mapToObj(i -> way.name("hundred." + i)).toArray(String[]::new);
        var batch = events(way.name("hundred"), 3, queues);
        try (var store = way.open()) {
            assertEquals(0, store.store(batch).size());
            assertEquals(3, store.store(batch).size());
        }
        for (var queue : queues) {
            assertEquals(batch.stream().map(CollectedEvent::id).toList(), take(queue), queue);
        }
    }

    @ParameterizedTest
    @EnumSource
    void storesNothingWhenOneQueueCannotBe(Way way) throws Exception {
        var a = way.name("all-or-none");
        var id = way.name("all");
        assertThrows(Exception.class, () -> way.store(event(id + "-neighbour", a), event(id, a, "never.made")));
        assertEquals(List.of(), take(a));
        assertEquals(0, way.store(event(id + "-neighbour", a), event(id, a)));
        assertEquals(2, take(a).size());
    }

    @ParameterizedTest
    @EnumSource
    void knowsWhatWentToTargetsOnly(Way way) throws Exception {
        var one = way.name("only.one");
        var two = way.name("only.two");
        var event = withCopies(event(way.name("only")), one, two);
        assertEquals(0, way.store(event, withCopies(event(way.name("only-too")), one)));
        assertEquals(2, way.store(event, withCopies(event(way.name("only-too")), two)));
        var other = way == Way.JMS ? Way.JOURNAL : Way.JMS;
        assertEquals(1, other.store(event), "whichever gateway has stored it");
        assertEquals(List.of(way.name("only"), way.name("only-too")), take(one));
        assertEquals(List.of(way.name("only")), take(two));
        assertNull(broker.broker().server().locateQueue("sms.known"), "nothing is kept but the ids");
    }

    @ParameterizedTest
    @EnumSource
    void knowsAllOfItAfterARestart(Way way) throws Exception {
        var a = way.name("restart.a");
        var b = way.name("restart.b");
        var target = way.name("restart.target");
        var forTargets = withCopies(event(way.name("restarted")), target);
        assertEquals(0, way.store(event(way.name("restart"), a, b), forTargets));
        broker.stop();
        broker.start();
        assertEquals(2, way.store(event(way.name("restart"), b, a), forTargets));
        for (var queue : List.of(a, b, target)) {
            assertEquals(1, take(queue).size(), queue);
        }
    }

    /** The recipe of docs/events-and-queues.md: each its own queue. */
    @ParameterizedTest
    @CsvSource({"JOURNAL,tcp", "JOURNAL,amqp", "JMS,tcp", "JMS,amqp"})
    void givesTwoApplicationsEveryEvent(Way way, String scheme) throws Exception {
        var run = way.name("." + scheme).toLowerCase();
        try (var crm = new Application(scheme, "app.crm" + run);
                var billing = new Application(scheme, "app.billing" + run);
                var store = way.open()) {
            var ids = new ArrayList<String>();
            for (int call = 0; call < 20; call++) {
                var batch = events("two" + run + call, 10, crm.queue, billing.queue);
                store.store(batch);
                store.store(batch);
                batch.forEach(event -> ids.add(event.id()));
            }
            var each = new TreeMap<String, Integer>();
            ids.forEach(id -> each.put(id, 1));
            await().until(() -> crm.counts.size() >= ids.size() && billing.counts.size() >= ids.size());
            await().until(() -> broker.count(crm.queue) + broker.count(billing.queue) == 0);
            assertEquals(each, new TreeMap<>(crm.counts));
            assertEquals(each, new TreeMap<>(billing.counts));
        }
    }

    /** Takes what comes into its queue, as the user of consumers, and counts by id. */
    private static final class Application implements AutoCloseable {

        private final Map<String, Integer> counts = new ConcurrentHashMap<>();
        private final String queue;
        private final AutoCloseable connection;

        Application(String scheme, String queue) throws Exception {
            this.queue = queue;
            // a consumer may not make its queue
            broker.broker().server().createQueue(QueueConfiguration.of(queue).setRoutingType(RoutingType.ANYCAST));
            var url = scheme + "://127.0.0.1:" + broker.port();
            ConnectionFactory consumers = scheme.equals("amqp")
                    ? new JmsConnectionFactory("esb", Settings.DEMO_SECRET, url)
                    : new ActiveMQConnectionFactory(url, "esb", Settings.DEMO_SECRET);
            var opened = consumers.createConnection();
            connection = opened;
            var session = opened.createSession(Session.SESSION_TRANSACTED);
            session.createConsumer(session.createQueue(queue)).setMessageListener(message -> {
                try {
                    counts.merge(message.getStringProperty("eventId"), 1, Integer::sum);
                    session.commit();
                } catch (JMSException e) {
                    throw new IllegalStateException(e);
                }
            });
            opened.start();
        }

        @Override
        public void close() throws Exception {
            connection.close();
        }
    }

    private static List<String> take(String queue) throws Exception {
        var ids = new ArrayList<String>();
        for (var message : broker.take(queue)) {
            ids.add(message.getStringProperty("eventId"));
        }
        return ids;
    }
}
