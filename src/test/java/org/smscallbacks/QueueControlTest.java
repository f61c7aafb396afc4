package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.QueueState;
import org.smscallbacks.config.Settings;

/** What an operator can ask the broker about its queues, and have it do. */
class QueueControlTest {

    private static final String QUEUE = "sms.target.control-test";

    private ActiveMQConnectionFactory connections;
    private QueueControl control;

    @BeforeEach
    void connect() throws Exception {
        connections = TestGateway.shared().operator();
        control = new QueueControl(connections);
    }

    @AfterEach
    void disconnect() {
        connections.close();
    }

    @Test
    void tellsWhatWaitsSinceWhenAndWhoConsumes() throws Exception {
        try (var context = connections.createContext()) {
            var queue = context.createQueue(QUEUE);
            var before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            context.createProducer().send(queue, "first");
            var after = Instant.now();
            context.createProducer().send(queue, "second");

            assertEquals(2, control.messages(QUEUE));
            var full = state(QUEUE);
            assertEquals(2, full.messages());
            assertEquals(0, full.consumers());
            assertFalse(full.paused());
            assertFalse(full.oldest().isBefore(before) || full.oldest().isAfter(after), full::toString);

            try (var consumer = context.createConsumer(queue)) {
                assertEquals("first", consumer.receive(5_000).getBody(String.class));
                assertEquals("second", consumer.receive(5_000).getBody(String.class));
                await().until(() -> state(QUEUE).messages() == 0);
                var empty = state(QUEUE);
                assertEquals(1, empty.consumers());
                assertNull(empty.oldest());
            }
        }
    }

    @Test
    void namesEveryQueueThatCanHaveEventsInOrder() throws Exception {
        List<String> names;
        try (var context = connections.createContext();
                var subscriber = context.createConsumer(context.createTopic("control.topic"))) {
            context.createTemporaryQueue();
            context.createProducer().send(context.createQueue("control.of-a-router"), "event");
            names = control.queues().stream().map(QueueState::name).toList();
            assertTrue(names.containsAll(Queues.ALL), names::toString);
            assertEquals(1, control.messages("control.of-a-router"));
            assertEquals(1, state("control.of-a-router").messages());
            assertEquals(1, control.counts().get("control.of-a-router"));
            context.createConsumer(context.createQueue("control.of-a-router")).receive(60_000);
        }
        assertTrue(names.stream().noneMatch(name -> name.matches("[0-9a-f-]{36}|activemq.*|\\$.*")), names::toString);
        assertEquals(names.stream().sorted().toList(), names);
        assertTrue(control.exists("sms.inbound"));
        assertFalse(control.exists("sms.inbounds"));
        assertFalse(control.exists("sms"));
    }

    @Test
    void pausesUntilItResumes() throws Exception {
        try (var context = connections.createContext()) {
            var queue = context.createQueue(QUEUE);
            context.createProducer().send(queue, "waits");
            control.pause(QUEUE);
            control.pause(QUEUE);
            assertTrue(control.isPaused(QUEUE));
            assertTrue(state(QUEUE).paused());
            try (var consumer = context.createConsumer(queue)) {
                assertNull(consumer.receiveNoWait());
                control.resume(QUEUE);
                control.resume(QUEUE);
                assertFalse(control.isPaused(QUEUE));
                assertEquals("waits", consumer.receive(5_000).getBody(String.class));
            }
        }
    }

    @Test
    void aPausedQueueIsPausedAfterARestartOfTheBroker(@TempDir Path folder) throws Exception {
        int port = TestGateway.freePort();
        TestGateway.copyConfig(folder, port);
        var file = folder.resolve("broker.xml");
        Files.writeString(file, Files.readString(file).replace("<acceptor name=\"in-vm\">vm://0</acceptor>", ""));
        var system = new Properties();
        system.setProperty("sms.broker.data", folder.resolve("data").toString());
        var settings = Settings.load(folder, Map.of(), system);
        try (var operator =
                new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port, "operator", Settings.DEMO_SECRET)) {
            var queues = new QueueControl(operator);
            try (var broker = EmbeddedBroker.start(settings, () -> {})) {
                queues.pause("sms.inbound");
                queues.pause("sms.click");
                queues.resume("sms.click");
            }
            try (var broker = EmbeddedBroker.start(settings, () -> {})) {
                assertTrue(queues.isPaused("sms.inbound"));
                assertFalse(queues.isPaused("sms.click"));
                queues.resume("sms.inbound");
            }
            try (var broker = EmbeddedBroker.start(settings, () -> {})) {
                assertFalse(queues.isPaused("sms.inbound"));
            }
        }
    }

    @Test
    void refusesAQueueThatDoesNotExist() {
        for (var failure : List.of(
                assertThrows(JMSException.class, () -> control.isPaused("sms.target.nobody")),
                assertThrows(JMSException.class, () -> control.messages("sms.target.nobody")),
                assertThrows(JMSException.class, () -> control.pause("sms.target.nobody")),
                assertThrows(JMSException.class, () -> control.resume("sms.target.nobody")))) {
            assertTrue(failure.getMessage().contains("sms.target.nobody"), failure::getMessage);
        }
    }

    @Test
    void saysWhatAUserLacks() throws Exception {
        var url = "tcp://127.0.0.1:" + TestGateway.shared().brokerPort();
        try (var consumer = new ActiveMQConnectionFactory(url, "esb", Settings.DEMO_SECRET)) {
            var failure = assertThrows(JMSSecurityException.class, () -> new QueueControl(consumer).pause(QUEUE));
            assertTrue(failure.getMessage().contains("manage"), failure::getMessage);
        }
        try (var stranger = new ActiveMQConnectionFactory(url, "operator", "not the password")) {
            var failure = assertThrows(JMSSecurityException.class, () -> new QueueControl(stranger).queues());
            assertFalse(failure.getMessage().contains("not the password"), failure::getMessage);
        }
        try (var nobody = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + TestGateway.freePort(), "operator", "")) {
            assertThrows(JMSException.class, () -> new QueueControl(nobody).queues());
        }
    }

    private QueueState state(String name) throws JMSException {
        return control.queues().stream()
                .filter(queue -> queue.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
