package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smscallbacks.event.EventSchema;
import org.smscallbacks.gateway.Twin;

/** What events are held against at run time is what a validator holds them against. */
class EventSchemaTest {

    private static final JsonSchema VALIDATOR = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of("classpath:contracts/schemas/sms-event.v1.json"));
    private static final int MUTANTS = 6_000;

    private final EventSchema schema = new EventSchema();

    @Test
    void takesAllThatTheFixturesBecome() throws Exception {
        var events = events();
        assertTrue(events.size() > 100, () -> "events: " + events.size());
        for (var event : events) {
            assertEquals(List.of(), misfits(event), event::toString);
            assertTrue(VALIDATOR.validate(event).isEmpty(), event::toString);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'data': {'extra': 1}} | /data/extra is no field of the schema",
                "{'data': {'+420777123456': 1}} | /data/* is no field of the schema",
                "{'data': {'channels': {'+420777123456': 'odd'}}} | /data/channels/* has a value that the schema does not allow",
                "{'data': {'channels': {}}} | /data/channels has a value that the schema does not allow",
                "{'data': {'parts': 'two'}} | /data/parts has another type",
                "{'data': {'parts': 1.5}} | /data/parts has another type",
                "{'data': {'final': 'yes'}} | /data/final has another type",
                "{'data': {'status': 'gone'}} | /data/status has a value that the schema does not allow",
                "{'data': {'status': 1}} | /data/status has a value that the schema does not allow",
                "{'data': {'account': 'Main'}} | /data/account has a value that the schema does not allow",
                "{'data': {'to': ''}} | /data/to has a value that the schema does not allow",
                "{'data': {'doneAt': '2026-03-29T10:15:06Z'}} | /data/doneAt has a value that the schema does not allow",
                "{'data': {'price': {'currency': 'EUR'}}} | /data/price/amount is missing",
                "{'data': {'price': {'amount': '1', 'per': 'hour'}}} | /data/price/per has a value that the schema does not allow",
                "{'data': {'problems': []}} | /data/problems has a value that the schema does not allow",
                "{'data': {'problems': ['a', 1]}} | /data/problems/* has another type",
                "{'data': {'optOut': false}} | /data/optOut has a value that the schema does not allow",
                "{'time': '2026-03-29'} | /time has a value that the schema does not allow",
                "{'time': '2026-03-29T10:15:06.000Z\\n'} | /time has a value that the schema does not allow",
                "{'time': null} | /time has another type",
                "{'type': 'sms.other'} | /type has a value that the schema does not allow",
                "{'id': '0123'} | /id has a value that the schema does not allow",
                "{'other': 1} | /other is no field of the schema",
            })
    void saysWhereAndHowAnEventDiffers(String change, String misfit) throws Exception {
        var event = report();
        merge(event, (ObjectNode) EventAssert.JSON.readTree(change.replace("'", "\"")));
        assertEquals(List.of(misfit), misfits(event));
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        var event = report();
        event.withObject("data").remove(List.of("status", "raw"));
        event.remove("id");
        assertEquals(
                List.of("/data/raw is missing", "/data/status is missing", "/id is missing"),
                misfits(event).stream().sorted().toList());
    }

    @Test
    void agreesWithAValidatorOnEventsThatWereChanged() throws Exception {
        var events = events();
        var random = new Random(7);
        int invalid = 0;
        for (int i = 0; i < MUTANTS; i++) {
            var event = (ObjectNode) events.get(random.nextInt(events.size())).deepCopy();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                mutate(event, random);
            }
            boolean isValid = VALIDATOR.validate(event).isEmpty();
            var misfits = misfits(event);
            assertEquals(isValid, misfits.isEmpty(), () -> event + " " + misfits + " " + VALIDATOR.validate(event));
            invalid += isValid ? 0 : 1;
        }
        assertTrue(invalid > MUTANTS / 4 && invalid < MUTANTS, "invalid: " + invalid);
    }

    private static void mutate(ObjectNode event, Random random) throws IOException {
        var places = new ArrayList<ContainerNode<?>>();
        collect(event, places);
        var place = places.get(random.nextInt(places.size()));
        var value = EventAssert.JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
        if (place instanceof ArrayNode array) {
            if (random.nextBoolean() && !array.isEmpty()) {
                array.set(random.nextInt(array.size()), value);
            } else {
                array.add(value);
            }
            return;
        }
        var object = (ObjectNode) place;
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        names.addAll(NAMES);
        var name = names.get(random.nextInt(names.size()));
        if (random.nextInt(3) == 0) {
            object.remove(name);
        } else {
            object.set(name, value);
        }
    }

    private static final List<String> VALUES = List.of(
            "\"\"",
            "\"x\"",
            "\"sms.link-click\"",
            "\"sms.inbound-message\"",
            "\"delivered\"",
            "\"main-1\"",
            "\"Main\"",
            "\"2026-03-29T10:15:06.402Z\"",
            "\"0.0185\"",
            "\"-1\"",
            "\"\uD83D\uDE00\"",
            "\"part\"",
            "\"xml\"",
            "\"0123456789abcdef0123456789abcdef\"",
            "\"/callbacks/a/b\"",
            "0",
            "-1",
            "2.0",
            "2.5",
            "true",
            "false",
            "null",
            "[]",
            "[\"x\"]",
            "[{\"url\": \"u\"}]",
            "{}",
            "{\"amount\": \"1\"}",
            "{\"code\": \"1\"}",
            "{\"viber\": \"read\"}");

    private static final List<String> NAMES = List.of(
            "extra",
            "parts",
            "price",
            "problems",
            "attachments",
            "channels",
            "optOut",
            "index",
            "query",
            "rawBase64",
            "error",
            "type");

    private static void collect(JsonNode node, List<ContainerNode<?>> places) {
        if (node instanceof ContainerNode<?> container) {
            places.add(container);
            for (var field : node.properties()) {
                if (!field.getKey().equals("raw")) {
                    collect(field.getValue(), places);
                }
            }
        }
    }

    private static void merge(ObjectNode into, ObjectNode change) {
        change.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode object && into.get(field.getKey()) instanceof ObjectNode there) {
                merge(there, object);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    private List<String> misfits(JsonNode event) {
        return schema.misfits(event).stream()
                .map(misfit -> misfit.field() + " " + misfit.kind().words())
                .collect(Collectors.toList());
    }

    private static ObjectNode report() throws IOException {
        return (ObjectNode) events().stream()
                .filter(event -> event.get("type").asText().equals("sms.delivery-report"))
                .findFirst()
                .orElseThrow()
                .deepCopy();
    }

    /** Those of all fixtures, with what no fixture repeats. */
    private static List<JsonNode> events() throws IOException {
        var events = new ArrayList<JsonNode>();
        for (var file : Project.THIS.cases()) {
            var twin = EventAssert.JSON.readTree(Files.readString(Twin.output(file)));
            for (var expected : twin.withArray("events")) {
                var provider = file.getParent().getFileName().toString();
                var event = EventAssert.JSON
                        .createObjectNode()
                        .put("specversion", "1.0")
                        .put("id", "0123456789abcdef0123456789abcdef")
                        .put("source", "/callbacks/" + provider + "/main")
                        .put("receivedat", "2026-03-29T10:15:06.402Z")
                        .put("datacontenttype", "application/json")
                        .put("dataschema", "/schemas/sms-event.v1.json");
                event.set("type", expected.get("type"));
                if (expected.has("subject")) {
                    event.set("subject", expected.get("subject"));
                }
                var time = expected.get("time").asText();
                event.put("time", time.equals("received") ? "2026-03-29T10:15:06.402Z" : time);
                var data = event.putObject("data").put("provider", provider).put("account", "main");
                data.setAll((ObjectNode) expected.get("data"));
                if (!data.has("raw") && !data.has("rawBase64")) {
                    data.putObject("raw").put("anything", 1);
                }
                events.add(event);
            }
        }
        return events;
    }
}
