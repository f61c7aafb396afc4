package org.smscallbacks.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.support.service.ServiceSupport;
import org.smscallbacks.event.Callback;

/**
 * Reads a raw query string or a form body as a Jackson object: only <code>&amp;</code> parts fields, so that a raw
 * <code>;</code> stays in its value. A name that comes more than once has an array. What is not UTF-8 stays encoded.
 */
public final class FormFields extends ServiceSupport implements DataFormat {

    /** Java itself would read %+d as a character. */
    private static final Pattern NO_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    /** What stands in no name of a form, however it is encoded, but in JSON and XML before any <code>=</code>. */
    private static final String NO_NAME = "{}\"<>,:";

    /** Fields of one callback: no provider has a hundred, and each takes many times the memory of its bytes. */
    static final int MOST = 10_000;

    private static final String REPLACEMENT = "\uFFFD";
    private static final String REPLACEMENT_ENCODED = "%EF%BF%BD";

    @Override
    public Object unmarshal(Exchange exchange, InputStream stream) throws Exception {
        return unmarshal(exchange, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    }

    @Override
    public Object unmarshal(Exchange exchange, Object body) throws Exception {
        if (body instanceof JsonNode read) {
            // a replay
            Callback.of(exchange).tree(read);
            return read;
        }
        var text = exchange.getContext().getTypeConverter().convertTo(String.class, exchange, body);
        var fields = read(text);
        // whoever sends nothing asks whether the URL works: there is no item
        JsonNode tree = fields.isEmpty() ? JsonNodeFactory.instance.arrayNode() : fields;
        Callback.of(exchange).tree(tree);
        return tree;
    }

    /** Whether these bytes are names and values, and nothing that JSON or XML could begin with. */
    static boolean looksLike(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '=') {
                return i > 0;
            }
            if (NO_NAME.indexOf(bytes[i]) >= 0 || bytes[i] <= ' ') {
                return false;
            }
        }
        return false;
    }

    /**
     * The fields of a body, each name and its value, decoded, in their order.
     *
     * @throws BodyLimits.TooManyItemsException when they are more than a callback can have
     */
    static List<Map.Entry<String, String>> parameters(byte[] form) {
        int count = 1;
        for (byte each : form) {
            count += each == '&' ? 1 : 0;
        }
        if (count > MOST) {
            throw new BodyLimits.TooManyItemsException("more than " + MOST + " fields in a form");
        }
        return parameters(new String(form, StandardCharsets.UTF_8).strip());
    }

    /** The fields of a query or a form; a name that comes several times has an array. */
    public static ObjectNode read(String text) {
        return read(parameters(text));
    }

    static ObjectNode read(List<Map.Entry<String, String>> parameters) {
        var fields = JsonNodeFactory.instance.objectNode();
        parameters.forEach(field -> add(fields, field.getKey(), TextNode.valueOf(field.getValue())));
        return fields;
    }

    /** Each name and its value, decoded, in their order. */
    public static List<Map.Entry<String, String>> parameters(String text) {
        var parameters = new ArrayList<Map.Entry<String, String>>();
        int begin = 0;
        while (text != null && begin < text.length()) {
            int end = text.indexOf('&', begin);
            var field = text.substring(begin, end < 0 ? text.length() : end);
            begin += field.length() + 1;
            int equals = field.indexOf('=');
            if (!field.isEmpty()) {
                var name = decoded(equals < 0 ? field : field.substring(0, equals));
                parameters.add(Map.entry(name, equals < 0 ? "" : decoded(field.substring(equals + 1))));
            }
        }
        return parameters;
    }

    @Override
    public void marshal(Exchange exchange, Object graph, OutputStream stream) {
        throw new UnsupportedOperationException("reads only");
    }

    private static void add(ObjectNode fields, String name, TextNode value) {
        var known = fields.get(name);
        if (known instanceof ArrayNode several) {
            several.add(value);
        } else if (known != null) {
            fields.set(name, fields.arrayNode().add(known).add(value));
        } else {
            fields.set(name, value);
        }
    }

    /** The text a part of a query stands for; a part that is not percent-encoded UTF-8 throughout stays as it is. */
    public static String decoded(String text) {
        if (NO_ESCAPE.matcher(text).find()) {
            return text;
        }
        var decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
        // the bytes behind a replacement character that nobody sent would be lost for good
        return decoded.contains(REPLACEMENT) && !text.toUpperCase(Locale.ROOT).contains(REPLACEMENT_ENCODED)
                ? text
                : decoded;
    }
}
