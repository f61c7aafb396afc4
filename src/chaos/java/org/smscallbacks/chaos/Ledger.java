package org.smscallbacks.chaos;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What providers have sent, and what they were told of it. Events are known by the id of their message. */
final class Ledger {

    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();
    private final Map<String, String> heard = new ConcurrentHashMap<>();
    private final AtomicInteger repeats = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicLong slowestMillis = new AtomicLong();
    private final AtomicLong refusedMillis = new AtomicLong();
    private final AtomicInteger oddAnswers = new AtomicInteger();

    void sends(Iterable<String> ids) {
        ids.forEach(sent::add);
    }

    void acknowledges(Iterable<String> ids, long millis) {
        ids.forEach(acknowledged::add);
        slowestMillis.accumulateAndGet(millis, Math::max);
    }

    /** A consumer accepts this event: from now on no queue need have it, though it may. */
    void takes(String id) {
        taken.merge(id, 1, Integer::sum);
    }

    /** A consumer says this of an event, whose message is of this id by its header. */
    void hears(String id, String header, int word) {
        var words = id.equals(header) ? " " + word : " " + word + " (in a message of " + header + ")";
        heard.merge(header, words, String::concat);
    }

    /** What consumers have said of an event, by the header of its message. */
    String heard(String header) {
        return heard.getOrDefault(header, " nothing");
    }

    Map<String, Integer> taken() {
        return taken;
    }

    /** Says that one event was acknowledged which nobody has sent, that another was not, and that a third was taken. */
    void lies() {
        var two = acknowledged.stream().limit(2).toList();
        acknowledged.remove(two.get(0));
        takes(two.get(1));
        acknowledged.add("chaos-0-0-0-0");
    }

    /** What a provider was told yes of, and is not among these, nor taken by a consumer. */
    Set<String> missingIn(Set<String> found) {
        var missing = new HashSet<>(acknowledged);
        missing.removeAll(found);
        missing.removeAll(taken.keySet());
        return missing;
    }

    /** A provider was not told yes and repeats. */
    void repeats(long millisLost) {
        repeats.incrementAndGet();
        refusedMillis.addAndGet(millisLost);
    }

    /** A callback goes to several gateways at the same moment. */
    void sendsAtOnce() {
        atOnce.incrementAndGet();
    }

    int atOnce() {
        return atOnce.get();
    }

    /** An answer that is neither yes nor "later". */
    void oddAnswer() {
        oddAnswers.incrementAndGet();
    }

    Set<String> sent() {
        return sent;
    }

    Set<String> acknowledged() {
        return acknowledged;
    }

    int repeated() {
        return repeats.get();
    }

    int odd() {
        return oddAnswers.get();
    }

    long slowest() {
        return slowestMillis.get();
    }

    /** Of all providers together, in the time of one. */
    long refusedMillis(int providers) {
        return refusedMillis.get() / providers;
    }
}
