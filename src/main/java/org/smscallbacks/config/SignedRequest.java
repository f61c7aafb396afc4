package org.smscallbacks.config;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What of a request a signature can be over.
 *
 * @param header the value of a header, or null
 * @param url the URL as the provider calls it, with its query
 * @param query the parameters of the query, decoded, in their order; a name can come several times, a value can be empty
 * @param form the same of a body that is a form
 * @param body the bytes as they came; of a GET its raw query
 */
public record SignedRequest(
        UnaryOperator<String> header,
        String url,
        List<Map.Entry<String, String>> query,
        Supplier<List<Map.Entry<String, String>>> form,
        byte[] body) {

    /** The first parameter of this name in the query, or null. */
    String parameter(String name) {
        return query.stream()
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
}
