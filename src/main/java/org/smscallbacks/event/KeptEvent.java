package org.smscallbacks.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/** An unrecognised event that is replayed: it keeps an item, or the whole body, of an earlier callback. */
public final class KeptEvent {

    /** Whatever the gateway itself wrote must be read, digit for digit. */
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxNumberLength(10_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final ObjectNode event;
    private final JsonNode data;
    private final Instant receivedAt;

    private KeptEvent(ObjectNode event) {
        this.event = event;
        this.data = event.path("data");
        this.receivedAt = Instant.parse(event.path("receivedat").asText());
    }

    /** The event in a message's text, or null when it is not one that a gateway wrote. */
    public static KeptEvent in(String text) {
        try {
            return text != null && JSON.readTree(text) instanceof ObjectNode event && isUnrecognised(event)
                    ? new KeptEvent(event)
                    : null;
        } catch (IOException | DateTimeException e) {
            return null;
        }
    }

    private static boolean isUnrecognised(ObjectNode event) throws IOException {
        var data = event.path("data");
        return EventType.UNRECOGNISED.is(event.path("type").asText())
                && event.path("id").isTextual()
                && data.path("provider").isTextual()
                && data.path("account").isTextual()
                && (data.has("raw") || data.path("rawBase64").binaryValue() != null)
                && (!data.has("index") || data.path("index").isInt());
    }

    public String provider() {
        return data.get("provider").textValue();
    }

    public String account() {
        return data.get("account").textValue();
    }

    Instant receivedAt() {
        return receivedAt;
    }

    /** Whether it keeps one item of a batch. */
    boolean isItem() {
        return data.has("index");
    }

    /** The item's place in its batch. */
    int index() {
        return data.get("index").intValue();
    }

    /** How the body it keeps was written; of an item it is not known. */
    String format() {
        return data.path(Callback.FORMAT).asText("json");
    }

    /** The parameters its URL had beside the token, where they are kept. */
    JsonNode query() {
        var query = data.path(Callback.QUERY);
        return query.isObject() ? query : NullNode.instance;
    }

    /** An item, or a body that was read, is a tree; any other body is the bytes that came. */
    public Object body() throws IOException {
        if (data.has("rawBase64")) {
            return data.get("rawBase64").binaryValue();
        }
        var raw = data.get("raw");
        return raw.isTextual() && !isItem() ? raw.textValue().getBytes(StandardCharsets.UTF_8) : raw;
    }

    /** The same as bytes. */
    byte[] bytes() throws IOException {
        return body() instanceof byte[] bytes ? bytes : JSON.writeValueAsBytes(data.get("raw"));
    }

    ObjectNode copy() {
        return event.deepCopy();
    }
}
