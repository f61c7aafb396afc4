package org.smscallbacks.mapping;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Times as providers write them, and the one way the event writes them: RFC 3339, UTC, milliseconds, <code>Z</code>. */
public final class Times {

    private static final DateTimeFormatter EVENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

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

    /** The instant as the event writes it. */
    public static String format(Instant instant) {
        return EVENT.format(instant);
    }

    /** A date and time with an offset, or null when it is none. */
    static String fromOffset(String text) {
        try {
            return text == null
                    ? null
                    : inRange(OffsetDateTime.parse(text.strip(), WITH_OFFSET).toInstant());
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
    static String fromWallTime(String text, String pattern, ZoneId zone) {
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
    static String fromEpochMillis(JsonNode millis) {
        return millis.canConvertToLong() && millis.isIntegralNumber()
                ? inRange(Instant.ofEpochMilli(millis.longValue()))
                : null;
    }

    private static String inRange(Instant instant) {
        return instant.isBefore(FIRST) || instant.isAfter(LAST) ? null : format(instant);
    }
}
