package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smscallbacks.gateway.Twin;

/** Each case under <code>fixtures</code> ({@link Twin}) is sent over HTTP, all queues are drained, and what came must be what it says, no more and no less. */
class FixtureTest {

    /** Of its own: what other tests send is no repetition of a case. */
    private static final String ACCOUNT = "fixtures";

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
            cases().forEach(file -> expected.add(Twin.output(file)));
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
        var twin = new Twin(input);
        var answer = send(gateway, input);
        var events = new ArrayList<JsonNode>();
        var messages = gateway.queues().drain();
        for (var received : messages) {
            assertIsOfTheAccount(received, input);
            events.add(twin.event(received.queue(), received.text()));
        }
        assertEquals(twin.expected(), twin.actual(answer.statusCode(), answer.body(), events));
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

    /** What no twin repeats. */
    private static void assertIsOfTheAccount(Queues.Received received, Path input) throws Exception {
        var event = EventAssert.eventIn(received);
        assertFalse(received.text().contains(TestGateway.TOKEN), "the token is in the event");
        var data = event.get("data");
        assertEquals(
                "/callbacks/" + provider(input) + "/" + ACCOUNT,
                event.get("source").asText());
        assertEquals(provider(input), data.get("provider").asText());
        assertEquals(ACCOUNT, data.get("account").asText());
        assertEquals(rank(data), data.get("rank"));
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

    private static String provider(Path file) {
        return file.getParent().getFileName().toString();
    }
}
