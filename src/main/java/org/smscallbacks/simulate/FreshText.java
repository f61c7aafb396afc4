package org.smscallbacks.simulate;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text of a callback as if it were of now: with ids that nobody has seen yet, and with the times of today. */
final class FreshText {

    /** So many digits are the same only once in a life. */
    private static final int DIGITS = 12;

    /** An id is no part of a longer word; what is escaped before it is no word. */
    private static final String BEFORE = "(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2}))";

    private static final String AFTER = "(?![A-Za-z0-9_-])";

    private static final Pattern TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)(T|\\+|%20| )(\\d\\d)(:|%3[Aa])(\\d\\d)\\4(\\d\\d)(?!\\d)");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd");

    private final Random random;

    FreshText(Random random) {
        this.random = random;
    }

    /** Whether this id stands in the text. */
    static boolean has(String text, String id) {
        return text.contains(id) && word(Pattern.quote(id)).matcher(text).find();
    }

    private static Pattern word(String pattern) {
        return Pattern.compile(BEFORE + "(?:" + pattern + ")" + AFTER);
    }

    /** One more id that looks like this one: other digits, and more of them where they are few. */
    String idLike(String id) {
        var fresh = new StringBuilder(id);
        int digits = 0;
        for (int i = 0; i < id.length(); i++) {
            if (Character.digit(id.charAt(i), 10) >= 0) {
                fresh.setCharAt(i, digit(digits++ == 0));
            }
        }
        for (; digits < DIGITS; digits++) {
            fresh.append(digit(digits == 0));
        }
        return fresh.toString();
    }

    /** A number does not begin with a zero. */
    private char digit(boolean isFirst) {
        return (char) (isFirst ? '1' + random.nextInt(9) : '0' + random.nextInt(10));
    }

    /** The text with each of these words replaced, all at once. */
    static String replaced(String text, Map<String, String> words) {
        var any = words.keySet().stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return word(any).matcher(text).replaceAll(found -> Matcher.quoteReplacement(words.get(found.group())));
    }

    /** The text with its times moved, all by as much, so that the last of them is this one. */
    static String upTo(LocalDateTime now, String text) {
        var last = TIME.matcher(text)
                .results()
                .map(FreshText::time)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder());
        if (last.isEmpty()) {
            return text;
        }
        var later = Duration.between(last.get(), now);
        return TIME.matcher(text).replaceAll(found -> {
            var time = time(found);
            return Matcher.quoteReplacement(time == null ? found.group() : written(time.plus(later), found));
        });
    }

    private static LocalDateTime time(MatchResult found) {
        try {
            return LocalDateTime.parse(
                    found.group(1) + "T" + found.group(3) + ":" + found.group(5) + ":" + found.group(6));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String written(LocalDateTime time, MatchResult like) {
        var separator = like.group(4);
        return DATE.format(time)
                + like.group(2)
                + "%02d%s%02d%s%02d"
                        .formatted(time.getHour(), separator, time.getMinute(), separator, time.getSecond());
    }

    /** Fresh ids for those that have none yet. */
    Map<String, String> idsFor(Sample sample, Map<String, String> known) {
        var ids = new HashMap<>(known);
        sample.messages().forEach(message -> ids.computeIfAbsent(message.id(), this::idLike));
        return ids;
    }
}
