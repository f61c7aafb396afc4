package org.smscallbacks.karaf;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.event.Level;

/**
 * What <code>config/log4j2.properties</code> says of loggers, for a log that is not Log4j's own: from which level on a library writes,
 * and which of its messages never. Our own loggers write whatever the container's configuration lets them.
 */
final class LogRules {

    private static final String OURS = "org.smscallbacks.";
    private static final int OFF = Integer.MAX_VALUE;
    private static final Pattern NOTHING = Pattern.compile("(?!)");

    /** <code>from</code> is a level's number; <code>never</code> is matched against the message. */
    record Rule(int from, Pattern never) {

        boolean allows(Level level) {
            return level.toInt() >= from;
        }

        boolean denies(String message) {
            return never.matcher(message).matches();
        }
    }

    private static final Rule EVERYTHING = new Rule(Level.TRACE.toInt(), NOTHING);

    private final Rule otherwise;
    private final Map<String, Rule> rules = new TreeMap<>();

    LogRules(Properties log4j) {
        otherwise = new Rule(number(log4j.getProperty("rootLogger.level")), NOTHING);
        for (var key : log4j.stringPropertyNames()) {
            if (key.matches("logger\\.\\w+\\.name")) {
                var prefix = key.substring(0, key.length() - "name".length());
                rules.put(
                        log4j.getProperty(key),
                        new Rule(number(log4j.getProperty(prefix + "level")), deniedOf(log4j, prefix)));
            }
        }
    }

    /** Those that are in the bundle. */
    static LogRules shipped() {
        var log4j = new Properties();
        try (var file = LogRules.class.getResourceAsStream("/config/log4j2.properties")) {
            log4j.load(new InputStreamReader(file, StandardCharsets.UTF_8));
            return new LogRules(log4j);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int number(String level) {
        return level.equals("off")
                ? OFF
                : Level.valueOf(level.toUpperCase(Locale.ROOT)).toInt();
    }

    private static Pattern deniedOf(Properties log4j, String prefix) {
        return log4j.stringPropertyNames().stream()
                .filter(key -> key.startsWith(prefix + "filter.") && key.endsWith(".regex"))
                .map(key -> Pattern.compile(log4j.getProperty(key)))
                .findFirst()
                .orElse(NOTHING);
    }

    /** Of this logger, or of the nearest above it. */
    Rule of(String logger) {
        if (logger.startsWith(OURS)) {
            return EVERYTHING;
        }
        for (var name = logger; ; name = name.substring(0, name.lastIndexOf('.'))) {
            var rule = rules.get(name);
            if (rule != null) {
                return rule;
            }
            if (name.indexOf('.') < 0) {
                return otherwise;
            }
        }
    }
}
