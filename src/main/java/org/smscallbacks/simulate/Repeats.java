package org.smscallbacks.simulate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/**
 * How a provider repeats a callback.
 *
 * @param after the answers after which it does: statuses, <code>5xx</code>, <code>none</code>, <code>any</code>
 * @param most how often
 * @param body the answer it wants; empty for any
 */
record Repeats(List<String> after, int most, String body) {

    private static final String UNPUBLISHED = "any 3";

    /** Those of <code>repeats.properties</code>. */
    static Repeats of(String provider) {
        var known = new Properties();
        try (var file = Repeats.class.getResourceAsStream("repeats.properties")) {
            known.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var words = List.of(known.getProperty(provider, UNPUBLISHED).strip().split(" +"));
        int last = words.size() - 1;
        return new Repeats(
                words.subList(0, last),
                Integer.parseInt(words.get(last)),
                known.getProperty(provider + ".body", "").strip());
    }

    /** Whether a callback is taken. */
    boolean isTaken(Answer answer) {
        return answer.status() / 100 == 2
                && (body.isEmpty() || body.equals(answer.body().strip()));
    }

    /** Whether one that is not taken is sent again. */
    boolean follow(Answer answer, int repeated) {
        var kind = answer.isNone() ? Answer.NO_ANSWER : answer.status() / 100 + "xx";
        return repeated < most
                && (after.contains("any") || after.contains(kind) || after.contains(String.valueOf(answer.status())));
    }
}
