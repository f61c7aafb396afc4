package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;

/** What every event that any test sees must keep: the contract, and that the message says what the event says. */
final class EventAssert {

    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .disable(com.fasterxml.jackson.databind.cfg.JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private EventAssert() {}

    /** The event in the message, once all of that is checked. */
    static JsonNode eventIn(Queues.Received received) throws Exception {
        var event = JSON.readTree(received.text());
        AsyncApi.assertPromised(received);
        travelsAsPromised(received, event);
        return event;
    }

    private static void travelsAsPromised(Queues.Received received, JsonNode event) throws JMSException {
        var message = received.message();
        var data = event.get("data");
        var status = data.path("status").asText(null);
        assertEquals(event.get("type").asText(), message.getJMSType());
        assertEquals(ifShort(data.path("messageId").asText(null)), message.getJMSCorrelationID());
        assertEquals(DeliveryMode.PERSISTENT, message.getJMSDeliveryMode());
        assertEquals("buffered".equals(status) ? 9 : 4, message.getJMSPriority());
        assertEquals(event.get("id").asText(), message.getStringProperty("eventId"));
        // its queue would refuse what comes back to it unchanged from a replay
        boolean cameBack = message.propertyExists("replayedAt");
        assertEquals(cameBack ? null : event.get("id").asText(), message.getStringProperty("_AMQ_DUPL_ID"));
        assertEquals(event.get("type").asText(), message.getStringProperty("eventType"));
        assertEquals(data.get("provider").asText(), message.getStringProperty("provider"));
        assertEquals(data.get("account").asText(), message.getStringProperty("account"));
        assertEquals(status, message.getStringProperty("status"));
        assertEquals(ifShort(data.path("messageId").asText(null)), message.getStringProperty("messageId"));
        assertEquals(ifShort(data.path("reference").asText(null)), message.getStringProperty("reference"));
        assertEquals(data.has("final"), message.propertyExists("final"));
        if (data.has("final")) {
            assertEquals(data.get("final").asBoolean(), message.getBooleanProperty("final"));
        }
    }

    /** Brokers limit the size of a message's properties. */
    private static String ifShort(String text) {
        return text == null || text.length() > 1_000 ? null : text;
    }
}
