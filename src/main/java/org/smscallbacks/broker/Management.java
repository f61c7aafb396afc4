package org.smscallbacks.broker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;

/** The broker's management at the other end of a connection. */
final class Management {

    private static final int TRIES_TO_LIST = 5;
    private static final String MANAGEMENT = "activemq.management";
    private static final String PREFIX = "sms.";
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(5);
    private static final int MOST_QUEUES = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;
    private final Session session;
    private final TemporaryQueue replies;

    /** The queue for its replies ends with the connection. */
    Management(Connection connection) throws JMSException {
        this.connection = connection;
        session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        replies = session.createTemporaryQueue();
    }

    /** The queue of this name, or nothing. */
    JsonNode named(String name) throws JMSException {
        return list(JsonNodeFactory.instance
                .objectNode()
                .put("field", "name")
                .put("operation", "EQUALS")
                .put("value", name)
                .toString());
    }

    private JsonNode list(String filter) throws JMSException {
        try {
            return JSON.readTree((String) listed(filter, TRIES_TO_LIST)).path("data");
        } catch (JsonProcessingException e) {
            throw new JMSException("the broker lists its queues in a way nobody can read");
        }
    }

    /** A queue that goes in the middle of it makes the broker stumble. */
    private Object listed(String filter, int tries) throws JMSException {
        try {
            return invoke(ResourceNames.BROKER, "listQueues", filter, 1, MOST_QUEUES);
        } catch (BrokerRefusedException e) {
            if (tries == 1) {
                throw e;
            }
            return listed(filter, tries - 1);
        }
    }

    /** The gateway's own queues, and all others that it, or somebody else, may have put events into. */
    List<JsonNode> ofEvents() throws JMSException {
        var queues = new ArrayList<JsonNode>();
        for (var queue : list("")) {
            if (isOwn(queue.path("name").asText()) || isLasting(queue)) {
                queues.add(queue);
            }
        }
        return queues;
    }

    private static boolean isOwn(String queue) {
        return queue.startsWith(PREFIX);
    }

    /** Other than replies and subscriptions, and what the broker keeps for itself. */
    private static boolean isLasting(JsonNode queue) {
        return queue.path("durable").asBoolean()
                && !queue.path("temporary").asBoolean()
                && !queue.path("internalQueue").asBoolean()
                && queue.path("routingType").asText().equals(RoutingType.ANYCAST.name());
    }

    JsonNode existing(String queue) throws JMSException {
        var found = named(queue);
        if (found.isEmpty()) {
            throw new JMSException("there is no queue " + queue);
        }
        return found.get(0);
    }

    QueueState state(JsonNode queue) throws JMSException {
        var name = queue.path("name").asText();
        var messages = queue.path("messageCount").asLong();
        return new QueueState(
                name,
                messages,
                queue.path("consumerCount").asInt(),
                messages == 0 ? null : isOwn(name) ? oldest(name) : oldestOfOthers(name),
                queue.path("paused").asBoolean());
    }

    /** On a broker that others use as well, the gateway's user need not be allowed to look into their queues. */
    private Instant oldestOfOthers(String queue) throws JMSException {
        try {
            return oldest(queue);
        } catch (JMSSecurityException e) {
            return null;
        }
    }

    /** The management's own answer leaves out what is only in pages. */
    Instant oldest(String queue) throws JMSException {
        try (var browser = session.createBrowser(session.createQueue(queue))) {
            var messages = browser.getEnumeration();
            return messages.hasMoreElements()
                    ? Instant.ofEpochMilli(((Message) messages.nextElement()).getJMSTimestamp())
                    : null;
        }
    }

    /**
     * A message that nobody needs and that expires: a broker without room refuses it, or keeps whoever sends it waiting.
     *
     * @throws BrokerRefusedException when it does not take it
     */
    void writeSomething() throws JMSException {
        // a client that waits for room waits without end, and without a word
        var written = CompletableFuture.runAsync(this::sendProbe);
        try {
            written.get(LONGEST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JMSSecurityException refused) {
                throw refused;
            }
            throw because(new BrokerRefusedException(e.getCause().getMessage()), e);
        } catch (TimeoutException e) {
            throw because(new BrokerRefusedException("the broker takes nothing now: " + whyItTakesNothing()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw because(new JMSException("interrupted"), e);
        }
    }

    private void sendProbe() {
        try (var sending = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                var producer = sending.createProducer(sending.createQueue(BrokerHealth.PROBE_QUEUE))) {
            producer.send(
                    sending.createMessage(),
                    DeliveryMode.PERSISTENT,
                    Message.DEFAULT_PRIORITY,
                    BrokerHealth.LIFE_MILLIS);
        } catch (JMSException e) {
            throw new CompletionException(e);
        }
    }

    private String whyItTakesNothing() throws JMSException {
        int used = (int) Math.floor(((Number) attribute("diskStoreUsage")).doubleValue() * 100);
        return "its disk is " + used + " % full, max-disk-usage in its broker.xml is " + attribute("maxDiskUsage")
                + ": make room, or let consumers take what waits, and repeat the command";
    }

    private Object attribute(String name) throws JMSException {
        var request = session.createMessage();
        JMSManagementHelper.putAttribute(request, ResourceNames.BROKER, name);
        return answer(LONGEST_ANSWER, request);
    }

    Object invoke(String resource, String operation, Object... parameters) throws JMSException {
        return invoke(LONGEST_ANSWER, resource, operation, parameters);
    }

    Object invoke(Duration longest, String resource, String operation, Object... parameters) throws JMSException {
        var request = session.createMessage();
        JMSManagementHelper.putOperationInvocation(request, resource, operation, parameters);
        return answer(longest, request);
    }

    private Object answer(Duration longest, Message request) throws JMSException {
        try (var consumer = session.createConsumer(replies);
                var producer = session.createProducer(session.createQueue(MANAGEMENT))) {
            request.setJMSReplyTo(replies);
            // persistent: only then does the client wait for the broker's refusal
            producer.send(request, DeliveryMode.PERSISTENT, Message.DEFAULT_PRIORITY, 0);
            var reply = consumer.receive(longest.toMillis());
            if (reply == null) {
                throw new JMSException(
                        "the broker did not answer within " + longest.toSeconds() + " s: look into its log");
            }
            return result(reply);
        }
    }

    private Object result(Message reply) throws JMSException {
        try {
            var result = JMSManagementHelper.getResult(reply);
            if (!JMSManagementHelper.hasOperationSucceeded(reply)) {
                throw new BrokerRefusedException(String.valueOf(result));
            }
            return result;
        } catch (JMSException e) {
            throw e;
        } catch (Exception e) {
            throw because(new JMSException("the broker answers in a way nobody can read"), e);
        }
    }

    static JMSException because(JMSException failure, Exception cause) {
        failure.initCause(cause);
        return failure;
    }
}
