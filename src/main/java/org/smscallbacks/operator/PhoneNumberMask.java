package org.smscallbacks.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Hides phone numbers: of seven or more digits in a row the first three and the last two stay. Spaces, dashes and brackets between
 * digits do not part them; a date and time in ISO order is none. Ids, times and codes of the event stay readable, and its message
 * id wherever it is repeated.
 */
public final class PhoneNumberMask {

    private static final Pattern NUMBER =
            Pattern.compile("(?<time>(?<!\\d)\\d{4}-\\d{2}-\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?)?)"
                    + "|\\p{Nd}(?:[ ()-]{0,2}\\p{Nd}){6,}");
    private static final Pattern DIGIT = Pattern.compile("\\p{Nd}");
    private static final int FIRST = 3;
    private static final int LAST = 2;

    /** Fields of <code>data</code> that never hold a number of a subscriber. */
    private static final Set<String> READABLE = Set.of(
            "provider",
            "account",
            "messageId",
            "bulkId",
            "status",
            "sentAt",
            "doneAt",
            "receivedAt",
            "clickedAt",
            "mccMnc",
            "entityId",
            "applicationId",
            "campaignReferenceId",
            "price",
            "parts",
            "index");

    private PhoneNumberMask() {}

    /** The text with its numbers hidden. */
    public static String mask(String text) {
        return text == null ? null : NUMBER.matcher(text).replaceAll(PhoneNumberMask::hidden);
    }

    private static String hidden(MatchResult match) {
        var found = match.group();
        if (match.group(1) != null) {
            return found;
        }
        int digits = (int) DIGIT.matcher(found).results().count();
        var hidden = new StringBuilder();
        int place = 0;
        for (int character : found.codePoints().toArray()) {
            if (Character.isDigit(character)) {
                place++;
                hidden.appendCodePoint(place <= FIRST || place > digits - LAST ? character : '*');
            } else {
                hidden.appendCodePoint(character);
            }
        }
        return hidden.toString();
    }

    /** A copy of the event with its numbers hidden. */
    public static JsonNode mask(JsonNode event) {
        if (!(event instanceof ObjectNode object) || !(object.get("data") instanceof ObjectNode data)) {
            return hide(event, "");
        }
        var messageId = data.path("messageId").asText();
        var masked = JsonNodeFactory.instance.objectNode();
        data.fields().forEachRemaining(field -> {
            var name = field.getKey();
            var value = field.getValue();
            if (name.equals("rawBase64")) {
                value = TextNode.valueOf("(" + value.asText().length() + " characters of base64, hidden as well)");
            } else if (!READABLE.contains(name)) {
                value = hide(value, messageId);
            }
            masked.set(name, value);
        });
        ObjectNode copy = object.objectNode();
        copy.setAll(object);
        copy.set("data", masked);
        return copy;
    }

    private static JsonNode hide(JsonNode node, String messageId) {
        if (node.isObject()) {
            var copy = JsonNodeFactory.instance.objectNode();
            node.fields().forEachRemaining(field -> copy.set(mask(field.getKey()), hide(field.getValue(), messageId)));
            return copy;
        }
        if (node.isArray()) {
            var copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> copy.add(hide(element, messageId)));
            return copy;
        }
        var text = node.asText();
        if (text.equals(messageId) && !messageId.isEmpty()) {
            return node;
        }
        var masked = mask(text);
        return masked.equals(text) ? node : TextNode.valueOf(masked);
    }
}
