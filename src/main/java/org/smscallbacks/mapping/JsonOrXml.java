package org.smscallbacks.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import org.apache.camel.Exchange;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.support.service.ServiceSupport;
import org.smscallbacks.event.Callback;

/**
 * Reads a body as a Jackson tree: XML when its first character is &lt;, a form when it is names and values, else JSON; never by
 * Content-Type, which providers get wrong.
 * A body that is neither becomes its own text (bytes, where it is not UTF-8), so that the route keeps it like any other item it
 * does not understand, and the {@link Callback} and the variable <code>unreadable</code> say why.
 *
 * <p>Lenient where it costs nothing (trailing commas, BOM), strict where a body could hurt: see {@link BodyLimits}.
 */
public final class JsonOrXml extends ServiceSupport implements DataFormat {

    private static final ObjectMapper JSON = BodyLimits.on(JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(BodyLimits.CONSTRAINTS)
                    .build())
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            // a line break that nobody escaped costs nothing
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // of two "results" one would vanish
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build());

    @Override
    public Object unmarshal(Exchange exchange, InputStream stream) throws Exception {
        return unmarshal(exchange, stream.readAllBytes());
    }

    @Override
    public Object unmarshal(Exchange exchange, Object body) throws Exception {
        var callback = Callback.of(exchange);
        if (body instanceof JsonNode read) {
            // a replay; how it was written is not known any more
            callback.tree(read);
            return read;
        }
        var bytes = exchange.getContext().getTypeConverter().mandatoryConvertTo(byte[].class, exchange, body);
        boolean form = FormFields.looksLike(bytes);
        boolean xml = !form && XmlBody.startsLike(bytes);
        if (!form) {
            callback.format(xml ? "xml" : "json");
        }
        String reason;
        try {
            if (form) {
                var fields = FormFields.read(FormFields.parameters(bytes));
                callback.tree(fields);
                return fields;
            }
            var tree = xml ? XmlBody.read(bytes, callback.charset()) : json(bytes, callback.charset());
            if (!tree.isMissingNode()) {
                callback.tree(tree);
                return tree;
            }
            reason = "the body is empty";
        } catch (BodyLimits.TooManyItemsException e) {
            reason = e.getMessage();
        } catch (CharConversionException | RuntimeException e) {
            // whatever a parser trips over, the body is kept
            reason = unreadable(xml, 0, 0);
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            reason = place == null ? unreadable(xml, 0, 0) : unreadable(xml, place.getLineNr(), place.getColumnNr());
        } catch (XMLStreamException e) {
            var place = e.getLocation();
            reason = place == null
                    ? unreadable(xml, 0, 0)
                    : unreadable(xml, place.getLineNumber(), place.getColumnNumber());
        }
        callback.unreadable(reason);
        exchange.setVariable("unreadable", reason);
        return asItIs(bytes);
    }

    /** The charset counts only for what is not UTF-8, or any other that JSON allows. */
    private static JsonNode json(byte[] bytes, Charset charset) throws IOException {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            if (charset == null || charset.equals(StandardCharsets.UTF_8)) {
                throw e;
            }
            return JSON.readTree(new String(bytes, charset));
        }
    }

    /**
     * What a form or a JSON object says, name by name, in its order; what is no text as JSON. Null for any other body, and for one with
     * more fields than any callback has.
     */
    public static List<Map.Entry<String, String>> fields(byte[] body) {
        try {
            if (FormFields.looksLike(body)) {
                return FormFields.parameters(body);
            }
            var fields = new ArrayList<Map.Entry<String, String>>();
            if (!(JSON.readTree(body) instanceof ObjectNode object) || object.size() > FormFields.MOST) {
                return null;
            }
            for (var field : object.properties()) {
                var value = field.getValue();
                if (!value.isNull()) {
                    fields.add(Map.entry(field.getKey(), value.isValueNode() ? value.asText() : value.toString()));
                }
            }
            return fields;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static String unreadable(boolean xml, int line, int column) {
        return "the body is not " + (xml ? "XML" : "JSON") + " within the limits"
                + (line > 0 ? ": line " + line + ", column " + column : "");
    }

    @Override
    public void marshal(Exchange exchange, Object graph, OutputStream stream) {
        throw new UnsupportedOperationException("reads only");
    }

    /** The bytes as text where they are UTF-8, else as binary. */
    public static ValueNode asItIs(byte[] bytes) {
        try {
            return TextNode.valueOf(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return BinaryNode.valueOf(bytes);
        }
    }
}
