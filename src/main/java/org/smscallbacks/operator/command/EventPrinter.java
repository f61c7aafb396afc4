package org.smscallbacks.operator.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Set;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.EventType;
import org.smscallbacks.event.Times;
import org.smscallbacks.operator.PhoneNumberMask;
import org.smscallbacks.operator.StoredEvent;

/** Events as text for people or as JSON for programs, with phone numbers hidden unless they are asked for. */
final class EventPrinter {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    /** Properties that hold an id, a word or a time, never a subscriber's number. */
    private static final Set<String> READABLE = Set.of(
            EventProperties.EVENT_ID,
            EventProperties.EVENT_TYPE,
            EventProperties.MESSAGE_ID,
            EventProperties.PROVIDER,
            EventProperties.ACCOUNT,
            EventProperties.STATUS,
            EventProperties.LAST_STATUS,
            EventProperties.RETURN_TO);

    private static final Set<String> TIMES = Set.of(
            EventProperties.FIRST_FAILED_AT,
            EventProperties.LAST_FAILED_AT,
            EventProperties.DEAD_AT,
            EventProperties.DUE_AT,
            EventProperties.REPLAYED_AT);

    private static final String ROW = "%-24s  %-32s  %-12s %-12s  %s";

    private final PrintWriter out;
    private final boolean json;
    private final boolean reveal;
    private boolean begun;

    EventPrinter(PrintWriter out, boolean json, boolean reveal) {
        this.out = out;
        this.json = json;
        this.reveal = reveal;
    }

    /** A line for an event among others. */
    void line(StoredEvent stored) {
        var event = shown(stored.event());
        if (json) {
            var line = JsonNodeFactory.instance.objectNode();
            line.put("id", stored.id()).put("time", Times.format(stored.time()));
            addProperties(line, stored);
            line.put("reason", shown(stored.reason()));
            addOrigin(line, stored);
            var data = event.path("data");
            copy(data, "to", line);
            copy(data, "from", line);
            out.println(text(line));
            return;
        }
        if (!begun) {
            begun = true;
            out.println(ROW.formatted("TIME", "EVENT", "PROVIDER", "ACCOUNT", "WHAT"));
        }
        out.println(oneLine(ROW.formatted(
                Times.format(stored.time()),
                stored.id(),
                orDash(stored.property(EventProperties.PROVIDER)),
                orDash(stored.property(EventProperties.ACCOUNT)),
                what(stored, event.path("data")))));
    }

    private String what(StoredEvent stored, JsonNode data) {
        var what = new StringBuilder();
        for (var part : new String[] {
            stored.isEvent() ? null : "no event, " + stored.size() + " bytes",
            stored.property(EventProperties.STATUS),
            stored.property(EventProperties.LAST_STATUS),
            shown(stored.reason()),
            stored.cameFrom() == null ? null : "from " + stored.cameFrom(),
            data.path(EventType.INBOUND_MESSAGE.is(stored.property(EventProperties.EVENT_TYPE)) ? "from" : "to")
                    .asText()
        }) {
            if (part != null && !part.isEmpty()) {
                what.append(what.isEmpty() ? "" : ", ").append(part);
            }
        }
        return what.toString();
    }

    /** Everything there is of one event. */
    void whole(String queue, StoredEvent stored) {
        var event = shown(stored.event());
        if (json) {
            var document = JsonNodeFactory.instance.objectNode();
            document.put("queue", queue)
                    .put("id", stored.id())
                    .put("storedAt", Times.format(stored.storedAt()))
                    .put("priority", stored.priority());
            addOrigin(document, stored);
            addProperties(document.putObject("properties"), stored);
            document.set("event", event);
            out.println(text(document));
            return;
        }
        out.println("queue: " + queue);
        if (stored.cameFrom() != null) {
            out.println("cameFrom: " + stored.cameFrom());
        }
        if (!stored.isEvent()) {
            out.println("size: " + stored.size() + " bytes, which are no event");
        }
        out.println("storedAt: " + Times.format(stored.storedAt()));
        out.println("priority: " + stored.priority());
        stored.properties().forEach((name, value) -> out.println(oneLine(name + ": " + property(name, value))));
        try {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(event));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void addOrigin(ObjectNode object, StoredEvent stored) {
        if (stored.cameFrom() != null) {
            object.put("cameFrom", stored.cameFrom());
        }
        if (!stored.isEvent()) {
            object.put("size", stored.size());
        }
    }

    private static String orDash(String text) {
        return text == null ? "-" : text;
    }

    private void addProperties(ObjectNode object, StoredEvent stored) {
        stored.properties().forEach((name, value) -> {
            if (value instanceof Boolean flag) {
                object.put(name, flag);
            } else if (value instanceof Number number && !TIMES.contains(name)) {
                object.put(name, number.longValue());
            } else {
                object.put(name, property(name, value));
            }
        });
    }

    private String property(String name, Object value) {
        if (TIMES.contains(name) && value instanceof Number time) {
            return Times.format(Instant.ofEpochMilli(time.longValue()));
        }
        var text = String.valueOf(value);
        return READABLE.contains(name) ? text : shown(text);
    }

    private JsonNode shown(JsonNode event) {
        return reveal ? event : PhoneNumberMask.mask(event);
    }

    private String shown(String text) {
        return reveal ? text : PhoneNumberMask.mask(text);
    }

    private static void copy(JsonNode data, String field, ObjectNode to) {
        if (data.has(field)) {
            to.set(field, data.get(field));
        }
    }

    /** What a provider sends must not move the cursor. */
    /** Without what would move the cursor, or colour the rest. */
    static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0080-\\u009f]", " ");
    }

    private static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
