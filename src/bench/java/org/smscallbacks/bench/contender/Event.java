package org.smscallbacks.bench.contender;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.List;
import org.smscallbacks.event.CollectedEvent;

/** The canonical event as the contenders that are written by hand have it: its JSON, and what becomes a message property. */
public record Event(
        String id,
        String type,
        String provider,
        String account,
        String messageId,
        String reference,
        String status,
        Boolean isFinal,
        String queue,
        boolean isCopy,
        String json) {

    /** The same for the queue of a target; of a transaction one id is enough. */
    Event copyFor(String targetQueue) {
        return new Event(id, type, provider, account, messageId, reference, status, isFinal, targetQueue, true, json);
    }

    /** The same for another message. */
    Event renamed(String name) {
        return new Event(name, type, provider, account, name, reference, status, isFinal, queue, isCopy, json);
    }

    /** For the gateway's own store, which takes what becomes a property from a tree. */
    CollectedEvent collected() {
        var event = JsonNodeFactory.instance.objectNode().put("id", id).put("type", type);
        var data = event.putObject("data")
                .put("provider", provider)
                .put("account", account)
                .put("messageId", messageId)
                .put("reference", reference)
                .put("status", status);
        if (isFinal != null) {
            data.put("final", isFinal);
        }
        return new CollectedEvent(event, json, List.of(queue), List.of());
    }

    /** JMS priority: a buffered report overtakes. */
    public int priority() {
        return "buffered".equals(status) ? 9 : 4;
    }

    /** The same message, property by property, that the gateway sends. */
    public TextMessage in(Session session) throws JMSException {
        var message = session.createTextMessage(json);
        message.setJMSType(type);
        if (!isCopy) {
            message.setStringProperty("_AMQ_DUPL_ID", id);
        }
        message.setStringProperty("eventId", id);
        message.setStringProperty("eventType", type);
        message.setStringProperty("provider", provider);
        message.setStringProperty("account", account);
        if (messageId != null) {
            message.setJMSCorrelationID(messageId);
            message.setStringProperty("messageId", messageId);
        }
        if (reference != null) {
            message.setStringProperty("reference", reference);
        }
        if (status != null) {
            message.setStringProperty("status", status);
        }
        if (isFinal != null) {
            message.setBooleanProperty("final", isFinal);
        }
        return message;
    }
}
