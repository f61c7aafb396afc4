package org.smscallbacks.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What came of one trial.
 *
 * @param struck how often the fault struck, by what that is called; nothing when it did not
 * @param acknowledged events that a provider was told yes of
 * @param missing of these, those that are in no queue, and were not taken out of one
 * @param astray of these, those that are not where the fault alone can look: in a copy of the data, at a target
 * @param doubled events that are in the queues more than once
 * @param unacknowledged events that are there, though no provider was told so
 * @param odd answers that are neither yes nor "later"
 * @param refusedMillis how long a provider was not told yes, altogether
 * @param slowestMillis the slowest yes
 * @param words what else is wrong; empty when all is well
 */
record Result(
        String commit,
        String date,
        String fault,
        long seed,
        Map<String, Integer> struck,
        int acknowledged,
        int missing,
        int astray,
        int doubled,
        int unacknowledged,
        int odd,
        long refusedMillis,
        long slowestMillis,
        String words) {

    private static final ObjectMapper JSON = new ObjectMapper().disable(SerializationFeature.INDENT_OUTPUT);

    boolean isLoss() {
        return missing > 0 || astray > 0;
    }

    boolean isWell() {
        return !isLoss() && words.isEmpty();
    }

    String inWords() {
        return "%s seed %d: %s, acknowledged %d, missing %d, astray %d, doubled %d, unacknowledged %d, odd answers %d, refused %d ms, slowest yes %d ms %s"
                .formatted(
                        fault,
                        seed,
                        inWords(struck),
                        acknowledged,
                        missing,
                        astray,
                        doubled,
                        unacknowledged,
                        odd,
                        refusedMillis,
                        slowestMillis,
                        words);
    }

    /** Such as "5 kills, 2 full disks". */
    static String inWords(Map<String, Integer> struck) {
        return struck.isEmpty()
                ? "did not strike"
                : struck.entrySet().stream()
                        .map(one -> one.getValue() + " " + one.getKey())
                        .collect(Collectors.joining(", "));
    }

    void append(Path file) throws IOException {
        Files.writeString(
                file, JSON.writeValueAsString(this) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    static List<Result> all(Path file) throws IOException {
        var results = new ArrayList<Result>();
        if (Files.exists(file)) {
            for (var line : Files.readAllLines(file)) {
                results.add(JSON.readValue(line, Result.class));
            }
        }
        return results;
    }
}
