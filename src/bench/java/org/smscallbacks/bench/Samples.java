package org.smscallbacks.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured of each contender in each cell, round by round; the rounds of all contenders lie side by side. */
final class Samples {

    private final Map<String, Map<String, List<Double>>> samples = new LinkedHashMap<>();

    void add(String cell, String contender, double value) {
        samples.computeIfAbsent(cell, c -> new LinkedHashMap<>())
                .computeIfAbsent(contender, c -> new ArrayList<>())
                .add(value);
    }

    List<String> cells() {
        return List.copyOf(samples.keySet());
    }

    List<Double> of(String cell, String contender) {
        return samples.getOrDefault(cell, Map.of()).getOrDefault(contender, List.of());
    }

    double median(String cell, String contender) {
        return median(of(cell, contender));
    }

    /** How the two compare in each round: the median, the least and the most. */
    Ratio ratio(String cell, String one, String other) {
        var ones = of(cell, one);
        var others = of(cell, other);
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < Math.min(ones.size(), others.size()); round++) {
            ratios.add(ones.get(round) / others.get(round));
        }
        return new Ratio(
                median(ratios),
                ratios.stream().mapToDouble(r -> r).min().orElse(Double.NaN),
                ratios.stream().mapToDouble(r -> r).max().orElse(Double.NaN));
    }

    record Ratio(double median, double least, double most) {
        @Override
        public String toString() {
            return Double.isNaN(median) ? "" : "%.2f (%.2f to %.2f)".formatted(median, least, most);
        }
    }

    static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int count = sorted.size();
        return count == 0 ? Double.NaN : (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
    }
}
