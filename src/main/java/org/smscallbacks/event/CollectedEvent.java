package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * A canonical event and where it goes.
 *
 * @param event the event, as <code>sms-event.v1.json</code> defines it
 * @param json the same as text
 * @param queues the queues that get it, each once; each remembers its id
 * @param copies the queues of targets, which get it along with that
 */
public record CollectedEvent(JsonNode event, String json, List<String> queues, List<String> copies) {

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

    /** Whether it has no queue of its own, and whoever gets it is a target. */
    public boolean isForTargetsOnly() {
        return queues.isEmpty();
    }

    /** The addresses that know the event again by its id. */
    public List<String> rememberedAt() {
        return isForTargetsOnly() ? List.of(QueueNames.KNOWN) : queues;
    }

    /** All the queues that get it. */
    public List<String> addresses() {
        return copies.isEmpty()
                ? queues
                : Stream.concat(queues.stream(), copies.stream()).toList();
    }

    /** A field of the event's <code>data</code> as text, or null. */
    public String data(String field) {
        return event.path("data").path(field).textValue();
    }
}
