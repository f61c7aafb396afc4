package org.smscallbacks.operator.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.smscallbacks.operator.EventFilter;
import picocli.CommandLine.Help;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say which events are meant. */
class FilterOptions {

    @Option(
            names = "--since",
            paramLabel = "<time>",
            converter = Time.class,
            description =
                    "Died, or received, at this time or later: 2026-03-29T10:15:00Z, or back from now: 30m, 2h, 3d")
    private Instant since;

    @Option(
            names = "--until",
            paramLabel = "<time>",
            converter = Time.class,
            description = "Died, or received, before this time")
    private Instant until;

    @Option(names = "--provider", paramLabel = "<name>", description = "Of this provider")
    private String provider;

    @Option(names = "--account", paramLabel = "<name>", description = "Of this account")
    private String account;

    @Option(names = "--reason", paramLabel = "<words>", description = "With these words in the reason")
    private String reason;

    @Option(names = "--id", paramLabel = "<event id>", description = "This event; may be given several times")
    private List<String> ids = new ArrayList<>();

    @Option(
            names = "--limit",
            paramLabel = "<n>",
            converter = Limit.class,
            defaultValue = "" + Integer.MAX_VALUE,
            showDefaultValue = Help.Visibility.NEVER,
            description = "No more than this many, the first of the queue")
    private int limit;

    /** Which events are meant; where events of a kind can be told apart by more, its options add that. */
    EventFilter filter() {
        return filter(null, null, null);
    }

    final EventFilter filter(String status, String answer, String from) {
        return new EventFilter(since, until, provider, account, status, answer, reason, from, List.copyOf(ids));
    }

    int limit() {
        return limit;
    }

    boolean isLimited() {
        return limit < Integer.MAX_VALUE;
    }

    /** At least one: a script whose number is empty or zero must not move anything. */
    static final class Limit implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            if (!text.matches("0*[1-9]\\d{0,9}")) {
                throw new TypeConversionException("'" + text + "' is no number of events: write 1 or more");
            }
            return (int) Math.min(Long.parseLong(text), Integer.MAX_VALUE);
        }
    }

    /** A time, or how long ago it is. */
    static final class Time implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            var ago = Span.read(text);
            if (ago != null) {
                return Instant.now().minus(ago);
            }
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'" + text + "' is no time: write 2026-03-29T10:15:00Z, or 30m, 2h, 3d for back from now");
            }
        }
    }

    /** A length of time. */
    static final class Span implements ITypeConverter<Duration> {

        private static final Pattern SPAN = Pattern.compile("(\\d{1,5})([smhd])");

        @Override
        public Duration convert(String text) {
            var span = read(text);
            if (span == null) {
                throw new TypeConversionException("'" + text + "' is no length of time: write 30s, 5m, 2h");
            }
            return span;
        }

        static Duration read(String text) {
            var matcher = SPAN.matcher(text);
            if (!matcher.matches()) {
                return null;
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
    }
}
