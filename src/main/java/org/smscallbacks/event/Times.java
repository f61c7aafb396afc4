package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Times as providers write them, and the one way the event writes them: RFC 3339, UTC, milliseconds, <code>Z</code>. The usual
 * notation is read and written digit by digit, since a formatter takes ten times as long; whatever else there is, a formatter reads.
 */
public final class Times {

    private static final int DATE_AND_TIME = "yyyy-MM-ddTHH:mm:ss".length();
    private static final int NANO_DIGITS = 9;

    /** The offset may be Z, +0100, +01:00 or +01; the fraction may be missing. */
    private static final DateTimeFormatter WITH_OFFSET = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private static final Map<String, DateTimeFormatter> WALL_TIMES = new ConcurrentHashMap<>();

    private Times() {}

    /** The instant, of the years 1 to 9999, as the event writes it. */
    public static String format(Instant instant) {
        var time = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
        var text = new byte["yyyy-MM-ddTHH:mm:ss.SSSZ".length()];
        int end = write(text, 0, time.getYear(), 4, '-');
        end = write(text, end, time.getMonthValue(), 2, '-');
        end = write(text, end, time.getDayOfMonth(), 2, 'T');
        end = write(text, end, time.getHour(), 2, ':');
        end = write(text, end, time.getMinute(), 2, ':');
        end = write(text, end, time.getSecond(), 2, '.');
        write(text, end, time.getNano() / 1_000_000, 3, 'Z');
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** Where the next number begins. */
    private static int write(byte[] text, int start, int number, int digits, char separator) {
        int end = start + digits;
        text[end] = (byte) separator;
        for (int left = number, place = end - 1; place >= start; place--, left /= 10) {
            text[place] = (byte) ('0' + left % 10);
        }
        return end + 1;
    }

    /** A date and time with an offset, or null when it is none. */
    public static String fromOffset(String text) {
        if (text == null) {
            return null;
        }
        try {
            var usual = fromUsualNotation(text);
            return inRange(
                    usual != null
                            ? usual
                            : OffsetDateTime.parse(text.strip(), WITH_OFFSET).toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** <code>2026-03-29T10:15:02.118+0000</code>, the fraction of any length, the offset +0000, +00:00 or Z; or null. */
    private static Instant fromUsualNotation(String text) {
        int length = text.length();
        if (length <= DATE_AND_TIME
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return null;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, DATE_AND_TIME);
        int nanos = 0;
        int end = DATE_AND_TIME;
        if (text.charAt(end) == '.') {
            int start = ++end;
            while (end < length && isDigit(text.charAt(end))) {
                end++;
            }
            int digits = end - start;
            if (digits == 0 || digits > NANO_DIGITS) {
                return null;
            }
            nanos = number(text, start, end);
            for (; digits < NANO_DIGITS; digits++) {
                nanos *= 10;
            }
        }
        int offset = offsetSeconds(text, end);
        if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0 || offset == Integer.MIN_VALUE) {
            return null;
        }
        long epochSecond =
                LocalDateTime.of(year, month, day, hour, minute, second).toEpochSecond(ZoneOffset.UTC);
        return Instant.ofEpochSecond(epochSecond - offset, nanos);
    }

    /** What stands from there to the end as an offset of hours and minutes, or the least integer. */
    private static int offsetSeconds(String text, int start) {
        int rest = text.length() - start;
        if (rest == 1 && text.charAt(start) == 'Z') {
            return 0;
        }
        boolean withColon = rest == 6 && text.charAt(start + 3) == ':';
        if (rest != 5 && !withColon || text.charAt(start) != '+' && text.charAt(start) != '-') {
            return Integer.MIN_VALUE;
        }
        int hours = number(text, start + 1, start + 3);
        int minutes = number(text, text.length() - 2, text.length());
        if (hours < 0 || hours > 17 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        int seconds = hours * 3_600 + minutes * 60;
        return text.charAt(start) == '-' ? -seconds : seconds;
    }

    /** The digits as a number, or -1 when one is none. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
    }

    private static boolean isDigit(char letter) {
        return letter >= '0' && letter <= '9';
    }

    /**
     * A wall time in the zone, or null when it is none. An hour that comes twice in autumn is the first of the two, one that does
     * not exist in spring is moved by the gap.
     *
     * @throws IllegalArgumentException when the pattern is none
     */
    public static String fromWallTime(String text, String pattern, ZoneId zone) {
        var formatter = WALL_TIMES.computeIfAbsent(
                pattern, p -> DateTimeFormatter.ofPattern(p.replace('y', 'u')).withResolverStyle(ResolverStyle.STRICT));
        try {
            return text == null
                    ? null
                    : inRange(LocalDateTime.parse(text.strip(), formatter)
                            .atZone(zone)
                            .toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Milliseconds since 1970, or null when the node is no whole number. */
    public static String fromEpochMillis(JsonNode millis) {
        return millis.canConvertToLong() && millis.isIntegralNumber()
                ? inRange(Instant.ofEpochMilli(millis.longValue()))
                : null;
    }

    private static String inRange(Instant instant) {
        return instant.isBefore(FIRST) || instant.isAfter(LAST) ? null : format(instant);
    }
}
