package org.smscallbacks.event;

import com.ethlo.time.ITU;
import com.fasterxml.jackson.databind.JsonNode;
import java.text.ParsePosition;
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
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Times as providers write them, and the one way the event writes them: RFC 3339, UTC, milliseconds, <code>Z</code>. The usual
 * notation is read and written by a library made for it, since a formatter takes ten times as long; whatever else there is, a
 * formatter reads.
 */
public final class Times {

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

    /** No time in the usual notation is shorter. */
    private static final int LEAST = "yyyy-MM-ddTHH:mm:ss".length();

    /** Each that the event writes is as long. */
    private static final int WRITTEN = "yyyy-MM-ddTHH:mm:ss.SSSZ".length();

    private Times() {}

    /** The instant, of the years 1 to 9999, as the event writes it. */
    public static String format(Instant instant) {
        return ITU.formatUtcMilli(instant.atOffset(ZoneOffset.UTC));
    }

    /** The milliseconds since 1970 of a time as the event writes it; nothing for whatever else it is, and for null. */
    public static OptionalLong millis(String eventTime) {
        if (eventTime == null || eventTime.length() != WRITTEN || !isUsual(eventTime)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(ITU.parseDateTime(eventTime).toInstant().toEpochMilli());
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    /** A date and time with an offset, or null when it is none. */
    public static String fromOffset(String text) {
        if (text == null) {
            return null;
        }
        var stripped = text.strip();
        try {
            var usual = withColon(stripped);
            var end = new ParsePosition(0);
            var time = isUsual(usual) ? ITU.parseDateTime(usual, end) : null;
            return inRange(end.getIndex() == usual.length() ? time : parsed(stripped));
        } catch (DateTimeException e) {
            return inRange(parsed(stripped));
        }
    }

    /** Whether it is RFC 3339 by its shape; the library looks at neither the colon nor the end. */
    private static boolean isUsual(String text) {
        int sign = text.length() - "+01:00".length();
        return text.length() > LEAST
                && Character.toUpperCase(text.charAt(10)) == 'T'
                && (Character.toUpperCase(text.charAt(text.length() - 1)) == 'Z'
                        || sign >= LEAST
                                && (text.charAt(sign) == '+' || text.charAt(sign) == '-')
                                && text.charAt(sign + 3) == ':');
    }

    /** RFC 3339 has one in the offset, most providers do not. */
    private static String withColon(String text) {
        int sign = text.length() - "+0100".length();
        return sign >= LEAST && (text.charAt(sign) == '+' || text.charAt(sign) == '-')
                ? text.substring(0, sign + 3) + ':' + text.substring(sign + 3)
                : text;
    }

    private static OffsetDateTime parsed(String text) {
        try {
            return OffsetDateTime.parse(text, WITH_OFFSET);
        } catch (DateTimeException e) {
            return null;
        }
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
                            .toOffsetDateTime());
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

    private static String inRange(OffsetDateTime time) {
        return time == null ? null : inRange(time.toInstant());
    }

    private static String inRange(Instant instant) {
        return instant.isBefore(FIRST) || instant.isAfter(LAST) ? null : format(instant);
    }
}
