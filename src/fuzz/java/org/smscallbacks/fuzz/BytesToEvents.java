package org.smscallbacks.fuzz;

import com.code_intelligence.jazzer.api.Jazzer;
import java.time.Instant;
import java.util.Objects;
import java.util.TreeSet;
import org.smscallbacks.event.CollectedEvent;

/**
 * What Jazzer calls with bytes: they go through the routes of one provider, system property <code>provider</code>. Mappings are no
 * bytecode, so which of their lines were reached is told to it by the shape of the events.
 */
public final class BytesToEvents {

    private static final Instant RECEIVED = Instant.parse("2026-03-29T10:15:05Z");
    private static final String PROVIDER = System.getProperty("provider");

    private static Pipeline pipeline;
    private static long slowest;

    private BytesToEvents() {}

    /** Once, before the first bytes. */
    public static void fuzzerInitialize() {
        pipeline = new Pipeline(PROVIDER, "main");
        // the first takes seconds, which say nothing of the others
        pipeline.run(Request.of(new byte[0]), RECEIVED);
    }

    /** Throws what is not as it should be. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        var outcome = pipeline.run(Request.of(bytes), RECEIVED);
        noteTime(outcome.nanos());
        Promises.assertKept(outcome);
        outcome.events().forEach(BytesToEvents::explore);
    }

    /** At once: when Jazzer crashes, nothing is said at the end. */
    private static void noteTime(long nanos) {
        if (nanos > slowest) {
            slowest = nanos;
            System.err.printf("FUZZED %s: slowest %d ms%n", PROVIDER, slowest / 1_000_000);
        }
    }

    private static void explore(CollectedEvent event) {
        var data = event.event().path("data");
        var shape = new TreeSet<String>();
        data.fieldNames().forEachRemaining(shape::add);
        data.path("problems").forEach(problem -> shape.add(problem.path("field").asText()));
        if (!event.isUnrecognised()) {
            data.path("raw").fieldNames().forEachRemaining(shape::add);
        }
        int hash = Objects.hash(event.type(), data.path("status").asText(), shape);
        Jazzer.exploreState((byte) hash, (hash >>> 8) & 0xFFFF);
    }
}
