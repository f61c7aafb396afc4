package org.smscallbacks.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smscallbacks.simulate.PlannedCallback.Kind;

/** What is sent of each provider's examples, in which order. */
class PlanTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
    private static final int COUNT = 200;

    static Stream<String> providers() throws Exception {
        try (var folders = Files.list(FIXTURES)) {
            return folders.map(folder -> folder.getFileName().toString()).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void hasBatchesRepetitionsAndLateReports(String provider) throws Exception {
        var samples = samples(provider);
        var callbacks = plan(provider, samples, 1);
        assertEquals(COUNT, callbacks.size());
        assertTrue(callbacks.stream().anyMatch(callback -> callback.messages().size() > 1), "batches");
        for (int i = 0; i < COUNT; i++) {
            var callback = callbacks.get(i);
            var earlier = callbacks.subList(0, i);
            switch (callback.kind()) {
                case AGAIN -> assertTrue(earlier.stream().anyMatch(one -> one.request() == callback.request()));
                case LATE ->
                    assertEquals(
                            1,
                            callback.messages().stream()
                                    .filter(messagesOf(earlier)::contains)
                                    .count(),
                            "one message was told of before");
                default -> assertFalse(text(callback).isEmpty());
            }
        }
        for (var kind : Kind.values()) {
            assertTrue(callbacks.stream().anyMatch(callback -> callback.kind() == kind), kind::name);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void keepsNoIdOfTheExamples(String provider) throws Exception {
        var samples = samples(provider);
        var old = new HashSet<String>();
        samples.forEach(sample -> sample.messages().forEach(message -> old.add(message.id())));
        for (var callback : plan(provider, samples, 2)) {
            old.forEach(id -> assertFalse(FreshText.has(text(callback), id), () -> id + " in " + text(callback)));
            callback.messages()
                    .forEach(id -> assertTrue(FreshText.has(text(callback), id), () -> id + " in " + text(callback)));
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void isTheSameForTheSameSeedOnly(String provider) throws Exception {
        var samples = samples(provider);
        var first = messagesOf(plan(provider, samples, 3));
        assertEquals(first, messagesOf(plan(provider, samples, 3)));
        var other = messagesOf(plan(provider, samples, 4));
        assertNotEquals(first, other);
        other.retainAll(first);
        assertEquals(Set.of(), other);
    }

    private static List<Sample> samples(String provider) throws Exception {
        return Sample.in(FIXTURES.resolve(provider));
    }

    private static List<PlannedCallback> plan(String provider, List<Sample> samples, long seed) {
        return new Plan(provider, "main", samples, seed).callbacks(COUNT);
    }

    private static Set<String> messagesOf(List<PlannedCallback> callbacks) {
        var messages = new HashSet<String>();
        callbacks.forEach(callback -> messages.addAll(callback.messages()));
        return messages;
    }

    private static String text(PlannedCallback callback) {
        var request = callback.request();
        return request.isGet() ? request.query() : new String(request.body(), StandardCharsets.ISO_8859_1);
    }
}
