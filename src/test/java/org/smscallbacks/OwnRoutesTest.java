package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.smscallbacks.config.Settings;

/** Routes of a user's own that take from queues and send to others: at the embedded broker without a client, and the same with one. */
@ParameterizedClass
@EnumSource(TargetGateway.Way.class)
class OwnRoutesTest {

    @Parameter
    private TargetGateway.Way way;

    private static final String ROUTE = """
            - route:
                id: %1$s
                from:
                  uri: jms:%1$s?concurrentConsumers=4%2$s
                  steps:
            """;
    private static final String TO = """
                    - to:
                        uri: jms:%s
            """;
    private static final String DELAY = """
                    - delay:
                        expression:
                          constant:
                            expression: 20
            """;
    private static final String PRIORITY = """
                    - setHeader:
                        name: JMSPriority
                        expression:
                          constant:
                            expression: 7
                            resultType: int
            """;

    private static final String SETTINGS =
            "<address-settings><address-setting match=\"app.full\"><address-full-policy>FAIL</address-full-policy>"
                    + "<max-size-messages>1</max-size-messages></address-setting>"
                    + "<address-setting match=\"app.both\"><redelivery-delay>50</redelivery-delay></address-setting>";

    private static OwnBroker broker;
    private static TestGateway gateway;
    private static ConnectionFactory operator;

    @BeforeParameterizedClassInvocation
    static void start(TargetGateway.Way way, @TempDir Path folder) throws Exception {
        if (way == TargetGateway.Way.JMS) {
            broker = new OwnBroker(folder).edit("<address-settings>", SETTINGS).start();
            gateway = TestGateway.withBrokerAt(broker.port());
        } else {
            gateway = TestGateway.embedded();
            var file = gateway.folder().resolve("broker.xml");
            Files.writeString(file, Files.readString(file).replace("<address-settings>", SETTINGS));
        }
        var routes = RoutesCopy.in(gateway.folder().resolve("routes"));
        Files.writeString(
                routes.folder().resolve("own.camel.yaml"),
                route("app.both", "", to("app.first"), to("app.full"))
                        + route("app.kinds", "", PRIORITY, to("app.kinds.out"))
                        + route("app.published", "", to("topic:own.topic"), to("app.published.out"))
                        + route("app.selected", "&selector=RAW(colour = 'red')", to("app.selected.out"))
                        + route("app.slow", "", DELAY, to("app.slow.out")));
        gateway.set("sms.routes", "file:" + routes.folder()).start();
        operator = gateway.operator();
    }

    private static String route(String queue, String parameters, String... steps) {
        return ROUTE.formatted(queue, parameters) + String.join("", steps);
    }

    private static String to(String destination) {
        return TO.formatted(destination);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void sendAllOrNothingAndKeepTheMessageUntilThen() throws Exception {
        send("app.full", "in the way");
        send("app.both", "one", "two");
        await().until(() -> TestGateway.logged("A message could not be moved on").stream()
                        .filter(line -> line.contains("app.full"))
                        .count()
                > 0);
        assertEquals(List.of(), take("app.first", Duration.ofMillis(500)));
        var came = new ArrayList<String>();
        await().until(() -> {
            came.addAll(texts(take("app.full", Duration.ofMillis(100))));
            return came.size() == 3;
        });
        Collections.sort(came);
        assertEquals(List.of("in the way", "one", "two"), came);
        var first = texts(takeUntil("app.first", messages -> messages.size() == 2));
        Collections.sort(first);
        assertEquals(List.of("one", "two"), first);
        assertEquals(List.of(), take("app.both", Duration.ofMillis(500)));
    }

    @Test
    void passOnWhatTheyGetAsItIs() throws Exception {
        var large = "ž😀".repeat(200_000);
        try (var context = operator.createContext()) {
            var to = context.createQueue("app.kinds");
            var text = context.createTextMessage("čárka");
            text.setStringProperty("name", "value");
            text.setLongProperty("long", Long.MAX_VALUE);
            text.setBooleanProperty("yes", true);
            text.setJMSCorrelationID("a correlation");
            text.setJMSType("a.type");
            context.createProducer().send(to, text);
            context.createProducer().send(to, context.createTextMessage(""));
            context.createProducer().send(to, context.createTextMessage(large));
            var bytes = context.createBytesMessage();
            bytes.writeBytes(new byte[] {0, -1, 127});
            context.createProducer().send(to, bytes);
            var map = context.createMapMessage();
            map.setString("key", "in the map");
            context.createProducer().send(to, map);
        }
        try (var amqp = new JmsConnectionFactory(
                        "operator", Settings.DEMO_SECRET, "amqp://127.0.0.1:" + gateway.brokerPort())
                .createContext()) {
            amqp.createProducer().send(amqp.createQueue("app.kinds"), "by AMQP");
        }
        var received = takeUntil("app.kinds.out", messages -> messages.size() == 6);
        for (var message : received) {
            assertEquals(7, message.getJMSPriority());
        }
        var text = (TextMessage)
                find(received, message -> message instanceof TextMessage t && "čárka".equals(t.getText()));
        assertEquals("value", text.getStringProperty("name"));
        assertEquals(Long.MAX_VALUE, text.getLongProperty("long"));
        assertTrue(text.getBooleanProperty("yes"));
        assertEquals("a correlation", text.getJMSCorrelationID());
        assertEquals("a.type", text.getJMSType());
        find(received, message -> message instanceof TextMessage t && large.equals(t.getText()));
        find(received, message -> message instanceof TextMessage t && "by AMQP".equals(t.getText()));
        find(
                received,
                message -> message instanceof TextMessage t
                        && (t.getText() == null || t.getText().isEmpty()));
        var bytes = (BytesMessage) find(received, BytesMessage.class::isInstance);
        assertArrayEquals(new byte[] {0, -1, 127}, bytes.getBody(byte[].class));
        assertEquals("in the map", ((MapMessage) find(received, MapMessage.class::isInstance)).getString("key"));
    }

    @Test
    void readWhatOthersWriteOddly() throws Exception {
        var large = "repeated ".repeat(100_000);
        try (var packing = gateway.operator()) {
            packing.setCompressLargeMessage(true);
            packing.setMinLargeMessageSize(10_000);
            try (var context = packing.createContext()) {
                var to = context.createQueue("app.kinds");
                context.createProducer().send(to, context.createTextMessage(large));
                context.createProducer().send(to, context.createMessage());
                var bytes = context.createBytesMessage();
                bytes.writeByte((byte) 9);
                context.createProducer().send(to, bytes);
            }
        }
        var received = takeUntil("app.kinds.out", messages -> messages.size() == 3);
        find(received, message -> message instanceof TextMessage t && large.equals(t.getText()));
        find(received, message -> message instanceof BytesMessage b && b.getBodyLength() == 1);
    }

    @Test
    void publishToWhoeverListens() throws Exception {
        send("app.published", "to nobody");
        takeUntil("app.published.out", messages -> messages.size() == 1);
        try (var context = operator.createContext();
                var subscriber = context.createConsumer(context.createTopic("own.topic"))) {
            send("app.published", "to one");
            assertEquals("to one", subscriber.receiveBody(String.class, 30_000));
        }
    }

    @Test
    void takeWhatTheirSelectorSaysAndNothingElse() throws Exception {
        try (var context = operator.createContext()) {
            var to = context.createQueue("app.selected");
            context.createProducer().setProperty("colour", "blue").send(to, "stays");
            context.createProducer().setProperty("colour", "red").send(to, "goes");
        }
        assertEquals(List.of("goes"), texts(takeUntil("app.selected.out", messages -> messages.size() == 1)));
        assertEquals(List.of("stays"), texts(take("app.selected", Duration.ofMillis(500))));
    }

    @Test
    void loseAndDoubleNothingWhenTheyAreStoppedInTheMiddle() throws Exception {
        var texts = IntStream.range(0, 300).mapToObj(i -> "%03d".formatted(i)).toList();
        send("app.slow", texts.toArray(String[]::new));
        var came = new ArrayList<>(texts(take("app.slow.out", Duration.ofSeconds(30), 20)));
        gateway.gateway().reload();
        came.addAll(texts(take("app.slow.out", Duration.ofSeconds(30), 20)));
        gateway.close();
        gateway.start();
        came.addAll(texts(takeUntil("app.slow.out", messages -> came.size() + messages.size() >= texts.size())));
        Collections.sort(came);
        assertEquals(texts, came);
        assertEquals(List.of(), take("app.slow.out", Duration.ofMillis(500)));
    }

    @Test
    void takeFromAQueueThatWasDeletedAndIsMadeAnew() throws Exception {
        send("app.slow", "before");
        assertEquals(List.of("before"), texts(takeUntil("app.slow.out", messages -> messages.size() == 1)));
        // Seen once: the broker said no to the first try, while a consumer was at the queue.
        await().untilAsserted(() -> delete("app.slow"));
        await().until(() -> {
            send("app.slow", "after");
            return !take("app.slow.out", Duration.ofMillis(500)).isEmpty();
        });
        await().until(() -> take("app.slow.out", Duration.ofMillis(500)).isEmpty());
    }

    private static void delete(String queue) throws Exception {
        try (var context = operator.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            var replies = context.createTemporaryQueue();
            var request = context.createMessage();
            JMSManagementHelper.putOperationInvocation(request, ResourceNames.BROKER, "destroyQueue", queue, true);
            request.setJMSReplyTo(replies);
            context.createProducer().send(context.createQueue("activemq.management"), request);
            var reply = context.createConsumer(replies).receive();
            assertTrue(
                    JMSManagementHelper.hasOperationSucceeded(reply),
                    String.valueOf(JMSManagementHelper.getResult(reply)));
        }
    }

    private static void send(String queue, String... texts) {
        try (var context = operator.createContext()) {
            for (var text : texts) {
                context.createProducer().send(context.createQueue(queue), text);
            }
        }
    }

    private static Message find(List<Message> messages, IsWanted wanted) throws JMSException {
        for (var message : messages) {
            if (wanted.test(message)) {
                return message;
            }
        }
        throw new AssertionError("not among " + messages);
    }

    private interface IsWanted {
        boolean test(Message message) throws JMSException;
    }

    private static List<String> texts(List<Message> messages) throws JMSException {
        var texts = new ArrayList<String>();
        for (var message : messages) {
            texts.add(message.getBody(String.class));
        }
        return texts;
    }

    private static List<Message> takeUntil(String queue, Predicate<List<Message>> isEnough) {
        var taken = new ArrayList<Message>();
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            taken.addAll(take(queue, Duration.ofMillis(200)));
            return isEnough.test(taken);
        });
        return taken;
    }

    private static List<Message> take(String queue, Duration patience) {
        return take(queue, patience, Integer.MAX_VALUE);
    }

    /** What is there, until nothing more comes for so long. */
    private static List<Message> take(String queue, Duration patience, int most) {
        var taken = new ArrayList<Message>();
        try (var context = operator.createContext(JMSContext.AUTO_ACKNOWLEDGE);
                var consumer = context.createConsumer(context.createQueue(queue))) {
            while (taken.size() < most) {
                var message = consumer.receive(patience.toMillis());
                if (message == null) {
                    break;
                }
                taken.add(message);
            }
        }
        return taken;
    }
}
