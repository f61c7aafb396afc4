package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.http.HttpResponse;
import java.util.Locale;

/** What <code>/openapi.json</code> promises: every answer that any test gets from a gateway is held against it. */
final class OpenApi {

    static final Contract CONTRACT = Contract.read("openapi.json");

    private static final String PROBLEM = "application/problem+json";

    private OpenApi() {}

    /**
     * The answer is one the document has: status, headers, media type, body. What it has no operation for is an edited route's
     * affair, or refused with a problem.
     *
     * @param management whether the management port was asked
     */
    static void assertPromised(HttpResponse<String> answer, boolean management) throws Exception {
        var method = answer.request().method().toLowerCase(Locale.ROOT);
        var operation = pathItem(answer.uri().getPath(), management).path(method);
        var type = answer.headers().firstValue("Content-Type").orElse("").split(";")[0];
        if (operation.isMissingNode()) {
            if (answer.statusCode() >= 400) {
                assertEquals(PROBLEM, type);
                assertBody("/components/schemas/problem", type, answer);
            }
            return;
        }
        var name = answer.request().method() + " " + answer.uri().getPath() + " answered " + answer.statusCode();
        var responses = operation.get("responses");
        var exact = responses.path(String.valueOf(answer.statusCode()));
        var promised = exact.isMissingNode() ? responses.path(answer.statusCode() / 100 + "XX") : exact;
        assertFalse(promised.isMissingNode(), name);
        var response = CONTRACT.follow(promised);
        assertTrue(response.get("content").has(type), () -> name + " as " + type);
        var pointer = promised.get("$ref").asText().substring("#".length());
        assertHeaders(pointer, response.path("headers"), answer);
        assertBody(pointer + "/content/" + Contract.escaped(type) + "/schema", type, answer);
    }

    /** The path of the document that this one is an instance of; those with a server of their own are the management port's. */
    private static JsonNode pathItem(String path, boolean management) {
        for (var template : CONTRACT.document().get("paths").properties()) {
            if (path.matches(template.getKey().replaceAll("\\{[a-z]+}", "[^/]+"))
                    && template.getValue().has("servers") == management) {
                return template.getValue();
            }
        }
        return MissingNode.getInstance();
    }

    private static void assertHeaders(String pointer, JsonNode headers, HttpResponse<String> answer) {
        for (var header : headers.properties()) {
            var value = answer.headers().firstValue(header.getKey());
            assertTrue(value.isPresent(), header.getKey());
            CONTRACT.assertValid(pointer + "/headers/" + header.getKey() + "/schema", TextNode.valueOf(value.get()));
        }
    }

    private static void assertBody(String pointer, String type, HttpResponse<String> answer) throws Exception {
        var body = type.endsWith("json") ? EventAssert.JSON.readTree(answer.body()) : TextNode.valueOf(answer.body());
        CONTRACT.assertValid(pointer, body);
        if (type.equals(PROBLEM)) {
            assertEquals(answer.statusCode(), body.get("status").asInt());
        }
    }
}
