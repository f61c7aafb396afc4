package org.smscallbacks.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.smscallbacks.event.EventProperties;

/**
 * An event as it lies in a queue.
 *
 * @param messageId the JMS message id, by which the broker knows it
 * @param priority the JMS priority
 * @param storedAt when it was put into this queue
 * @param properties the message's properties, those of the broker itself left out
 * @param text the event as JSON
 */
public record StoredEvent(
        String messageId, int priority, Instant storedAt, Map<String, Object> properties, String text) {

    /** Numbers keep every digit the provider sent. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    static StoredEvent of(TextMessage message) throws JMSException {
        var properties = new TreeMap<String, Object>();
        for (var name : Collections.list(message.getPropertyNames())) {
            var key = name.toString();
            if (!EventProperties.isOfTheBroker(key)) {
                properties.put(key, message.getObjectProperty(key));
            }
        }
        return new StoredEvent(
                message.getJMSMessageID(),
                message.getJMSPriority(),
                Instant.ofEpochMilli(message.getJMSTimestamp()),
                properties,
                message.getText());
    }

    /** The event's id. */
    public String id() {
        return property(EventProperties.EVENT_ID);
    }

    /** A property as text, or null. */
    public String property(String name) {
        var value = properties.get(name);
        return value == null ? null : value.toString();
    }

    /** The event as a tree; a text that is no JSON is one text. */
    public JsonNode event() {
        try {
            return JSON.readTree(text == null ? "" : text);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
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
