package org.smscallbacks.operator.command;

import java.util.ArrayList;
import java.util.List;

/** The lines in which two texts differ, as few as there can be. */
final class LineDiff {

    /** Of texts that differ in more than this, all lines between the first and the last difference are given. */
    private static final long MOST_COMPARED = 4_000_000;

    private LineDiff() {}

    /** First those of one place that are expected, each behind a minus; then those that are there instead, behind a plus. */
    static List<String> of(String expected, String actual) {
        var wanted = expected.lines().toList();
        var there = actual.lines().toList();
        int begin = 0;
        while (begin < Math.min(wanted.size(), there.size())
                && wanted.get(begin).equals(there.get(begin))) {
            begin++;
        }
        int end = 0;
        while (end < Math.min(wanted.size(), there.size()) - begin
                && wanted.get(wanted.size() - 1 - end).equals(there.get(there.size() - 1 - end))) {
            end++;
        }
        return between(wanted.subList(begin, wanted.size() - end), there.subList(begin, there.size() - end));
    }

    private static List<String> between(List<String> wanted, List<String> there) {
        var common = (long) wanted.size() * there.size() > MOST_COMPARED ? null : longestCommon(wanted, there);
        var lines = new ArrayList<String>();
        int i = 0;
        int j = 0;
        while (i < wanted.size() || j < there.size()) {
            if (common != null
                    && i < wanted.size()
                    && j < there.size()
                    && wanted.get(i).equals(there.get(j))) {
                i++;
                j++;
            } else if (i < wanted.size()
                    && (j == there.size() || common == null || common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + wanted.get(i++));
            } else {
                lines.add("+ " + there.get(j++));
            }
        }
        return lines;
    }

    /** How many lines the rests of both have in common. */
    private static int[][] longestCommon(List<String> wanted, List<String> there) {
        var common = new int[wanted.size() + 1][there.size() + 1];
        for (int i = wanted.size() - 1; i >= 0; i--) {
            for (int j = there.size() - 1; j >= 0; j--) {
                common[i][j] = wanted.get(i).equals(there.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}
