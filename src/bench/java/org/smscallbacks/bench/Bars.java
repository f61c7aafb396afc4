package org.smscallbacks.bench;

import java.util.ArrayList;
import java.util.List;

/** What the gateway must reach, and whether it does. */
final class Bars {

    private final Report report;
    private final List<String[]> rows = new ArrayList<>();

    Bars(Report report) {
        this.report = report;
    }

    void check(Samples rates, Delivery delivery) {
        for (var cell : List.of("1 × 1", "1 × 16", "1 × 64", "10 × 16", "100 × 16")) {
            atLeast(rates, cell, Contenders.FLOOR, 1);
            atLeast(rates, cell, Contenders.IN_PROCESS, 0.8);
        }
        for (var cell : List.of("10 × 16", "100 × 16")) {
            atLeast(rates, cell, Contenders.PLAIN_CAMEL, 3);
            atLeast(rates, cell, Contenders.SPRING_INTEGRATION, 5);
        }
        atLeast(rates, "100 × 16", Contenders.JOURNAL, 0.7);
        atLeast(delivery.delivered(), "8 consumers", Contenders.FLOOR, 1.4);
        atLeast(delivery.delivered(), "32 consumers", Contenders.FLOOR, 0.95);
        var latency = delivery.p99().ratio("10 callbacks/s", Contenders.US, Contenders.FLOOR);
        rows.add(row(
                "p99 to the target at 10 callbacks/s, us / floor", "at most 1.10", latency, latency.median() <= 1.1));
        var table = report.table("Bars", "", "", "measured", "");
        rows.forEach(table::row);
    }

    private void atLeast(Samples samples, String cell, String other, double least) {
        var ratio = samples.ratio(cell, Contenders.US, other);
        if (!Double.isNaN(ratio.median())) {
            rows.add(row(cell + ", us / " + other, "at least %.2f".formatted(least), ratio, ratio.median() >= least));
        }
    }

    private static String[] row(String what, String bar, Samples.Ratio ratio, boolean reached) {
        return new String[] {what, bar, ratio.toString(), reached ? "" : "missed"};
    }
}
