package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Walks <code>fixtures/&lt;provider&gt;/&lt;case&gt;.in.json</code> (or <code>.in.xml</code>, <code>.in.form</code>; <code>.in.query</code> for a GET): each
 * is sent over HTTP, all queues are drained, and what came must be what the twin <code>.out.json</code> says, no more and no less:
 *
 * <pre>{"answer": {"status": 200, "body": "OK"}, "events": [{"queue": …, "type": …, "subject": …, "time": …, "data": …}]}</pre>
 *
 * <code>answer</code> may be left out when it is that. <code>time</code> is "received" for the time of reception.
 * <code>data.raw</code> may be left out of a JSON case where it is an item of the input; else it is there.
 */
class FixtureTest {

    /** Of its own: what other tests send is no repetition of a case. */
    private static final String ACCOUNT = "fixtures";

    private static final JsonNode USUAL_ANSWER =
            EventAssert.JSON.createObjectNode().put("status", 200).put("body", "OK");

    static List<Path> cases() throws IOException {
        return Project.THIS.cases();
    }

    @Test
    void everyProviderHasCases() throws IOException {
        var withCases = new TreeSet<String>();
        cases().forEach(file -> withCases.add(provider(file)));
        assertEquals(BundleTest.providers(), withCases);
    }

    @Test
    void everyCaseHasBothTwins() throws IOException {
        try (Stream<Path> files = Files.walk(Project.THIS.fixtures())) {
            var outs = new TreeSet<Path>();
            files.filter(file -> file.toString().endsWith(".out.json")).forEach(outs::add);
            var expected = new TreeSet<Path>();
            cases().forEach(file -> expected.add(Project.twin(file)));
            assertFalse(outs.isEmpty());
            assertEquals(expected, outs);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void becomesTheEventsItsTwinSays(Path input) throws Exception {
        var messages = assertBecomesTheEventsItsTwinSays(TestGateway.shared(), input);
        FrozenEvents.assertUnchanged(input, messages);
    }

    @AfterAll
    static void countsNoneAsInvalid() throws Exception {
        var gateway = TestGateway.shared();
        var counters = gateway.get(gateway.managementUri("/observe/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith("sms_invalid_events_total{"))
                .toList();
        assertEquals(BundleTest.providers().size(), counters.size());
        counters.forEach(line -> assertTrue(line.endsWith(" 0.0"), line));
    }

    @Test
    void noCaseIsMissingAmongTheFrozen() throws IOException {
        var names = new TreeSet<String>();
        cases().forEach(file -> names.add(FrozenEvents.name(file)));
        assertEquals(names, FrozenEvents.cases());
    }

    /** @return the messages it became */
    static List<Queues.Received> assertBecomesTheEventsItsTwinSays(TestGateway gateway, Path input) throws Exception {
        gateway.queues().drain();
        var expected = EventAssert.JSON.readTree(Files.readString(Project.twin(input)));
        assertEquals(Set.of(), unknownFields(expected), "fields in the twin nobody reads");

        var answer = send(gateway, input);
        var actual = new ArrayList<JsonNode>();
        var messages = gateway.queues().drain();
        for (var received : messages) {
            actual.add(comparable(received, input, expected.withArray("events")));
        }

        assertEquals(
                pretty(expected.path("answer").isMissingNode() ? USUAL_ANSWER : expected.get("answer")),
                pretty(EventAssert.JSON
                        .createObjectNode()
                        .put("status", answer.statusCode())
                        .put("body", answer.body())));
        var wanted = new ArrayList<JsonNode>();
        expected.withArray("events").forEach(wanted::add);
        assertEquals(sorted(wanted), sorted(actual));
        return messages;
    }

    private static HttpResponse<String> send(TestGateway gateway, Path input) throws Exception {
        var account = "/callbacks/" + provider(input) + "/" + ACCOUNT + "?token=" + TestGateway.TOKEN;
        if (input.toString().endsWith(".in.query")) {
            return gateway.get(
                    gateway.uri(account + "&" + Files.readString(input).strip()));
        }
        return gateway.post(gateway.uri(account), Files.readAllBytes(input));
    }

    /** The event in the form of the twin; what no twin repeats is checked here. */
    private static JsonNode comparable(Queues.Received received, Path input, ArrayNode expected) throws Exception {
        var event = (ObjectNode) EventAssert.eventIn(received);
        assertFalse(received.text().contains(TestGateway.TOKEN), "the token is in the event");
        var data = (ObjectNode) event.get("data");
        assertEquals(
                "/callbacks/" + provider(input) + "/" + ACCOUNT,
                event.get("source").asText());
        assertEquals(provider(input), data.remove("provider").asText());
        assertEquals(ACCOUNT, data.remove("account").asText());
        assertEquals(rank(data), data.remove("rank"));
        var answer = EventAssert.JSON.createObjectNode();
        answer.put("queue", received.queue());
        answer.set("type", event.get("type"));
        if (event.has("subject")) {
            answer.set("subject", event.get("subject"));
        }
        answer.put(
                "time",
                event.get("time").equals(event.get("receivedat"))
                        ? "received"
                        : event.get("time").asText());
        answer.set("data", data);
        if (input.toString().endsWith(".in.json") && !anyHasRaw(expected)) {
            var items = itemsOf(input);
            assertTrue(items.contains(data.get("raw")), () -> "raw is no item of the input: " + data.get("raw"));
            data.remove("raw");
        }
        return answer;
    }

    /** As the contract has it. */
    private static JsonNode rank(JsonNode data) {
        if (!data.has("status")) {
            return null;
        }
        return IntNode.valueOf(
                switch (data.get("status").asText()) {
                    case "accepted" -> 10;
                    case "sent" -> 20;
                    case "unknown" -> data.get("final").asBoolean() ? 40 : 25;
                    case "buffered" -> 30;
                    case "expired", "undelivered", "rejected" -> 50;
                    case "delivered" -> 60;
                    default -> 70;
                });
    }

    private static boolean anyHasRaw(ArrayNode expected) {
        for (var event : expected) {
            if (event.path("data").has("raw") || event.path("data").has("rawBase64")) {
                return true;
            }
        }
        return false;
    }

    private static List<JsonNode> itemsOf(Path input) throws IOException {
        // as bytes: a byte order mark belongs to the encoding, not to the text
        var body = EventAssert.JSON.readTree(Files.readAllBytes(input));
        var items = new ArrayList<JsonNode>();
        items.add(body);
        if (body.isArray()) {
            body.forEach(items::add);
        }
        // an envelope: the items are in a field, or are that field
        for (var field : body) {
            items.add(field);
            if (field.isContainerNode()) {
                field.forEach(items::add);
            }
        }
        return items;
    }

    private static Set<String> unknownFields(JsonNode twin) {
        var names = new TreeSet<String>();
        twin.fieldNames().forEachRemaining(names::add);
        names.removeAll(Set.of("answer", "events"));
        return names;
    }

    private static String provider(Path file) {
        return file.getParent().getFileName().toString();
    }

    /** Both sides in one order of events and of fields, as text that shows a difference. */
    private static String sorted(List<JsonNode> events) {
        return String.join(
                "\n", events.stream().map(FixtureTest::pretty).sorted().toList());
    }

    private static String pretty(JsonNode node) {
        try {
            var sorted = EventAssert.JSON
                    .writer()
                    .with(com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT)
                    .with(com.fasterxml.jackson.databind.cfg.JsonNodeFeature.WRITE_PROPERTIES_SORTED);
            return sorted.writeValueAsString(node);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
