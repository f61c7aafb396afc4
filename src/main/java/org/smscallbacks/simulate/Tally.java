package org.smscallbacks.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smscallbacks.simulate.PlannedCallback.Kind;

/** What came of the callbacks of a simulation. */
public final class Tally {

    private static final int MOST_SHOWN = 3;

    private final Map<Kind, Integer> sent = new EnumMap<>(Kind.class);
    private final Map<Kind, List<String>> taken = new EnumMap<>(Kind.class);
    private final Map<String, Integer> answers = new TreeMap<>();
    private int done;
    private int repeated;
    private int givenUp;
    private boolean isSilent;
    private long lastAnswer = System.nanoTime();

    synchronized void sent(PlannedCallback callback) {
        sent.merge(callback.kind(), 1, Integer::sum);
    }

    synchronized void answered(Answer answer) {
        answers.merge(answer.name(), 1, Integer::sum);
        isSilent = answer.isNone();
        if (!isSilent) {
            lastAnswer = System.nanoTime();
        }
    }

    synchronized void repeated() {
        repeated++;
    }

    synchronized void taken(PlannedCallback callback) {
        done++;
        var some = taken.computeIfAbsent(callback.kind(), kind -> new ArrayList<>());
        if (some.size() < MOST_SHOWN) {
            some.add(callback.messages().get(0));
        }
    }

    synchronized void givenUp() {
        done++;
        givenUp++;
    }

    /** Whether the last call had no answer, and none before it for so long. */
    synchronized boolean isSilentFor(Duration time) {
        return isSilent && System.nanoTime() - lastAnswer >= time.toNanos();
    }

    /** How many are through, taken or not. */
    public synchronized int done() {
        return done;
    }

    /** How many were sent, repetitions after a bad answer not counted. */
    public synchronized int sent() {
        return sent.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many of them told something earlier after the end. */
    public synchronized int late() {
        return sent.getOrDefault(Kind.LATE, 0);
    }

    /** How many of them were the same as one before. */
    public synchronized int again() {
        return sent.getOrDefault(Kind.AGAIN, 0);
    }

    /** How often each answer came, by its status; <code>none</code> where there was none. */
    public synchronized Map<String, Integer> answers() {
        return Collections.unmodifiableMap(new TreeMap<>(answers));
    }

    /** How often one was sent once more, since it had not been taken. */
    public synchronized int repeats() {
        return repeated;
    }

    /** How many were not taken, however often they were sent. */
    public synchronized int abandoned() {
        return givenUp;
    }

    /** The ids of some messages whose callbacks were taken, of each kind. */
    public synchronized List<String> messages() {
        return taken.values().stream().flatMap(List::stream).distinct().toList();
    }
}
