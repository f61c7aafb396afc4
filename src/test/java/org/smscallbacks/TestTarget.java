package org.smscallbacks;

import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.delivery.RetryQueues;

/** A target of a {@link TargetGateway}: what is sent for it, and what becomes of it. */
final class TestTarget {

    /** Whose account of the target's name has the events it gets. */
    static final String PROVIDER = "bulkgate";

    private final String name;
    private final TestGateway gateway;
    private final ActiveMQConnectionFactory operator;
    private final Downstream downstream;

    TestTarget(String name, TestGateway gateway, ActiveMQConnectionFactory operator, Downstream downstream) {
        this.name = name;
        this.gateway = gateway;
        this.operator = operator;
        this.downstream = downstream;
    }

    /** Before its gateway starts. */
    TestTarget set(String key, String value) {
        gateway.set("sms.target." + name + "." + key, value);
        return this;
    }

    TestGateway gateway() {
        return gateway;
    }

    /** Its receiver, where that is one. */
    Downstream downstream() {
        return downstream;
    }

    String queue() {
        return "sms.target." + name;
    }

    String retryQueue() {
        return queue() + ".retry";
    }

    String urgentQueue() {
        return queue() + ".urgent";
    }

    String deadQueue() {
        return "sms.dead." + name;
    }

    QueueControl control() {
        return new QueueControl(operator);
    }

    /** Message ids that begin so. */
    static String[] numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
    }

    /** Waits for what comes as soon as it can, on a busy machine as well. */
    static ConditionFactory soon() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    /** Sends a final report for each of these message ids. */
    void report(String... messageIds) throws Exception {
        reports("1", messageIds);
    }

    /** Sends a buffered report for each of these message ids. */
    void buffered(String... messageIds) throws Exception {
        reports("2", messageIds);
    }

    private void reports(String status, String... messageIds) throws Exception {
        var items = Stream.of(messageIds)
                .map(id -> "{\"status\":\"" + status + "\",\"smsID\":\"" + id + "\"}")
                .toList();
        post("[" + String.join(",", items) + "]");
    }

    /** Posts this to the account whose events it gets. */
    void post(String body) throws Exception {
        var account = gateway.uri("/callbacks/" + PROVIDER + "/" + name + "?token=" + TestGateway.TOKEN);
        var answer = gateway.post(account, body.getBytes(StandardCharsets.UTF_8));
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("answered " + answer.statusCode());
        }
    }

    /** What the gateway says of all its targets. */
    String health() throws Exception {
        return gateway.get(gateway.managementUri("/observe/health")).body();
    }

    /** What is in a queue, left there; of a retry queue what belongs to this target. */
    List<TextMessage> browse(String queue) {
        try (var context = operator.createContext();
                var browser = context.createBrowser(context.createQueue(queue), own(queue))) {
            var found = new ArrayList<TextMessage>();
            for (var message : Collections.list((Enumeration<?>) browser.getEnumeration())) {
                found.add(promised(queue, (TextMessage) message));
            }
            return found;
        } catch (InvalidDestinationException e) {
            // not there yet
            return List.of();
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What waits for its next attempt, in whatever queue. */
    List<TextMessage> waiting() {
        return RetryQueues.names().stream()
                .flatMap(queue -> browse(queue).stream())
                .toList();
    }

    /** Puts a copy of a message into another queue, as a redelivery would. */
    void sendAgain(TextMessage message, String queue) throws JMSException {
        sendAgain(message, queue, Map.of());
    }

    /** The same with more properties. */
    void sendAgain(TextMessage message, String queue, Map<String, String> properties) throws JMSException {
        try (var context = operator.createContext()) {
            var copy = context.createTextMessage(message.getText());
            for (var name : new String[] {"eventId", "eventType", "provider", "account", "status", "messageId"}) {
                copy.setStringProperty(name, message.getStringProperty(name));
            }
            for (var property : properties.entrySet()) {
                copy.setStringProperty(property.getKey(), property.getValue());
            }
            copy.setBooleanProperty("final", message.getBooleanProperty("final"));
            copy.setJMSType(message.getJMSType());
            copy.setJMSCorrelationID(message.getJMSCorrelationID());
            context.createProducer().send(context.createQueue(queue), copy);
        }
    }

    /** Takes all that is in a queue, of a retry queue what belongs to this target. */
    List<TextMessage> take(String queue) {
        try (var context = operator.createContext(JMSContext.AUTO_ACKNOWLEDGE);
                var consumer = context.createConsumer(context.createQueue(queue), own(queue))) {
            var taken = new ArrayList<TextMessage>();
            for (var message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
                taken.add(promised(queue, (TextMessage) message));
            }
            return taken;
        }
    }

    private static TextMessage promised(String queue, TextMessage message) {
        if (!queue.matches("sms\\.(target|retry|dead)\\..*")) {
            return message;
        }
        try {
            AsyncApi.assertPromised(new Queues.Received(queue, message));
            return message;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The names of a message's properties, without those of the broker. */
    static Set<String> propertiesOf(Message message) throws JMSException {
        var names = new TreeSet<String>();
        for (var name : Collections.list((Enumeration<?>) message.getPropertyNames())) {
            if (!name.toString().startsWith("JMSX")) {
                names.add(name.toString());
            }
        }
        return names;
    }

    private String own(String queue) {
        return queue.startsWith("sms.retry.") ? "returnTo LIKE '" + this.queue() + "%'" : "";
    }

    /** How many events are in the target's own queues, those under way included. */
    long backlog() {
        return count(Set.of(queue(), urgentQueue(), retryQueue())::contains);
    }

    /** Nothing of this target is left anywhere, and nothing of any target waits for its next attempt. */
    boolean isDone() {
        // an event that moves while its queues are counted one by one is not missed twice
        return IntStream.range(0, 3).allMatch(time -> count(this::isOwn) == 0);
    }

    private boolean isOwn(String queue) {
        return Set.of(queue(), urgentQueue(), retryQueue(), deadQueue()).contains(queue)
                || queue.startsWith("sms.retry.");
    }

    /** How many events are in a queue, those under way included. */
    long count(String queue) {
        return count(queue::equals);
    }

    private long count(Predicate<String> wanted) {
        try {
            return control().counts().entrySet().stream()
                    .filter(queue -> wanted.test(queue.getKey()))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
