package org.smscallbacks.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A text with parts of a request in it, as <code>${header.X-Timestamp}.${body}</code>. Parts are <code>body</code>,
 * <code>body.sha256</code> (hex), <code>body.sha256.bytes</code>, <code>url</code>, <code>url.without-query</code>,
 * <code>query.sorted</code>, <code>form.sorted</code>, <code>header.NAME</code> and <code>query.NAME</code>.
 */
final class SignedText {

    private static final Pattern PART = Pattern.compile("\\$\\{([^}]*)}");
    private static final String HEADER = "header.";
    private static final String QUERY = "query.";
    private static final byte[] NOTHING = {};

    private final List<Function<SignedRequest, byte[]>> parts = new ArrayList<>();

    /** @throws IllegalArgumentException for a part that no request has */
    SignedText(String template) {
        var matcher = PART.matcher(template);
        int end = 0;
        while (matcher.find()) {
            add(template.substring(end, matcher.start()));
            parts.add(part(matcher.group(1)));
            end = matcher.end();
        }
        add(template.substring(end));
    }

    private void add(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        parts.add(request -> bytes);
    }

    private static Function<SignedRequest, byte[]> part(String name) {
        return switch (name) {
            case "body" -> SignedRequest::body;
            case "body.sha256" -> request -> bytes(HexFormat.of().formatHex(sha256(request.body())));
            case "body.sha256.bytes" -> request -> sha256(request.body());
            case "url" -> request -> bytes(request.url());
            case "url.without-query" -> request -> bytes(request.url().replaceFirst("\\?.*", ""));
            case "query.sorted" -> request -> SignedRequest.sorted(request.query());
            case "form.sorted" -> request -> SignedRequest.sorted(request.form().get());
            default -> {
                var source = source(name);
                yield request -> bytes(source.apply(request));
            }
        };
    }

    /**
     * Where one value stands in a request: <code>header.NAME</code> or <code>query.NAME</code>.
     *
     * @throws IllegalArgumentException for anything else
     */
    static Function<SignedRequest, String> source(String name) {
        if (name.startsWith(HEADER) && name.length() > HEADER.length()) {
            return request -> request.header().apply(name.substring(HEADER.length()));
        }
        if (name.startsWith(QUERY) && name.length() > QUERY.length()) {
            return request -> request.parameter(name.substring(QUERY.length()));
        }
        throw new IllegalArgumentException(name + " is no part of a request: write header.NAME or query.NAME"
                + ", and in what is signed also body, body.sha256, body.sha256.bytes, url, url.without-query, query.sorted"
                + " or form.sorted");
    }

    byte[] of(SignedRequest request) {
        var bytes = new ByteArrayOutputStream();
        parts.forEach(part -> bytes.writeBytes(part.apply(request)));
        return bytes.toByteArray();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text == null ? NOTHING : text.getBytes(StandardCharsets.UTF_8);
    }
}
