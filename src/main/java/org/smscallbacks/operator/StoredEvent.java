package org.smscallbacks.operator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.smscallbacks.broker.MessageKey;
import org.smscallbacks.event.EventProperties;

/**
 * A message as it lies in a queue: mostly an event, but others can send there too.
 *
 * @param key by which the broker knows it
 * @param priority the JMS priority
 * @param storedAt when it was put into this queue, or into the one the broker has moved it from
 * @param properties the message's properties, those of the broker itself left out
 * @param text the event as JSON; null where the message is no text
 * @param bytes what such a message holds instead, a map or an object as the broker has it; null where it is a text
 */
public record StoredEvent(
        MessageKey key, int priority, Instant storedAt, Map<String, Object> properties, String text, byte[] bytes) {

    private static final String NUMBER = "message-";
    private static final String AMQP = "JMS_AMQP_";

    /** Numbers keep every digit the provider sent. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    static StoredEvent of(Message message) throws JMSException {
        var properties = new TreeMap<String, Object>();
        for (var name : Collections.list(message.getPropertyNames())) {
            var key = name.toString();
            if (!EventProperties.isOfTheBroker(key) && !key.startsWith(AMQP)) {
                properties.put(key, message.getObjectProperty(key));
            }
        }
        return new StoredEvent(
                MessageKey.of(message),
                message.getJMSPriority(),
                Instant.ofEpochMilli(message.getJMSTimestamp()),
                properties,
                message instanceof TextMessage text ? Objects.requireNonNullElse(text.getText(), "") : null,
                message instanceof TextMessage ? null : bytesOf(message));
    }

    private static byte[] bytesOf(Message message) throws JMSException {
        if (message instanceof BytesMessage body) {
            var bytes = new byte[(int) body.getBodyLength()];
            body.readBytes(bytes);
            return bytes;
        }
        if (!(message instanceof ActiveMQMessage ours)) {
            return new byte[0];
        }
        var body = ours.getCoreMessage().getReadOnlyBodyBuffer();
        var bytes = new byte[body.readableBytes()];
        body.readBytes(bytes);
        return bytes;
    }

    /** Whether an id stands for the broker's number of a message that has no event id. */
    static boolean isNumber(String id) {
        return id.startsWith(NUMBER);
    }

    /** The event's id; of what is no event, the broker's number as long as it lies there: <code>message-4711</code>. */
    public String id() {
        var id = property(EventProperties.EVENT_ID);
        return id == null ? NUMBER + key.number() : id;
    }

    /** The queue the broker has moved it from, when a consumer rejected it there; null where nobody did. */
    public String cameFrom() {
        return key.from();
    }

    /** Whether it can be read as an event. */
    public boolean isEvent() {
        return property(EventProperties.EVENT_ID) != null && event().isObject();
    }

    /** How long its text is, in UTF-8, or how many bytes it holds. */
    public int size() {
        return text == null ? bytes.length : text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** About how many bytes the broker writes for it: of a text two for each character. */
    long bytesOnDisk() {
        return text == null ? bytes.length : 2L * text.length();
    }

    /** A property as text, or null. */
    public String property(String name) {
        var value = properties.get(name);
        return value == null ? null : value.toString();
    }

    /** The event as a tree; a text that is no JSON is one text, bytes that are none are nothing. */
    public JsonNode event() {
        try {
            if (text == null) {
                return JSON.readTree(bytes);
            }
            return JSON.readTree(text);
        } catch (IOException e) {
            return text == null ? MissingNode.getInstance() : TextNode.valueOf(text);
        }
    }

    /** Why it is in this queue: what its delivery, or whoever could not read it, says; "" where nobody does. */
    public String reason() {
        var reason = property(EventProperties.REASON);
        return reason == null ? event().path("data").path("reason").asText() : reason;
    }

    /** When it came to lie here: it died, or it was received. */
    public Instant time() {
        if (properties.get(EventProperties.DEAD_AT) instanceof Number deadAt) {
            return Instant.ofEpochMilli(deadAt.longValue());
        }
        try {
            return Instant.parse(event().path("receivedat").asText());
        } catch (DateTimeException e) {
            return storedAt;
        }
    }
}
