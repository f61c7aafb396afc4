package org.smscallbacks.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * Writes an event: the one place where it becomes text, and where it is made sure that whoever reads it can. JSON can say half a
 * character, <code>"\ud83d"</code>, and Java can hold it, but it has no UTF-8: a broker's AMQP consumers never see such a message, and
 * after a restart it is gone.
 */
public final class EventWriter {

    private static final ObjectWriter JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build()
            .writer();
    private static final char REPLACEMENT = '\uFFFD';
    private static final String DATA = "data";
    private static final String RAW = "raw";

    private EventWriter() {}

    /** The event as JSON; half a character becomes U+FFFD in the event itself, and stays in <code>raw</code> as a JSON escape. */
    public static String write(JsonNode event) {
        var text = text(event);
        if (isWhole(text)) {
            return text;
        }
        if (event instanceof ObjectNode fields) {
            mend(fields);
        }
        return escaped(text(event));
    }

    private static String text(JsonNode event) {
        try {
            return JSON.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event that cannot be written", e);
        }
    }

    /** Whether the text has no half of a character. */
    public static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (isHalf(text, i)) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static boolean isHalf(String text, int place) {
        return !(Character.isHighSurrogate(text.charAt(place))
                && place + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(place + 1)));
    }

    /** What a mapping took over may also be a part of the item: it is replaced, not changed. */
    private static void mend(ObjectNode fields) {
        for (var field : fields.properties()) {
            if (field.getKey().equals(DATA) && field.getValue() instanceof ObjectNode data) {
                for (var own : data.properties()) {
                    if (!own.getKey().equals(RAW)) {
                        own.setValue(mended(own.getValue()));
                    }
                }
            } else {
                field.setValue(mended(field.getValue()));
            }
        }
    }

    private static JsonNode mended(JsonNode node) {
        if (node.isTextual()) {
            return isWhole(node.textValue()) ? node : TextNode.valueOf(replaced(node.textValue()));
        }
        if (node.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode(node.size());
            node.forEach(element -> array.add(mended(element)));
            return array;
        }
        if (node.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> object.set(replaced(field.getKey()), mended(field.getValue())));
            return object;
        }
        return node;
    }

    private static String replaced(String text) {
        var whole = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (isHalf(text, i)) {
                    whole.setCharAt(i, REPLACEMENT);
                } else {
                    i++;
                }
            }
        }
        return whole.toString();
    }

    /** What is left stands in a string of JSON, wherever it is. */
    private static String escaped(String json) {
        var escaped = new StringBuilder(json.length() + 64);
        for (int i = 0; i < json.length(); i++) {
            char letter = json.charAt(i);
            if (!Character.isSurrogate(letter)) {
                escaped.append(letter);
            } else if (isHalf(json, i)) {
                escaped.append("\\u").append(Integer.toHexString(letter));
            } else {
                escaped.append(letter).append(json.charAt(++i));
            }
        }
        return escaped.toString();
    }
}
