package org.smscallbacks.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a router can write as the queue of an event. */
class NamedQueuesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a | a",
                "a,b | a b",
                "' a , b ' | a b",
                "a,b,a | a b",
                "b,a,b,b | b a",
                "none | ''",
                "none,a | a",
                "a,none | a",
                "none,none | ''",
                "app.příjem | app.příjem",
                "sms.delivery.final | sms.delivery.final",
                "erp/in:7_x-y | erp/in:7_x-y",
                "None | None"
            })
    void readsNames(String text, String names) {
        var expected = names.isEmpty() ? List.of() : List.of(names.split(" "));
        assertEquals(expected, namesIn(text));
        assertEquals(expected, namesIn(TextNode.valueOf(text)));
        assertEquals(expected, namesIn(new StringBuilder(text)));
        if (!text.contains(" ")) {
            assertEquals(expected, namesIn(List.of(text.split(","))));
            assertEquals(expected, namesIn(text.split(",")));
        }
    }

    @Test
    void readsLists() throws Exception {
        var json = new ObjectMapper();
        assertEquals(List.of("a", "b"), namesIn(json.readTree("[\"a\", \"b\", \"a\"]")));
        assertEquals(List.of(), namesIn(json.readTree("[\"none\"]")));
        assertEquals(List.of("a", "b"), namesIn(List.of(TextNode.valueOf("a"), "b")));
        var hundred = IntStream.range(0, 100).mapToObj(i -> "queue-" + i).toList();
        assertEquals(hundred, namesIn(hundred));
        assertEquals(hundred, namesIn(String.join(",", hundred)));
        assertEquals(List.of("x".repeat(255)), namesIn("x".repeat(255)));
    }

    @Test
    void findsNoneNamed() {
        for (var nothing : Arrays.asList(null, NullNode.instance, List.of(), new String[0])) {
            assertEquals("the route named no queue for it", problemIn(nothing));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "a,",
                ",a",
                "a,,b",
                "a*",
                "sms.#",
                "a::b",
                "topic://a",
                "a?b=c",
                "a\nb",
                "a\u0000",
                "a\u0085b",
                "a\u2028b",
                "a\ud83d",
                "activemq.management",
                "$sys.mqtt",
                "fine,not*fine",
                "my.replay",
                "sms.delivery.final, my.replay",
                "my.refused",
                "sms.target.crm",
                "sms.target.crm.urgent",
                "sms.dead.crm",
                "sms.replaying.unrecognised",
                "sms.retry.5s",
                "sms.probe",
                "sms.known"
            })
    void refusesWhatNoQueueCanBeCalled(String name) {
        assertNotNull(problemIn(name), name);
        assertNotNull(problemIn(List.of(name)), name);
    }

    @Test
    void refusesAListInAList() {
        assertTrue(problemIn(List.of("a,b")).contains("\"a,b\""));
        assertNotNull(problemIn(List.of(List.of("a"))));
        assertNotNull(problemIn(Arrays.asList("a", null)));
    }

    @Test
    void saysShortlyWhatItWas() throws Exception {
        var problem = problemIn("x".repeat(2_000));
        assertEquals(
                "the route named a queue that cannot be: \"" + "x".repeat(60) + "…\" has more than 255 characters",
                problem);
        var fields = IntStream.range(0, 1_000).boxed().collect(Collectors.toMap(String::valueOf, i -> i));
        for (var object : List.of(
                new ObjectMapper().readTree("{\"queue\": \"a\"}"),
                new ObjectMapper().readTree("7"),
                Map.of(),
                fields,
                7,
                true)) {
            var said = problemIn(object);
            assertTrue(said.startsWith("the route named something that is no text"), said);
            assertTrue(said.length() < 200, said);
        }
    }

    private static List<String> namesIn(Object variable) {
        var named = NamedQueues.in(variable, Set.of("my.replay", "my.refused"));
        assertNull(named.problem());
        return named.names();
    }

    private static String problemIn(Object variable) {
        var named = NamedQueues.in(variable, Set.of("my.replay", "my.refused"));
        assertEquals(List.of(), named.names());
        return named.problem();
    }
}
