package org.smscallbacks.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.smscallbacks.event.Times;

/**
 * The functions the mappings have beside JSLT's own. Each gives null for what it cannot read and never fails on data, so an
 * odd field costs that field and not the item.
 *
 * <ul>
 *   <li><code>text(value)</code>: text and numbers as text, digits untouched; null for anything else and for ""
 *   <li><code>integer(value)</code>: a whole number, also from digits in text, of any size
 *   <li><code>decimal(value)</code>: a number as plain decimal text with every digit that was sent
 *   <li><code>flag(value)</code>: a boolean, also from "true" and "false"
 *   <li><code>e164(value)</code>: 7 to 15 digits with a plus sign; anything else as text
 *   <li><code>offset-time(value)</code>: a date and time with an offset, as RFC 3339 in UTC with milliseconds
 *   <li><code>local-time(value, pattern, zone)</code>: the same for a wall time, in a pattern of java.time
 *   <li><code>epoch-time(value)</code>: the same for milliseconds since 1970
 *   <li><code>lookup(table, {column: value})</code>: the first row of a CSV file under the routes that has these values, in whatever case
 *   <li><code>lowercase(value)</code>, <code>uppercase(value)</code>: as JSLT's own, but the same in whatever language the machine is set to
 * </ul>
 */
final class MappingFunctions {

    private static final String INTERNATIONAL_PREFIX = "00";
    private static final int SHORTEST_MSISDN = 7;
    private static final int LONGEST_MSISDN = 15;
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,100}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,100}(\\.[0-9]{1,100})?");
    private static final int LONGEST_PLAIN_NUMBER = 100;

    private MappingFunctions() {}

    static List<Function> with(Tables tables) {
        return List.of(
                one("text", MappingFunctions::textNode),
                one("integer", MappingFunctions::integer),
                one("decimal", MappingFunctions::decimal),
                one("flag", MappingFunctions::flag),
                one("e164", value -> e164(text(value))),
                one("offset-time", value -> textOrNull(Times.fromOffset(text(value)))),
                one("epoch-time", value -> textOrNull(Times.fromEpochMillis(integer(value)))),
                one("lowercase", value -> textOrNull(inCase(value, text -> text.toLowerCase(Locale.ROOT)))),
                one("uppercase", value -> textOrNull(inCase(value, text -> text.toUpperCase(Locale.ROOT)))),
                new Named("local-time", 3, MappingFunctions::localTime),
                new Named("lookup", 2, arguments -> lookup(tables, arguments)));
    }

    private static Function one(String name, UnaryOperator<JsonNode> body) {
        return new Named(name, 1, arguments -> body.apply(arguments[0]));
    }

    private static String inCase(JsonNode value, UnaryOperator<String> change) {
        return value.isValueNode() && !value.isNull() ? change.apply(value.asText()) : null;
    }

    private static JsonNode textNode(JsonNode value) {
        return value instanceof TextNode text && !text.textValue().isEmpty() ? text : textOrNull(text(value));
    }

    /** The scalar as text, or null for anything else and for "". */
    static String text(JsonNode value) {
        if (value instanceof TextNode text) {
            return text.textValue().isEmpty() ? null : text.textValue();
        }
        if (value instanceof NumericNode) {
            return plain(value);
        }
        return null;
    }

    private static String plain(JsonNode number) {
        if (number.isIntegralNumber()) {
            return number.asText();
        }
        BigDecimal decimal = number.decimalValue();
        return Math.abs(decimal.scale()) > LONGEST_PLAIN_NUMBER ? decimal.toString() : decimal.toPlainString();
    }

    private static JsonNode integer(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value;
        }
        var text = text(value);
        if (text == null || !WHOLE.matcher(text).matches()) {
            return NullNode.instance;
        }
        var number = new BigInteger(text);
        if (number.bitLength() < Integer.SIZE) {
            return IntNode.valueOf(number.intValue());
        }
        return number.bitLength() < Long.SIZE ? LongNode.valueOf(number.longValue()) : BigIntegerNode.valueOf(number);
    }

    private static JsonNode decimal(JsonNode value) {
        var text = text(value);
        return text != null && DECIMAL.matcher(text).matches() ? TextNode.valueOf(text) : NullNode.instance;
    }

    private static JsonNode flag(JsonNode value) {
        if (value.isBoolean()) {
            return value;
        }
        var text = text(value);
        if ("true".equalsIgnoreCase(text)) {
            return BooleanNode.TRUE;
        }
        return "false".equalsIgnoreCase(text) ? BooleanNode.FALSE : NullNode.instance;
    }

    private static JsonNode e164(String text) {
        if (text == null) {
            return NullNode.instance;
        }
        var number = text.startsWith(INTERNATIONAL_PREFIX) ? text.substring(INTERNATIONAL_PREFIX.length()) : text;
        return TextNode.valueOf(isMsisdn(number) ? "+" + number : text);
    }

    /** Whether it has as many digits as a number with country code, and nothing else; no country code begins with 0. */
    private static boolean isMsisdn(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() >= SHORTEST_MSISDN && text.length() <= LONGEST_MSISDN && text.charAt(0) != '0';
    }

    private static JsonNode localTime(JsonNode[] arguments) {
        var pattern = text(arguments[1]);
        var zone = text(arguments[2]);
        if (pattern == null || zone == null) {
            throw new JsltException("local-time() needs a pattern and a time zone");
        }
        try {
            return textOrNull(Times.fromWallTime(text(arguments[0]), pattern, ZoneId.of(zone)));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new JsltException("local-time(): no such pattern or time zone: " + pattern + ", " + zone);
        }
    }

    private static JsonNode lookup(Tables tables, JsonNode[] arguments) {
        if (!arguments[0].isTextual() || !arguments[1].isObject()) {
            throw new JsltException("lookup() needs a table's file and an object of columns and values");
        }
        var columns = new ArrayList<String>();
        var values = new ArrayList<String>();
        arguments[1].fields().forEachRemaining(field -> {
            columns.add(field.getKey());
            values.add(text(field.getValue()));
        });
        var row = tables.get(arguments[0].textValue()).row(columns, values);
        return row == null ? NullNode.instance : row;
    }

    private static JsonNode textOrNull(String text) {
        return text == null ? NullNode.instance : TextNode.valueOf(text);
    }

    /** A function with a fixed number of arguments. */
    private record Named(String name, int arguments, java.util.function.Function<JsonNode[], JsonNode> body)
            implements Function {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getMinArguments() {
            return arguments;
        }

        @Override
        public int getMaxArguments() {
            return arguments;
        }

        @Override
        public JsonNode call(JsonNode input, JsonNode[] values) {
            return body.apply(values);
        }
    }
}
