package org.smscallbacks.config;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * The lines of a properties file, each read on its own: {@link Properties} takes anything for a key, and the last of several lines with
 * the same key in silence.
 */
final class PropertyLines {

    private static final Pattern SEPARATOR = Pattern.compile("(?s)(?:[^\\\\=:\\s]|\\\\.)*[ \\t\\f]*[=:\\s].*");
    private static final Pattern BLANKS = Pattern.compile("^[ \\t\\f]+");

    /** What belongs together, and where it begins. */
    private record Line(int number, String text) {}

    private final String file;
    private final List<Line> lines = new ArrayList<>();

    /** @param file what it is called where a line is refused */
    PropertyLines(String file, String text) {
        this.file = file;
        int number = 0;
        Line begun = null;
        for (var line : text.split("\r\n|\n|\r", -1)) {
            number++;
            if (begun == null && isComment(line)) {
                continue;
            }
            var whole = begun == null ? new Line(number, line) : new Line(begun.number, begun.text + "\n" + line);
            begun = goesOn(line) ? whole : null;
            if (begun == null) {
                lines.add(whole);
            }
        }
        if (begun != null) {
            lines.add(begun);
        }
    }

    private static boolean isComment(String line) {
        var text = BLANKS.matcher(line).replaceFirst("");
        return text.isEmpty() || text.startsWith("#") || text.startsWith("!");
    }

    private static boolean goesOn(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }

    /**
     * Refuses what is no setting: a line that is none, a key of somebody else's, a key that stands in two lines. Quotes no such line: a
     * part of a secret may have slipped into it.
     *
     * @param prefixes what keys begin with
     */
    void refuseOdd(List<String> prefixes) {
        var numbers = new HashMap<String, Integer>();
        for (var line : lines) {
            var key = String.join("", read(line).stringPropertyNames());
            if (prefixes.stream().noneMatch(key::startsWith)) {
                throw wrong(
                        line,
                        "is no setting: a key begins with " + String.join(" or ", prefixes)
                                + ", a line that belongs to the one above has a backslash before it, a comment a #");
            }
            var text = BLANKS.matcher(line.text).replaceFirst("").stripTrailing();
            if (!SEPARATOR.matcher(text).matches()) {
                throw wrong(line, key + " has no value: write " + key + "=, then the value");
            }
            var before = numbers.put(key, line.number);
            if (before != null) {
                throw wrong(line, key + " stands in line " + before + " as well: remove one of them");
            }
        }
    }

    /** What can be read. */
    Properties readable() {
        var all = new Properties();
        for (var line : lines) {
            try {
                all.putAll(read(line));
            } catch (ConfigurationException e) {
                // the others can be read all the same
            }
        }
        return all;
    }

    private Properties read(Line line) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(line.text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException e) {
            throw wrong(line, "has a \\u that four hexadecimal digits must follow: for a backslash write two");
        }
        return properties;
    }

    private ConfigurationException wrong(Line line, String problem) {
        return new ConfigurationException(file + " line " + line.number + ": " + problem);
    }
}
