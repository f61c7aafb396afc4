package org.smscallbacks.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A text with parts of a request in it, as <code>${header.X-Timestamp}.${body}</code>. Parts are <code>body</code>,
 * <code>body.sha256</code> (hex), <code>body.sha256.bytes</code>, <code>url</code>, <code>url.sha256</code> (hex),
 * <code>url.without-query</code>, <code>query.sorted</code>, <code>form.sorted</code>, <code>fields.joined</code>,
 * <code>header.NAME</code>, <code>query.NAME</code> and <code>field.NAME</code>.
 */
final class SignedText {

    private static final Pattern PART = Pattern.compile("\\$\\{([^}]*)}");
    private static final String QUERY = "query.";
    private static final String FIELD = "field.";
    private static final byte[] NOTHING = {};

    private final List<Function<SignedRequest, byte[]>> parts = new ArrayList<>();
    private final Set<String> covered = new HashSet<>();
    private final String signatureField;

    /** @throws IllegalArgumentException for a part that no request has */
    SignedText(String template) {
        this(template, "");
    }

    /**
     * @param signature where the signature itself stands: it is not among the fields that are signed
     * @throws IllegalArgumentException for a part that no request has
     */
    SignedText(String template, String signature) {
        this.signatureField = signature.startsWith(FIELD) ? signature.substring(FIELD.length()) : "";
        var matcher = PART.matcher(template);
        int end = 0;
        while (matcher.find()) {
            add(template.substring(end, matcher.start()));
            parts.add(part(matcher.group(1)));
            covered.add(matcher.group(1));
            end = matcher.end();
        }
        add(template.substring(end));
    }

    private void add(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        parts.add(request -> bytes);
    }

    private Function<SignedRequest, byte[]> part(String name) {
        return switch (name) {
            case "body" -> SignedRequest::body;
            case "body.sha256" -> request -> bytes(hex(sha256(request.body())));
            case "body.sha256.bytes" -> request -> sha256(request.body());
            case "url" -> request -> bytes(request.url());
            case "url.sha256" -> request -> bytes(hex(sha256(bytes(request.url()))));
            case "url.without-query" -> request -> bytes(request.url().replaceFirst("\\?.*", ""));
            case "query.sorted" -> request -> SignedRequest.sorted(request.query());
            case "form.sorted" -> request -> SignedRequest.sorted(request.form());
            case "fields.joined" -> request -> SignedRequest.joined(signedFields(request));
            default -> {
                var place = RequestPlace.of(name);
                yield request -> bytes(place.in(request));
            }
        };
    }

    private List<Map.Entry<String, String>> signedFields(SignedRequest request) {
        return request.fields().stream()
                .filter(field -> !field.getKey().equals(signatureField))
                .toList();
    }

    /** Whether it changes with the URL. */
    boolean coversUrl() {
        return covered.stream().anyMatch(part -> part.startsWith("url"));
    }

    /** Whether it changes with whatever a request says, be it in a body or in the query of a GET. */
    boolean coversContent() {
        return covered.contains("fields.joined")
                || covered.stream().anyMatch(part -> part.startsWith("body"))
                || covered.contains("form.sorted") && coversQuery();
    }

    private boolean coversQuery() {
        return covered.contains("url") || covered.contains("url.sha256") || covered.contains("query.sorted");
    }

    /** Whether it changes with the value that stands there. */
    boolean coversSource(String source) {
        return covered.contains(source)
                || source.startsWith(QUERY) && coversQuery()
                || source.startsWith(FIELD) && coversContent();
    }

    /**
     * The texts that can be meant: with fields that are empty, and without them, since Vonage's own libraries do not agree whether these
     * are signed.
     *
     * @throws UnreadableContentException when it is over fields, and the body has none
     */
    List<byte[]> readings(SignedRequest request) {
        var text = of(request);
        if (!covered.contains("fields.joined")) {
            return List.of(text);
        }
        var fields = request.fields();
        var filled =
                fields.stream().filter(field -> !field.getValue().isEmpty()).toList();
        return filled.size() == fields.size()
                ? List.of(text)
                : List.of(
                        text,
                        of(new SignedRequest(
                                request.isGet(),
                                request.header(),
                                request.url(),
                                filled,
                                () -> filled,
                                request.body())));
    }

    /** @throws UnreadableContentException when it is over fields, and the body has none */
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

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(String text) {
        return text == null ? NOTHING : text.getBytes(StandardCharsets.UTF_8);
    }
}
