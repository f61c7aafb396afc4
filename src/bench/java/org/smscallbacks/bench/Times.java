package org.smscallbacks.bench;

import java.util.Arrays;
import java.util.Collection;

/** Measured times of many events. */
final class Times {

    private final long[] sorted;

    Times(Collection<Long> nanos) {
        sorted = nanos.stream().mapToLong(n -> n).sorted().toArray();
    }

    Times(long[] nanos) {
        sorted = nanos.clone();
        Arrays.sort(sorted);
    }

    double millis(double percent) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * percent / 100))] / 1e6;
    }

    int count() {
        return sorted.length;
    }

    @Override
    public String toString() {
        return "%.1f | %.1f | %.1f".formatted(millis(50), millis(99), millis(99.9));
    }
}
