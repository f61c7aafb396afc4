package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smscallbacks.fuzz.Batch;
import org.smscallbacks.fuzz.Batches;
import org.smscallbacks.fuzz.Outcome;
import org.smscallbacks.fuzz.Pipeline;

/**
 * Batches of the fixtures' items, some of them changed, to a real gateway: whatever is in them, its queues have each item once, as an
 * event or kept, the items beside it are unhurt, and the log does not grow with them. What must come out is what the same routes make of
 * the same bytes without port and broker. For hours: <code>-Dminutes=60 -Dseed=4711</code>.
 */
class MutatedBatchesTest {

    private static final String ACCOUNT = "mutated";
    private static final Path FINDINGS = Path.of("target/mutated");
    private static final int MOST_FINDINGS = 20;
    private static final int LONGEST_FINDING = 300;
    private static final int LINES_OF_OTHERS = 20;
    private static final int GROUP = 20;
    private static final int GROUPS = Integer.getInteger("rounds.of.batches", 2);
    private static final long SEED = Long.getLong("seed", 1);
    private static final Duration LONG = Duration.ofMinutes(Integer.getInteger("minutes", 0));

    private final Map<String, Pipeline> pipelines = new HashMap<>();
    private final Map<String, Batches> batches = new HashMap<>();
    private final List<String> findings = new ArrayList<>();
    private final Ledger ledger = new Ledger();
    private TestGateway gateway;
    private int callbacks;
    private int items;
    private long slowest;

    @Test
    void loseNothingAndHurtNobody() throws Exception {
        var end = Instant.now().plus(LONG);
        gateway = TestGateway.shared();
        gateway.queues().drain();
        int linesBefore = lines();
        for (var provider : Pipeline.providers()) {
            pipelines.put(provider, new Pipeline(provider, ACCOUNT));
            batches.put(provider, new Batches(pipelines.get(provider), provider, SEED));
            assertTrue(batches.get(provider).known() >= 10, provider);
        }
        for (int group = 0; group < GROUPS || Instant.now().isBefore(end); group++) {
            for (var provider : Pipeline.providers()) {
                send(provider);
            }
        }
        System.out.printf(
                "MUTATED seed %d: %d callbacks, %d items, %s, slowest answer %d ms, findings %d%n",
                SEED, callbacks, items, ledger, slowest, findings.size());
        assertEquals(List.of(), findings);
        int lines = lines() - linesBefore;
        assertTrue(lines <= callbacks + LINES_OF_OTHERS, () -> lines + " lines of " + callbacks + " callbacks");
        pipelines.values().forEach(Pipeline::close);
    }

    /** In the log, but for those of the tests themselves. */
    private static int lines() throws Exception {
        return TestGateway.logged("").size()
                - TestGateway.logged("This step ran: ").size();
    }

    private void send(String provider) throws Exception {
        for (int i = 0; i < GROUP; i++) {
            var batch = batches.get(provider).next();
            try {
                send(batch);
            } catch (AssertionError e) {
                found(batch, e);
            }
        }
        try {
            ledger.assertCame(gateway.queues().drain());
        } catch (AssertionError e) {
            found(null, e);
        }
    }

    private void send(Batch batch) throws Exception {
        var pipeline = pipelines.get(batch.provider());
        var outcome = pipeline.run(batch.request(), Instant.now());
        batch.assertSame(outcome);
        var later = pipeline.run(batch.request(), Instant.now().plusSeconds(1));
        ledger.expect(outcome, later);
        callbacks++;
        items += outcome.items();
        long started = System.nanoTime();
        var answer = answer(batch);
        slowest = Math.max(slowest, (System.nanoTime() - started) / 1_000_000);
        assertSame(outcome, answer);
    }

    private HttpResponse<String> answer(Batch batch) throws Exception {
        var path = "/callbacks/" + batch.provider() + "/" + ACCOUNT + "?token=" + TestGateway.TOKEN;
        var request = batch.request();
        if (request.isGet()) {
            return gateway.get(gateway.uri(path + "&" + request.text()));
        }
        var post =
                HttpRequest.newBuilder(gateway.uri(path)).POST(HttpRequest.BodyPublishers.ofByteArray(request.body()));
        if (request.charset() != null) {
            post.header("Content-Type", "application/json; charset=" + request.charset());
        }
        return gateway.send(post);
    }

    private static void assertSame(Outcome outcome, HttpResponse<String> answer) {
        assertEquals(outcome.status(), answer.statusCode());
        // half a character in an id has no UTF-8
        var written = new String(outcome.answer().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertEquals(written, answer.body());
    }

    private void found(Batch batch, AssertionError what) throws Exception {
        Files.createDirectories(FINDINGS);
        var file = FINDINGS.resolve("finding-" + findings.size());
        var words = (batch == null ? "" : batch.provider() + ": ") + what.getMessage();
        Files.write(file.resolveSibling(file.getFileName() + ".txt"), words.getBytes(StandardCharsets.UTF_8));
        if (batch != null) {
            Files.write(file, batch.request().body());
        }
        findings.add(file + ": " + words.substring(0, Math.min(words.length(), LONGEST_FINDING)));
        assertTrue(findings.size() < MOST_FINDINGS, findings::toString);
    }
}
