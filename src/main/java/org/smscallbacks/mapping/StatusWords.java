package org.smscallbacks.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import org.smscallbacks.event.EventType;
import org.smscallbacks.event.Status;

/**
 * The statuses that stand as they are in the text of a mapping of delivery reports: with one that does not exist, the items that come to it
 * are not recognised, and only such an item would show it.
 */
final class StatusWords {

    static final String FIELD = "status";

    private StatusWords() {}

    /** What is wrong with a word of a table or a mapping, in words; null for a status, and for none. */
    static String problemOf(String word) {
        return word.isEmpty() || Status.texts().contains(word)
                ? null
                : "\"" + word + "\" is no status; there are " + String.join(", ", Status.texts());
    }

    /** What is wrong in this mapping, each with its place. */
    static List<String> problemsIn(String source, String mapping) {
        var parts = Lookups.PART
                .matcher(mapping)
                .results()
                .filter(part -> !part.group().startsWith("//"))
                .toList();
        boolean isOfReports =
                parts.stream().anyMatch(part -> part.group().equals(quoted(EventType.DELIVERY_REPORT.text())));
        var problems = new ArrayList<String>();
        for (int i = 0; isOfReports && i + 2 < parts.size(); i++) {
            var word = parts.get(i + 2).group();
            if (parts.get(i).group().equals(quoted(FIELD))
                    && parts.get(i + 1).group().equals(":")
                    && word.startsWith("\"")) {
                var problem = problemOf(word.substring(1, word.length() - 1));
                if (problem != null) {
                    problems.add(source + " line " + line(mapping, parts.get(i + 2)) + ": " + problem);
                }
            }
        }
        return problems;
    }

    private static String quoted(String word) {
        return '"' + word + '"';
    }

    private static long line(String mapping, MatchResult part) {
        return 1
                + mapping.substring(0, part.start())
                        .chars()
                        .filter(letter -> letter == '\n')
                        .count();
    }
}
