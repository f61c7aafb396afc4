package org.smscallbacks.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshTextTest {

    private static final LocalDateTime NOW = LocalDateTime.parse("2026-11-27T07:00:05");

    @ParameterizedTest
    @CsvSource({
        "SM00000000000000000000000000000228, SM[1-9]\\d{31}",
        "aaaaaaaa-0000-4000-8000-000000000113, aaaaaaaa-[1-9]\\d{3}-\\d{4}-\\d{4}-\\d{12}",
        "51001, [1-9]\\d{11}",
        "between-o1, between-o[1-9]\\d{11}",
        "no-digits, no-digits[1-9]\\d{11}"
    })
    void makesIdsThatLookAlike(String id, String shape) {
        var fresh = new FreshText(new Random());
        assertTrue(fresh.idLike(id).matches(shape), fresh.idLike(id));
        assertNotEquals(fresh.idLike(id), fresh.idLike(id));
    }

    @Test
    void replacesWholeWordsOnlyAndAllAtOnce() {
        var words = Map.of("order-1", "order-9", "order-9", "order-1", "447700900101", "447700900102");
        assertEquals(
                "id=order-9&x=order-11&y=border-1&z=%3Aorder-1+to%3A&to=%2B447700900102",
                FreshText.replaced("id=order-1&x=order-11&y=border-1&z=%3Aorder-9+to%3A&to=%2B447700900101", words));
        assertFalse(FreshText.has("order-11", "order-1"));
    }

    @ParameterizedTest
    @CsvSource({
        "{\"at\":\"2024-03-29T10:15:02.118+0000\"}, {\"at\":\"2026-11-27T07:00:05.118+0000\"}",
        "'2024-01-15 12:00:00, 2024-01-15 12:00:03', '2026-11-27 07:00:02, 2026-11-27 07:00:05'",
        "t=2026-02-03T14%3A15%3A16Z&u=2026-02-03+14%3A15%3A06, t=2026-11-27T07%3A00%3A05Z&u=2026-11-27+06%3A59%3A55",
        "2024-02-30T10:15:02 and 2024-03-29T10:15:02, 2024-02-30T10:15:02 and 2026-11-27T07:00:05",
        "donedate=2602031416, donedate=2602031416"
    })
    void movesTimesSoThatTheLastIsNow(String text, String moved) {
        assertEquals(moved, FreshText.upTo(NOW, text));
    }
}
