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
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Items whose every field is in turn absent, or something else than usual: never an error of ours, never an event that says nothing. */
class OddFieldsTest {

    private static final List<String> INSTEAD =
            List.of("null", "\"\"", "7", "\"odd\"", "{}", "[]", "{\"a\":1}", "[1,\"b\"]", "true");

    /** The name, then the field as it came. */
    private static final List<String> INSTEAD_IN_A_FORM = List.of(
            "", "%s", "%s=", "%s=7", "%s=odd", "%s=%%7B%%7D", "%2$s&%2$s", "%s=%%zz", "%s=%%FF", "%s=%%00", "%s=+");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "infobip/mixed-batch",
                "infobip/inbound-messages-api",
                "infobip/inbound-other-channels",
                "infobip/inbound-mms",
                "bulkgate/reports-and-replies-mixed",
                "webcom-mobi/object-with-states",
                "vonage/sms-every-status",
                "vonage/sms-inbound-parts",
                "vonage/messages-status-with-everything",
                "vonage/messages-inbound-media",
                "twilio/stream-same-status-twice-is-one-event",
                "twilio/stream-inbound",
                "twilio/stream-link-clicked"
            })
    void hurtNobody(String name) throws Exception {
        hurtNobody(name, variants(EventAssert.JSON.readTree(read(name + ".in.json"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "twilio/status-whatsapp-undelivered-outside-the-window.in.form",
                "twilio/inbound-mms-with-two-media.in.form",
                "twilio/inbound-whatsapp-button.in.form",
                "vonage/sms-receipt-get-opted-out.in.query",
                "kannel/get-expired-by-its-receipt.in.query",
                "kannel/get-inbound-in-utf-16-with-emoji.in.query",
                "jasmin/get-expired.in.query",
                "jasmin/get-inbound-in-utf-16-of-older-jasmin.in.query"
            })
    void ofAFormOrAQueryHurtNobody(String file) throws Exception {
        var fields = List.of(read(file).strip().split("&"));
        var variants = new ArrayList<String>();
        for (int i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            for (var odd : INSTEAD_IN_A_FORM) {
                var changed = new ArrayList<>(fields);
                changed.set(i, odd.formatted(field.substring(0, field.indexOf('=')), field));
                variants.add(String.join("&", changed));
            }
        }
        hurtNobody(file, variants);
    }

    /** In Turkish the small letter of I is another one. */
    @Test
    void areReadAlikeInWhateverLanguageTheMachineIsSetTo() throws Exception {
        var gateway = TestGateway.shared();
        gateway.queues().drain();
        var usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try {
            gateway.post(
                    "vonage", "{\"messageId\":\"in-turkish\",\"msisdn\":\"447700900196\",\"status\":\"DELIVERED\"}");
        } finally {
            Locale.setDefault(usual);
        }
        var event = EventAssert.eventIn(gateway.queues().drain().get(0));
        assertEquals("delivered", event.get("data").get("status").asText());
    }

    private static String read(String name) throws Exception {
        return Files.readString(Path.of("src/test/resources/fixtures").resolve(name));
    }

    private static void hurtNobody(String name, List<String> variants) throws Exception {
        var gateway = TestGateway.shared();
        gateway.queues().drain();
        var provider = name.substring(0, name.indexOf('/'));
        variants.parallelStream().forEach(variant -> {
            try {
                var answer = gateway.post(provider, variant.getBytes(StandardCharsets.UTF_8));
                assertEquals(200, answer.statusCode(), variant);
                // the client itself refuses what is no escape
                if (name.endsWith(".query") && !variant.contains("%zz")) {
                    var uri = gateway.callbackUri(provider, "token=" + TestGateway.TOKEN + "&" + variant);
                    assertEquals(200, gateway.get(uri).statusCode(), variant);
                }
            } catch (Exception e) {
                throw new AssertionError(variant, e);
            }
        });
        for (var received : gateway.queues().drain()) {
            saysSomething(EventAssert.eventIn(received));
        }
        assertTrue(variants.size() >= 40, "variants of " + name);
    }

    private static void saysSomething(JsonNode event) {
        var data = event.get("data");
        if (event.get("type").asText().equals("sms.inbound-message")) {
            assertTrue(data.has("from") && (data.has("text") || data.has("attachments")), event.toString());
        }
        if (event.get("type").asText().equals("sms.unrecognised")) {
            assertTrue(data.has("reason"), event.toString());
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
