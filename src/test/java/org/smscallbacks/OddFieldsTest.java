package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Items whose every field is in turn absent, or something else than usual: never an error of ours, never an event that says nothing, and
 * the item beside it becomes what it always does.
 */
class OddFieldsTest {

    private static final List<String> INSTEAD =
            List.of("null", "\"\"", "7", "\"odd\"", "{}", "[]", "{\"a\":1}", "[1,\"b\"]", "true");

    private static final List<String> INSTEAD_IN_A_QUERY =
            List.of("odd=1", "%s", "%s=", "%s=7", "%s=odd", "%s=%%FF", "%s=%%00", "%s=%%25", "%s=+", "%1$s=a&%1$s=b");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "infobip/mixed-batch",
                "infobip/inbound-messages-api",
                "infobip/inbound-other-channels",
                "infobip/inbound-mms",
                "bulkgate/reports-and-replies-mixed",
                "webcom-mobi/object-with-states"
            })
    void hurtNobody(String name) throws Exception {
        var gateway = TestGateway.shared();
        gateway.queues().drain();
        var provider = name.substring(0, name.indexOf('/'));
        var body = EventAssert.JSON.readTree(
                Files.readString(Path.of("src/test/resources/fixtures").resolve(name + ".in.json")));
        int kinds = 0;
        for (var variant : variants(body)) {
            var answer = gateway.post(provider, variant.getBytes(StandardCharsets.UTF_8));
            assertEquals(200, answer.statusCode(), variant);
            for (var received : gateway.queues().drain()) {
                saysSomething(EventAssert.eventIn(received), variant);
            }
            kinds++;
        }
        assertTrue(kinds >= 40, "variants of " + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kannel/get-expired-by-its-receipt",
                "kannel/get-inbound-in-utf-16-with-emoji",
                "jasmin/get-expired",
                "jasmin/get-inbound-in-utf-16-of-older-jasmin"
            })
    void hurtNobodyInAQueryOrAForm(String name) throws Exception {
        var gateway = TestGateway.shared();
        gateway.queues().drain();
        var provider = name.substring(0, name.indexOf('/'));
        var usual = Files.readString(Path.of("src/test/resources/fixtures").resolve(name + ".in.query"))
                .strip();
        for (var field : usual.split("&")) {
            for (var odd : INSTEAD_IN_A_QUERY) {
                var variant = usual.replace(field, odd.formatted(field.substring(0, field.indexOf('='))));
                var query = "token=" + TestGateway.TOKEN + "&" + variant;
                assertEquals(
                        200, gateway.get(gateway.callbackUri(provider, query)).statusCode(), variant);
                assertEquals(200, gateway.post(provider, variant).statusCode(), variant);
                for (var received : gateway.queues().drain()) {
                    saysSomething(EventAssert.eventIn(received), variant);
                }
            }
        }
    }

    private static void saysSomething(JsonNode event, String variant) {
        var data = event.get("data");
        if (event.get("type").asText().equals("sms.inbound-message")) {
            assertTrue(data.has("from") && (data.has("text") || data.has("attachments")), variant);
        }
        if (event.get("type").asText().equals("sms.unrecognised")) {
            assertTrue(data.has("reason"), variant);
        }
    }

    /** Of the first item. */
    private static List<String> variants(JsonNode body) throws Exception {
        var variants = new ArrayList<String>();
        for (var pointer : fields(firstItem(body), "")) {
            var absent = body.deepCopy();
            parent(firstItem(absent), pointer).remove(last(pointer));
            variants.add(absent.toString());
            for (var odd : INSTEAD) {
                var changed = body.deepCopy();
                parent(firstItem(changed), pointer).set(last(pointer), EventAssert.JSON.readTree(odd));
                variants.add(changed.toString());
            }
        }
        return variants;
    }

    private static JsonNode firstItem(JsonNode body) {
        if (body.isArray()) {
            return body.get(0);
        }
        for (var field : body) {
            if (field instanceof ArrayNode items && !items.isEmpty()) {
                return items.get(0);
            }
        }
        return body;
    }

    private static List<String> fields(JsonNode node, String pointer) {
        var fields = new ArrayList<String>();
        node.fields().forEachRemaining(field -> {
            fields.add(pointer + "/" + field.getKey());
            fields.addAll(fields(field.getValue(), pointer + "/" + field.getKey()));
        });
        return fields;
    }

    private static ObjectNode parent(JsonNode item, String pointer) {
        return (ObjectNode) item.at(pointer.substring(0, pointer.lastIndexOf('/')));
    }

    private static String last(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }
}
