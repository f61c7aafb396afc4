package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.SomeEvents.event;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.config.Settings;
import org.smscallbacks.store.JournalStore;

/** What the user of consumers may read: what is made for them, and nothing else. */
class ConsumerPermissionsTest {

    private static final List<String> NOT_FOR_CONSUMERS = List.of(
            "sms.refused",
            "sms.replay",
            "sms.dead.crm",
            "sms.retry.5s",
            "sms.target.crm",
            "sms.target.crm.urgent",
            "sms.target.crm.retry",
            "sms.probe",
            "of.somebody-else");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void readsWhatIsMadeForConsumersAndNothingElse(String scheme) throws Exception {
        try (var broker = new OwnBroker(folder).start()) {
            store(broker, Queues.ALL);
            store(broker, NOT_FOR_CONSUMERS);
            for (var queue : Queues.ALL) {
                assertReads(broker, scheme, queue);
            }
            for (var queue : NOT_FOR_CONSUMERS) {
                assertRefused(broker, scheme, queue);
                assertEquals(1, broker.count(queue), queue);
            }
            assertRefused(broker, scheme, "sms.inbound::sms.refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void readsThemUnderOtherNames(String scheme) throws Exception {
        var others = List.of("erp.final", "sms.interim", "erp.inbound", "click", "erp.odd");
        try (var broker = new OwnBroker(folder)
                .set("sms.queue.delivery.final", others.get(0))
                .set("sms.queue.delivery.interim", others.get(1))
                .set("sms.queue.inbound", others.get(2))
                .set("sms.queue.click", others.get(3))
                .set("sms.queue.unrecognised", others.get(4))
                .set("sms.queue.replay", "erp.again")
                .start()) {
            for (var queue : others) {
                // it is there before the first event
                assertTrue(read(broker, scheme, queue).isEmpty());
            }
            store(broker, others);
            for (var queue : others) {
                assertReads(broker, scheme, queue);
            }
            store(broker, NOT_FOR_CONSUMERS);
            store(broker, List.of("erp.again", "erp.final.too"));
            for (var queue : NOT_FOR_CONSUMERS) {
                assertRefused(broker, scheme, queue);
            }
            assertRefused(broker, scheme, "erp.again");
            assertRefused(broker, scheme, "erp.final.too");
        }
    }

    @Test
    void letsOthersThanConsumersGoOnUnderOtherNames() throws Exception {
        try (var broker =
                new OwnBroker(folder).set("sms.queue.inbound", "erp.inbound").start()) {
            store(broker, List.of("erp.inbound", "sms.inbound"));
            assertEquals(1, broker.take("erp.inbound").size(), "as the operator");
            assertEquals(1, broker.take("sms.inbound").size(), "as the operator");
        }
    }

    @Test
    void leavesWhatTheFileSaysOfAName() throws Exception {
        try (var broker = new OwnBroker(folder)
                .edit(
                        "</security-settings>",
                        "<security-setting match=\"erp.#\"><permission type=\"consume\" roles=\"operator\"/></security-setting>"
                                + "</security-settings>")
                .set("sms.queue.inbound", "erp.inbound")
                .start()) {
            store(broker, List.of("erp.inbound"));
            assertRefused(broker, "tcp", "erp.inbound");
        }
    }

    @Test
    void goesOnWithAFileOfBeforeAndSaysWhatToWrite() throws Exception {
        var broker = new OwnBroker(folder).of("broker-before-refused.xml");
        try (broker) {
            broker.start();
            store(broker, Queues.ALL);
            store(broker, NOT_FOR_CONSUMERS);
            for (var queue : Queues.ALL) {
                assertReads(broker, "amqp", queue);
            }
            assertReads(broker, "tcp", "sms.dead.crm");
        }
        var said = TestGateway.logged(folder.resolve("broker.xml") + " lets the role consumer read every queue");
        assertEquals(1, said.size());
        assertTrue(
                said.get(0).contains("sms.delivery.final, sms.delivery.interim, sms.inbound, sms.click"),
                said::toString);
        var line = said.get(0).substring(said.get(0).lastIndexOf("<security-setting"));
        broker.edit("roles=\"gateway,operator,consumer\"", "roles=\"gateway,operator\"");
        for (var queue : Queues.ALL) {
            broker.edit("</security-settings>", line.replace("…", queue) + "</security-settings>");
        }
        try (broker) {
            broker.start();
            store(broker, List.of("sms.dead.billing"));
            new JournalStore(broker.broker()).store(List.of(event("again", "sms.inbound")));
            assertEquals(List.of("again"), read(broker, "amqp", "sms.inbound"));
            assertRefused(broker, "amqp", "sms.dead.billing");
        }
        assertEquals(
                1,
                TestGateway.logged(folder.resolve("broker.xml") + " lets the role consumer")
                        .size(),
                "not a second time");
    }

    private static void store(OwnBroker broker, List<String> queues) throws Exception {
        for (var queue : queues) {
            new JournalStore(broker.broker()).store(List.of(event("permission-" + queue, queue)));
        }
    }

    /** One event, looked at and taken. */
    private static void assertReads(OwnBroker broker, String scheme, String queue) throws Exception {
        try (var context = consumer(broker, scheme).createContext();
                var browser = context.createBrowser(context.createQueue(queue))) {
            assertTrue(browser.getEnumeration().hasMoreElements(), queue);
        }
        assertEquals(List.of("permission-" + queue), read(broker, scheme, queue));
    }

    private static List<String> read(OwnBroker broker, String scheme, String queue) throws JMSException {
        try (var connection = consumer(broker, scheme).createConnection();
                var session = connection.createSession();
                var consumer = session.createConsumer(session.createQueue(queue))) {
            connection.start();
            var ids = new ArrayList<String>();
            for (var message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
                ids.add(message.getStringProperty("eventId"));
            }
            return ids;
        }
    }

    private static void assertRefused(OwnBroker broker, String scheme, String queue) throws JMSException {
        try (var connection = consumer(broker, scheme).createConnection();
                var session = connection.createSession()) {
            connection.start();
            var destination = session.createQueue(queue);
            assertThrows(JMSException.class, () -> session.createConsumer(destination), queue);
            assertThrows(
                    JMSException.class,
                    () -> Collections.list(session.createBrowser(destination).getEnumeration()),
                    queue);
        }
    }

    private static ConnectionFactory consumer(OwnBroker broker, String scheme) {
        var url = scheme + "://127.0.0.1:" + broker.port();
        return scheme.equals("amqp")
                ? new JmsConnectionFactory("esb", Settings.DEMO_SECRET, url)
                : new ActiveMQConnectionFactory(url, "esb", Settings.DEMO_SECRET);
    }
}
