package org.smscallbacks.fuzz;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * A callback as bytes: the first says how it comes, the others are its body, or the query of a GET.
 *
 * @param charset the one its header names, or null
 */
public record Request(boolean isGet, byte[] body, Charset charset) {

    private static final ObjectWriter JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer();
    private static final Charset[] CHARSETS = {
        null, null, StandardCharsets.UTF_8, Charset.forName("windows-1251"), StandardCharsets.UTF_16LE
    };
    private static final int GET = 1;

    /** Any bytes are one. */
    public static Request of(byte[] bytes) {
        int kind = bytes.length == 0 ? 0 : Math.floorMod(bytes[0], CHARSETS.length);
        var body = bytes.length == 0 ? bytes : Arrays.copyOfRange(bytes, 1, bytes.length);
        return kind == GET ? get(body) : new Request(false, body, CHARSETS[kind]);
    }

    /** The callback of a fixture, as bytes. */
    public static byte[] bytesOf(Path fixture) throws IOException {
        boolean isGet = fixture.toString().endsWith(".query");
        var content = Files.readAllBytes(fixture);
        if (isGet) {
            content = new String(content, StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8);
        }
        var bytes = new byte[content.length + 1];
        bytes[0] = (byte) (isGet ? GET : 0);
        System.arraycopy(content, 0, bytes, 1, content.length);
        return bytes;
    }

    /** A body of JSON; what has no UTF-8 in it is written as an escape. */
    static Request json(Object tree) {
        try {
            return new Request(false, JSON.writeValueAsBytes(tree), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The item's fields as a form or as the query of a GET. */
    static Request form(JsonNode item, boolean isGet) {
        var fields = new ArrayList<String>();
        for (var field : item.properties()) {
            fields.add(URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                    + URLEncoder.encode(field.getValue().textValue(), StandardCharsets.UTF_8));
        }
        return new Request(isGet, String.join("&", fields).getBytes(StandardCharsets.UTF_8), null);
    }

    /** What a request line can hold: whatever else there is comes as its escape. */
    private static Request get(byte[] query) {
        var written = new StringBuilder(query.length);
        for (var each : query) {
            if (each > ' ' && each < 0x7F && each != '#') {
                written.append((char) each);
            } else {
                written.append("%%%02X".formatted(each));
            }
        }
        return new Request(true, written.toString().getBytes(StandardCharsets.US_ASCII), null);
    }

    /** The body, where it is UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
