package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Map;
import java.util.TreeMap;

/** What <code>/asyncapi.json</code> promises: every message that any test takes from a queue is held against it. */
final class AsyncApi {

    static final Contract CONTRACT = Contract.read("asyncapi.json");

    private AsyncApi() {}

    /** The message is the one the document has for this queue: properties (and no other), JMS headers, payload. */
    static void assertPromised(Queues.Received received) throws Exception {
        var message = messageIn(received.queue());
        assertProperties(message, EventAssert.JSON.valueToTree(propertiesOf(received.message())));
        CONTRACT.assertValid(
                "/components/messageTraits/event/bindings/jms/headers",
                EventAssert.JSON.valueToTree(headersOf(received.message())));
        CONTRACT.assertValid(message + "/payload", EventAssert.JSON.readTree(received.text()));
    }

    /** The properties are those of the message the pointer leads to, and no other. */
    static void assertProperties(String message, JsonNode properties) {
        CONTRACT.assertValid(message + "/headers", properties);
        var known = CONTRACT.document().at(message + "/headers/properties");
        properties.fieldNames().forEachRemaining(name -> assertTrue(known.has(name), () -> name + " in " + message));
    }

    /** The pointer to the message of the channel that has this queue. */
    private static String messageIn(String queue) {
        for (var channel : CONTRACT.document().get("channels")) {
            if (queue.matches(addressOf(channel))) {
                var messages = channel.get("messages");
                assertEquals(1, messages.size(), "one message to a channel");
                return messages.elements().next().get("$ref").asText().substring("#".length());
            }
        }
        throw new AssertionError("no channel for " + queue);
    }

    private static String addressOf(JsonNode channel) {
        return channel.get("address").asText().replace(".", "\\.").replaceAll("\\{[a-z]+}", "[a-z0-9-]+");
    }

    /** What the gateway set; not what the broker and the client add. */
    private static Map<String, Object> propertiesOf(Message message) throws JMSException {
        var properties = new TreeMap<String, Object>();
        for (var names = message.getPropertyNames().asIterator(); names.hasNext(); ) {
            var name = names.next().toString();
            if (!name.startsWith("JMS") && !name.startsWith("_AMQ_")) {
                properties.put(name, message.getObjectProperty(name));
            }
        }
        return properties;
    }

    private static Map<String, Object> headersOf(Message message) throws JMSException {
        var headers = new TreeMap<String, Object>();
        headers.put("JMSType", message.getJMSType());
        headers.put("JMSPriority", message.getJMSPriority());
        headers.put(
                "JMSDeliveryMode",
                message.getJMSDeliveryMode() == DeliveryMode.PERSISTENT ? "PERSISTENT" : "NON_PERSISTENT");
        if (message.getJMSCorrelationID() != null) {
            headers.put("JMSCorrelationID", message.getJMSCorrelationID());
        }
        return headers;
    }
}
