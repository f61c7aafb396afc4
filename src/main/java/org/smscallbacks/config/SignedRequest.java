package org.smscallbacks.config;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What of a request a signature can be over.
 *
 * @param isGet whether it says what it has to say in its query
 * @param header the value of a header, or null
 * @param url the URL as the provider calls it, with its query
 * @param query the parameters of the query, decoded, in their order; a name can come several times, a value can be empty
 * @param content the same of a body that is a form or a JSON object, null of any other
 * @param body the bytes as they came; of a GET its raw query
 */
public record SignedRequest(
        boolean isGet,
        UnaryOperator<String> header,
        String url,
        List<Map.Entry<String, String>> query,
        Supplier<List<Map.Entry<String, String>>> content,
        byte[] body) {

    /** The same request, called by another URL. */
    public SignedRequest calledBy(String otherUrl) {
        return new SignedRequest(isGet, header, otherUrl, query, content, body);
    }

    /** Whether there is anything beside the URL. */
    boolean hasPayload() {
        return !isGet && body.length > 0;
    }

    /**
     * What the body says, name by name; nothing for a GET.
     *
     * @throws UnreadableContentException when it says something else
     */
    List<Map.Entry<String, String>> form() {
        return hasPayload() ? readable(content.get()) : List.of();
    }

    /**
     * What the request says, name by name, wherever it says it.
     *
     * @throws UnreadableContentException when it says something else
     */
    List<Map.Entry<String, String>> fields() {
        return isGet ? query : form();
    }

    private static List<Map.Entry<String, String>> readable(List<Map.Entry<String, String>> fields) {
        if (fields == null) {
            throw new UnreadableContentException();
        }
        return fields;
    }

    /** The first value of this name, or null. */
    static String first(List<Map.Entry<String, String>> parameters, String name) {
        return parameters.stream()
                .filter(parameter -> parameter.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** By name, several of one name in their order, each name immediately followed by its value. */
    static byte[] sorted(List<Map.Entry<String, String>> parameters) {
        var text = new StringBuilder();
        parameters.stream().sorted(Map.Entry.comparingByKey()).forEach(parameter -> text.append(parameter.getKey())
                .append(parameter.getValue()));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * By name, each as <code>&amp;name=value</code>, where a <code>&amp;</code> or <code>=</code> of theirs is <code>_</code>: how Vonage
     * signs, developer.vonage.com, "Signing messages".
     */
    static byte[] joined(List<Map.Entry<String, String>> parameters) {
        var text = new StringBuilder();
        parameters.stream().sorted(Comparator.comparing(Map.Entry::getKey)).forEach(parameter -> text.append('&')
                .append(withoutSeparators(parameter.getKey()))
                .append('=')
                .append(withoutSeparators(parameter.getValue())));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String withoutSeparators(String text) {
        return text.replace('&', '_').replace('=', '_');
    }
}
