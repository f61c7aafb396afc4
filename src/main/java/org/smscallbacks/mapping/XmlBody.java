package org.smscallbacks.mapping;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.xml.XmlFactory;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** A body of XML as a tree: attributes are fields, and so are elements; what comes several times is an array. No DTD, no entities. */
final class XmlBody {

    private static final XMLInputFactory READERS = readers();
    private static final XmlFactory PARSERS = XmlFactory.builder()
            .streamReadConstraints(BodyLimits.CONSTRAINTS)
            .xmlInputFactory(READERS)
            .build();
    private static final XmlMapper MAPPER = BodyLimits.on(new XmlMapper(PARSERS));

    private XmlBody() {}

    private static XMLInputFactory readers() {
        var factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, BodyLimits.DEEPEST);
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_COUNT, (long) BodyLimits.MOST_TOKENS);
        factory.setProperty(WstxInputProperties.P_MAX_TEXT_LENGTH, BodyLimits.LONGEST_TEXT);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, BodyLimits.LONGEST_TEXT);
        return factory;
    }

    /** Whether the first character is &lt;. */
    static boolean startsLike(byte[] bytes) {
        for (var b : bytes) {
            // the bytes of a byte order mark, and the zeros of UTF-16
            boolean ignorable = isBlank(b)
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

    /**
     * @param charset of the HTTP header, which counts where the bytes are not what they say, or null
     */
    static JsonNode read(byte[] bytes, Charset charset) throws XMLStreamException, IOException {
        int start = blanksBefore(bytes);
        try {
            return read(READERS.createXMLStreamReader(new ByteArrayInputStream(bytes, start, bytes.length - start)));
        } catch (XMLStreamException | IOException e) {
            var mended = XmlText.mended(bytes, start, charset);
            if (mended == null) {
                throw e;
            }
            return read(READERS.createXMLStreamReader(new StringReader(mended)));
        }
    }

    private static JsonNode read(XMLStreamReader reader) throws XMLStreamException, IOException {
        try {
            while (reader.next() != XMLStreamConstants.START_ELEMENT) {
                if (reader.getEventType() == XMLStreamConstants.DTD) {
                    throw new XMLStreamException("a document type is not allowed", reader.getLocation());
                }
            }
            JsonNode tree = MAPPER.readTree(PARSERS.createParser(reader));
            while (reader.hasNext()) {
                reader.next();
            }
            return tree;
        } finally {
            reader.close();
        }
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
}
