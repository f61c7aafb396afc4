package org.smscallbacks.mapping;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import com.fasterxml.jackson.dataformat.xml.XmlFactory;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.apache.camel.Exchange;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.support.service.ServiceSupport;
import org.smscallbacks.event.Callback;

/**
 * Reads a body as a Jackson tree: XML when its first character is &lt;, else JSON; never by Content-Type, which providers get wrong.
 * A body that is neither becomes its own text (bytes, where it is not UTF-8), so that the route keeps it like any other item it
 * does not understand, and the {@link Callback} and the variable <code>unreadable</code> say why.
 *
 * <p>Lenient where it costs nothing (trailing commas, BOM), strict where a body could hurt: depth 64, 10 000 items, 1 MiB of
 * text, no DTD, no entities. Decimal numbers keep every digit.
 */
public final class JsonOrXml extends ServiceSupport implements DataFormat {

    private static final int DEEPEST = 64;
    private static final int MOST_ITEMS = 10_000;
    private static final int LONGEST_TEXT = 1 << 20;

    /** Names and values in one body: what 10 000 items of the longest kind have. */
    private static final int MOST_TOKENS = 1_000_000;

    private static final int LARGEST_SCALE = 1_000;

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST)
            .maxStringLength(LONGEST_TEXT)
            .maxNameLength(LONGEST_TEXT)
            .maxTokenCount(MOST_TOKENS)
            .build();

    private static final ObjectMapper JSON = exact(JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(LIMITS).build())
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // of two "results" one would vanish
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build());

    private static final XMLInputFactory XML_READERS = safeXml();
    private static final XmlFactory XML_PARSERS = XmlFactory.builder()
            .streamReadConstraints(LIMITS)
            .xmlInputFactory(XML_READERS)
            .build();
    private static final ObjectMapper XML = exact(new XmlMapper(XML_PARSERS));

    private static ObjectMapper exact(ObjectMapper mapper) {
        mapper.setNodeFactory(new LimitedNodes());
        return mapper.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);
    }

    private static XMLInputFactory safeXml() {
        var factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, DEEPEST);
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_COUNT, (long) MOST_TOKENS);
        factory.setProperty(WstxInputProperties.P_MAX_TEXT_LENGTH, LONGEST_TEXT);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, LONGEST_TEXT);
        return factory;
    }

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
        var xml = startsLikeXml(bytes);
        callback.format(xml ? "xml" : "json");
        try {
            var tree = xml ? readXml(bytes) : JSON.readTree(bytes);
            if (tree.isMissingNode()) {
                unreadable(exchange, "the body is empty");
            } else {
                callback.tree(tree);
                return tree;
            }
        } catch (TooManyItems e) {
            unreadable(exchange, e.getMessage());
        } catch (CharConversionException | RuntimeException e) {
            // whatever a parser trips over, the body is kept
            unreadable(exchange, xml, 0, 0);
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            unreadable(exchange, xml, place == null ? 0 : place.getLineNr(), place == null ? 0 : place.getColumnNr());
        } catch (XMLStreamException e) {
            var place = e.getLocation();
            unreadable(
                    exchange,
                    xml,
                    place == null ? 0 : place.getLineNumber(),
                    place == null ? 0 : place.getColumnNumber());
        }
        return asItIs(bytes);
    }

    private static JsonNode readXml(byte[] bytes) throws XMLStreamException, IOException {
        int start = blanksBefore(bytes);
        var reader = XML_READERS.createXMLStreamReader(new ByteArrayInputStream(bytes, start, bytes.length - start));
        try {
            while (reader.next() != XMLStreamConstants.START_ELEMENT) {
                if (reader.getEventType() == XMLStreamConstants.DTD) {
                    throw new XMLStreamException("a document type is not allowed", reader.getLocation());
                }
            }
            JsonNode tree = XML.readTree(XML_PARSERS.createParser(reader));
            while (reader.hasNext()) {
                reader.next();
            }
            return tree;
        } finally {
            reader.close();
        }
    }

    private static void unreadable(Exchange exchange, boolean xml, int line, int column) {
        unreadable(
                exchange,
                "the body is not " + (xml ? "XML" : "JSON") + " within the limits"
                        + (line > 0 ? ": line " + line + ", column " + column : ""));
    }

    private static void unreadable(Exchange exchange, String reason) {
        Callback.of(exchange).unreadable(reason);
        exchange.setVariable("unreadable", reason);
    }

    @Override
    public void marshal(Exchange exchange, Object graph, OutputStream stream) throws IOException {
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

    private static boolean startsLikeXml(byte[] bytes) {
        for (var b : bytes) {
            // the bytes of a byte order mark, and the zeros of UTF-16
            var ignorable = isBlank(b)
                    || b == 0
                    || b == (byte) 0xEF
                    || b == (byte) 0xBB
                    || b == (byte) 0xBF
                    || b == (byte) 0xFE
                    || b == (byte) 0xFF;
            if (!ignorable) {
                return b == '<';
            }
        }
        return false;
    }

    /** XML must begin with its declaration; some scripts print a line break before it. */
    private static int blanksBefore(byte[] bytes) {
        int blanks = 0;
        while (blanks < bytes.length && isBlank(bytes[blanks])) {
            blanks++;
        }
        return blanks;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    /** Arrays end at the limit, and so do exponents. */
    private static final class LimitedNodes extends JsonNodeFactory {

        private static final long serialVersionUID = 1L;

        private LimitedNodes() {
            super(true);
        }

        @Override
        public ArrayNode arrayNode() {
            return new LimitedArray(this);
        }

        @Override
        public ArrayNode arrayNode(int capacity) {
            return arrayNode();
        }

        @Override
        public ValueNode numberNode(BigDecimal number) {
            if (number != null && Math.abs(number.scale()) > LARGEST_SCALE) {
                // written out it would fill the memory
                return textNode(number.toString());
            }
            return super.numberNode(number);
        }
    }

    private static final class LimitedArray extends ArrayNode {

        private static final long serialVersionUID = 1L;

        private LimitedArray(JsonNodeFactory factory) {
            super(factory);
        }

        @Override
        public ArrayNode add(JsonNode value) {
            if (size() >= MOST_ITEMS) {
                throw new TooManyItems();
            }
            return super.add(value);
        }
    }

    private static final class TooManyItems extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private TooManyItems() {
            super("more than " + MOST_ITEMS + " items in an array", null, false, false);
        }
    }
}
