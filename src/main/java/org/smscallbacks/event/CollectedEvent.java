package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A canonical event and where it goes.
 *
 * @param event the event, as <code>sms-event.v1.json</code> defines it
 * @param json the same as text
 * @param queues the queues that get it; the first is the one that carries the duplicate id
 */
public record CollectedEvent(JsonNode event, String json, List<String> queues) {

    public String id() {
        return event.path("id").textValue();
    }

    public String type() {
        return event.path("type").textValue();
    }

    /** Whether the item was not recognised. */
    public boolean isUnrecognised() {
        return EventType.UNRECOGNISED.is(type());
    }

    /** A field of the event's <code>data</code> as text, or null. */
    public String data(String field) {
        return event.path("data").path(field).textValue();
    }
}
