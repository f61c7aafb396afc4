package org.smscallbacks.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Readers of values; each throws an {@link IllegalArgumentException} that says what to write instead. */
public final class Values {

    private static final long LARGEST_SIZE = 1 << 30;
    private static final Pattern BASE_URL = Pattern.compile("https?://[^\\s?#/]+(/[^\\s?#]*)?");
    private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9._-]{1,255}");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB)?");
    private static final Pattern ROOM = Pattern.compile("([1-9]\\d{0,5})(MiB|GiB)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

    private Values() {}

    /** Any text that can be encoded. */
    public static String text(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("has half of a character: write the whole one");
        }
        return text;
    }

    /** A whole number. */
    public static Function<String, Integer> number(int least, int most) {
        return text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new IllegalArgumentException("is not a whole number from " + least + " to " + most);
        };
    }

    /** Bytes. */
    static long size(String text) {
        var matcher = SIZE.matcher(text);
        if (matcher.matches()) {
            var unit = matcher.group(2);
            int scale = "MiB".equals(unit) ? 1 << 20 : "KiB".equals(unit) ? 1 << 10 : 1;
            long size = Long.parseLong(matcher.group(1)) * scale;
            if (size > 0 && size <= LARGEST_SIZE) {
                return size;
            }
        }
        throw new IllegalArgumentException("is not a size: write 8MiB, 512KiB or a number of bytes, at most 1024MiB");
    }

    /** Bytes on a disk; 0 for an empty text. */
    static long room(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        var matcher = ROOM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is not room on a disk: write 256MiB or 10GiB");
        }
        return Long.parseLong(matcher.group(1)) << ("GiB".equals(matcher.group(2)) ? 30 : 20);
    }

    static Duration time(String text) {
        var time = timeIn(text);
        if (time == null) {
            throw new IllegalArgumentException("is not a time: write 10s, 500ms or 1m");
        }
        return time;
    }

    /** A time such as 500ms, 10s, 5m, 2h or 1d, at least a millisecond; null for anything else. */
    public static Duration timeIn(String text) {
        var matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long amount = Math.max(1, Long.parseLong(matcher.group(1)));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** An address this machine can listen on, as it is written. */
    static String address(String text) {
        try {
            return InetAddress.getByName(text) == null ? "" : text;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("is no address of this machine");
        }
    }

    /** Scheme, host, and perhaps a path, without a slash at the end; empty for none. */
    static String baseUrl(String text) {
        if (!text.isEmpty() && !BASE_URL.matcher(text).matches()) {
            throw new IllegalArgumentException("is not a URL: write https://sms.example.com");
        }
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    static String queue(String text) {
        if (!QUEUE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is no queue's name: letters, digits, dots, dashes and underscores, 255 at most");
        }
        return text;
    }

    /** <code>user:password</code>, or nothing. */
    public static String login(String text) {
        if (!text.isEmpty() && text.indexOf(':') < 1) {
            throw new IllegalArgumentException("is not user:password");
        }
        return text;
    }

    static Path folder(String text) {
        var scheme = "file:";
        if (!text.startsWith(scheme)) {
            throw new IllegalArgumentException("must start with file: and name the folder with the routes");
        }
        var folder = Path.of(text.substring(scheme.length()));
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("names no folder: " + folder.toAbsolutePath());
        }
        return folder;
    }

    /** What is separated by commas, without the blanks around it. */
    public static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
