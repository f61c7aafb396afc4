package org.smscallbacks.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes a provider sends: the fixtures, and some changes of them that are the same in every run. For hours: src/fuzz. */
class BytesToEventsTest {

    private static final Instant RECEIVED = Instant.parse("2026-03-29T10:15:05Z");
    private static final long SEED = 20_260_301;
    private static final int CHANGED = Integer.getInteger("changed", 200);

    static Set<String> providers() {
        return Pipeline.providers();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void neverFailAndLoseNothing(String provider) throws Exception {
        var corpus = Corpus.of(provider);
        assertFalse(corpus.isEmpty());
        var odd = new OddBytes(SEED, corpus);
        try (var pipeline = new Pipeline(provider, "main")) {
            for (var bytes : corpus) {
                assertKept(pipeline, bytes);
            }
            for (int i = 0; i < CHANGED; i++) {
                assertKept(pipeline, odd.next());
            }
        }
    }

    private static void assertKept(Pipeline pipeline, byte[] bytes) {
        try {
            Promises.assertKept(pipeline.run(Request.of(bytes), RECEIVED));
        } catch (AssertionError e) {
            throw new AssertionError("of " + Base64.getEncoder().encodeToString(bytes) + ": " + e.getMessage(), e);
        }
    }
}
