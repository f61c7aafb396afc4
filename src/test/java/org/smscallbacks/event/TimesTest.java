package org.smscallbacks.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    private static final DateTimeFormatter EVENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Test
    void countsTheMillisecondsOfWhatItWrites() {
        assertEquals(OptionalLong.of(1_774_779_302_118L), Times.millis("2026-03-29T10:15:02.118Z"));
        assertEquals(OptionalLong.of(-1), Times.millis("1969-12-31T23:59:59.999Z"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-03-29T10:15:02Z",
                "2026-02-30T10:15:02.118Z",
                "2026-03-29T10:15:02+02:0",
                "2026-03-29 10:15:02.118Z",
                "2026-03-29T10:15:02.118ZZ"
            })
    void countsNoneOfWhatItDoesNotWrite(String text) {
        assertEquals(OptionalLong.empty(), Times.millis(text));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29T10:15:02.118+0000, 2026-03-29T10:15:02.118Z",
        "2026-03-29T10:15:02+0200,     2026-03-29T08:15:02.000Z",
        "2026-03-29T10:15:02-05:30,    2026-03-29T15:45:02.000Z",
        "2026-03-29T10:15:02Z,         2026-03-29T10:15:02.000Z",
        "2026-03-29t10:15:02z,         2026-03-29T10:15:02.000Z",
        "2026-03-29T10:15:02.+0000,    2026-03-29T10:15:02.000Z",
        "2026-03-29T10:15:02.1Z,       2026-03-29T10:15:02.100Z",
        "2026-03-29T10:15:02.123456789Z, 2026-03-29T10:15:02.123Z",
        "2026-03-29T10:15Z,            2026-03-29T10:15:00.000Z",
        "2026-03-29T10:15:02+01,       2026-03-29T09:15:02.000Z",
        "2026-03-29T10:15:02+18:00,    2026-03-28T16:15:02.000Z",
        "2024-02-29T23:59:59.999-0001, 2024-03-01T00:00:59.999Z",
        "0001-01-01T00:00:00Z,         0001-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z,     9999-12-31T23:59:59.999Z",
    })
    void readsTimesWithAnOffset(String sent, String read) {
        assertEquals(read, Times.fromOffset(sent));
        assertEquals(read, Times.fromOffset(" " + sent + " "), "blanks around it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-03-29",
                "2026-03-29T10:15:02",
                "2026-03-29T10:15:02.",
                "2026-03-29T10:15:02.1234567890Z",
                "2025-02-29T10:15:02Z",
                "2026-13-01T10:15:02Z",
                "2026-00-10T10:15:02Z",
                "2026-03-29T24:00:00Z",
                "2026-03-29T10:60:02Z",
                "2026-03-29T10:15:60Z",
                "2026-03-29T10:15:02+1900",
                "2026-03-29T10:15:02+0060",
                "2026-03-29T10:15:02+00-0",
                "2026-03-29T10:15:02 0000",
                "2026-03-29T10:15:02Z0000",
                "2026-03-29T10:15:02+01100",
                "2026-03-29T10:15:02.000+17W59",
                "2026-03-29T10:15:02-18800",
                "2026-03-29T10:15:02+00+00",
                "２０２６-03-29T10:15:02Z",
                "0000-06-01T00:00:00Z",
                "0001-01-01T00:00:00+0100",
                "9999-12-31T23:59:59-0100",
            })
    void readsNothingElse(String sent) {
        assertNull(Times.fromOffset(sent));
    }

    @Test
    void writesWhatAFormatterWrites() {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            var instant = Instant.ofEpochSecond(
                    random.nextLong(-62_135_596_800L, 253_402_300_800L), random.nextInt(1_000_000_000));
            var written = Times.format(instant);
            assertEquals(EVENT.format(instant), written);
            assertEquals(written, Times.fromOffset(written));
        }
    }
}
