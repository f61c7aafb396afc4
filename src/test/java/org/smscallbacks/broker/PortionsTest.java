package org.smscallbacks.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What goes into the broker, in portions that are small beside its memory and the room a disk keeps. */
class PortionsTest {

    private static final long MEBIBYTE = 1L << 20;

    @Test
    void areOfSoManyItems() {
        assertEquals(List.of(), sizes());
        assertEquals(List.of(1), sizes(1));
        var many = LongStream.generate(() -> 500).limit(2_001).toArray();
        assertEquals(List.of(1_000, 1_000, 1), sizes(many));
    }

    @Test
    void areOfSoManyBytes() {
        var three = 3 * MEBIBYTE;
        assertEquals(List.of(2, 2, 1), sizes(three, three, three, three, three));
        assertEquals(List.of(2), sizes(4 * MEBIBYTE, 4 * MEBIBYTE));
        assertEquals(List.of(2, 1), sizes(4 * MEBIBYTE, 4 * MEBIBYTE, 1));
    }

    @Test
    void areOneItemThatIsTooLarge() {
        assertEquals(List.of(1, 1, 1, 1), sizes(1, 16 * MEBIBYTE, 16 * MEBIBYTE, 1));
    }

    private static List<Integer> sizes(long... bytes) {
        var items = LongStream.of(bytes).boxed().toList();
        var portions = Portions.of(items, Long::longValue);
        assertEquals(
                items, portions.stream().flatMap(List::stream).collect(Collectors.toList()), "all, in their order");
        return portions.stream().map(List::size).toList();
    }
}
