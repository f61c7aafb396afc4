package org.smscallbacks.simulate;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.smscallbacks.simulate.PlannedCallback.Kind;

/**
 * What a provider sends in the course of time: every example in turn, and among them the same once more, and two reports of one
 * message, in their order or the other way round. The same seed makes the same plan.
 */
final class Plan {

    private static final int AGAIN_OF_TEN = 2;
    private static final int PAIRS_OF_TEN = 3;

    /** Fewer digits could be something else as well. */
    private static final int SHORTEST_NUMBER = 7;

    private final String provider;
    private final String account;
    private final Random random;
    private final FreshText fresh;
    private final List<Sample> samples;
    private final List<Sample> interim;
    private final List<PlannedCallback> planned = new ArrayList<>();

    Plan(String provider, String account, List<Sample> samples, long seed) {
        this.provider = provider;
        this.account = account;
        this.random = new Random(seed);
        this.fresh = new FreshText(random);
        this.samples = new ArrayList<>(samples);
        Collections.shuffle(this.samples, random);
        this.interim =
                samples.stream().filter(sample -> sample.underWay() != null).toList();
    }

    /** So many callbacks, in the order in which they are sent. */
    List<PlannedCallback> callbacks(int count) {
        PlannedCallback again = null;
        for (int turn = 0; planned.size() < count; turn++) {
            int first = planned.size();
            planNext(samples.get(turn % samples.size()));
            if (again != null) {
                planned.add(again);
            }
            again = random.nextInt(10) < AGAIN_OF_TEN ? again(planned.get(first)) : null;
        }
        return List.copyOf(planned.subList(0, count));
    }

    private void planNext(Sample sample) {
        var last = sample.ended();
        if (last == null || interim.isEmpty() || random.nextInt(10) >= PAIRS_OF_TEN) {
            planned.add(callback(Kind.FRESH, sample, fresh.idsFor(sample, Map.of())));
            return;
        }
        var ids = fresh.idsFor(sample, Map.of());
        var earlier = interim.get(random.nextInt(interim.size()));
        var ofTheSame = sameMessage(earlier, last, ids.get(last.id()));
        boolean isLate = random.nextBoolean();
        if (!isLate) {
            planned.add(callback(Kind.FRESH, earlier, ofTheSame));
        }
        planned.add(callback(Kind.FRESH, sample, ids));
        if (isLate) {
            planned.add(callback(Kind.LATE, earlier, ofTheSame));
        }
    }

    private Map<String, String> sameMessage(Sample earlier, Sample.Told last, String id) {
        var report = earlier.underWay();
        var words = fresh.idsFor(earlier, Map.of(report.id(), id));
        if (report.to().length() >= SHORTEST_NUMBER && !last.to().isEmpty()) {
            words.put(report.to(), last.to());
        }
        return words;
    }

    private PlannedCallback callback(Kind kind, Sample sample, Map<String, String> words) {
        var text = FreshText.upTo(LocalDateTime.now(ZoneOffset.UTC), FreshText.replaced(sample.text(), words));
        var messages = sample.messages().stream()
                .map(message -> words.get(message.id()))
                .distinct()
                .toList();
        return new PlannedCallback(kind, sample.request(text, provider, account), messages);
    }

    private static PlannedCallback again(PlannedCallback callback) {
        return new PlannedCallback(Kind.AGAIN, callback.request(), callback.messages());
    }
}
