package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.smscallbacks.SomeEvents.events;

import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.config.Settings;
import org.smscallbacks.store.JournalStore;

/** What a consumer rejects for good, as AMQP can: it is kept. */
class RefusedEventsTest {

    private static final String REFUSED = "sms.refused";
    private static final int INDIVIDUAL_ACKNOWLEDGE = 101;
    private static final String ACKNOWLEDGE_TYPE = "JMS_AMQP_ACK_TYPE";
    static final int REJECTED = 2;
    private static final int UNDELIVERABLE = 5;

    @TempDir
    private Path folder;

    @Test
    void keepsWhatIsRejectedOverARestart() throws Exception {
        try (var broker = new OwnBroker(folder).start()) {
            var ids = store(broker, "sms.inbound", 5);
            reject(broker, "sms.inbound", 5, REJECTED);
            // the client does not wait for the broker
            await().untilAsserted(() -> assertEquals(5, broker.count(REFUSED)));
            assertEquals(0, broker.count("sms.inbound"));
            broker.stop();
            broker.start();
            assertEquals(ids, take(broker, REFUSED));
        }
    }

    @Test
    void keepsWhatIsRejectedFromThereAgain() throws Exception {
        try (var broker = new OwnBroker(folder).start()) {
            var ids = store(broker, "sms.inbound", 5);
            reject(broker, "sms.inbound", 5, REJECTED);
            for (int round = 0; round < 3; round++) {
                reject(broker, REFUSED, 5, REJECTED);
                await().untilAsserted(() -> assertEquals(5, broker.count(REFUSED)));
            }
            broker.stop();
            broker.start();
            assertEquals(ids, take(broker, REFUSED));
        }
    }

    @Test
    void leavesWhatAConsumerCannotTakeWhereItIs() throws Exception {
        try (var broker = new OwnBroker(folder).start()) {
            var ids = store(broker, "sms.inbound", 3);
            reject(broker, "sms.inbound", 3, UNDELIVERABLE);
            broker.stop();
            broker.start();
            assertEquals(ids, take(broker, "sms.inbound"));
            assertEquals(0, broker.count(REFUSED));
        }
    }

    @Test
    void keepsWhatIsRejectedFromAQueueOfRetries() throws Exception {
        try (var broker = new OwnBroker(folder).start()) {
            var ids = store(broker, "sms.retry.5s", 3);
            reject(broker, "sms.retry.5s", 3, REJECTED);
            await().untilAsserted(() -> assertEquals(3, broker.count(REFUSED)));
            assertEquals(ids, take(broker, REFUSED));
        }
    }

    private static Set<String> store(OwnBroker broker, String queue, int count) throws Exception {
        var events = events("refused-" + queue, count, queue);
        new JournalStore(broker.broker()).store(events);
        return new TreeSet<>(events.stream().map(event -> event.id()).toList());
    }

    @Test
    void keepsWhatTheUserOfConsumersRejectsWhoMayNotReadItThere() throws Exception {
        try (var broker = new OwnBroker(folder).start()) {
            var ids = store(broker, "sms.inbound", 3);
            reject(broker, "esb", "sms.inbound", 3, REJECTED);
            await().untilAsserted(() -> assertEquals(3, broker.count(REFUSED)));
            assertEquals(ids, take(broker, REFUSED));
        }
    }

    static void reject(OwnBroker broker, String queue, int count, int how) throws JMSException {
        reject(broker, "operator", queue, count, how);
    }

    private static void reject(OwnBroker broker, String user, String queue, int count, int how) throws JMSException {
        var connections = new JmsConnectionFactory(user, Settings.DEMO_SECRET, "amqp://127.0.0.1:" + broker.port());
        try (var connection = connections.createConnection();
                var session = connection.createSession(INDIVIDUAL_ACKNOWLEDGE);
                var consumer = session.createConsumer(session.createQueue(queue))) {
            connection.start();
            for (int i = 0; i < count; i++) {
                var message = consumer.receive(60_000);
                assertNotNull(message, queue);
                message.setIntProperty(ACKNOWLEDGE_TYPE, how);
                message.acknowledge();
            }
        }
    }

    private static Set<String> take(OwnBroker broker, String queue) throws JMSException {
        var taken = broker.take(queue);
        var ids = new TreeSet<String>();
        for (var message : taken) {
            ids.add(message.getStringProperty("eventId"));
        }
        assertEquals(taken.size(), ids.size(), "each once");
        return ids;
    }
}
