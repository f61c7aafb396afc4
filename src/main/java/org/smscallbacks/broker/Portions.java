package org.smscallbacks.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Cuts what goes into the broker into portions, each for a transaction of its own. Within one the broker no longer asks whether the disk
 * has room: what a portion writes must be little beside the room that is kept free. And it has a whole transaction in memory.
 */
public final class Portions {

    private static final int MOST = 1_000;
    private static final long MOST_BYTES = 8L << 20;

    private Portions() {}

    /**
     * All of them, in their order; one that is too large is a portion of its own.
     *
     * @param bytes about how many the broker writes for one
     */
    public static <T> List<List<T>> of(List<T> items, ToLongFunction<T> bytes) {
        var portions = new ArrayList<List<T>>();
        int from = 0;
        long sum = 0;
        for (int i = 0; i < items.size(); i++) {
            long more = bytes.applyAsLong(items.get(i));
            if (i > from && (i - from == MOST || sum + more > MOST_BYTES)) {
                portions.add(items.subList(from, i));
                from = i;
                sum = 0;
            }
            sum += more;
        }
        if (from < items.size()) {
            portions.add(items.subList(from, items.size()));
        }
        return portions;
    }
}
