package org.smscallbacks.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The configuration as text: the lines of a file, overridden by environment variables, overridden by system properties. Knows where
 * each value stands. <code>SMS_HTTP_PORT</code> is <code>sms.http.port</code>: an underscore stands for a dot or a dash.
 */
final class ConfigFile {

    static final String PREFIX = "sms.";

    private static final List<String> PREFIXES = List.of(PREFIX, "camel.");

    private final Path path;
    private final List<String> lines;
    private final Properties properties;
    private final Map<String, String> environment;
    private final Properties system;

    /** Environment variables that are the value of a key. */
    private final Set<String> used = ConcurrentHashMap.newKeySet();

    /**
     * @param text what is in the file
     * @param properties the same, read
     */
    ConfigFile(Path path, String text, Properties properties, Map<String, String> environment, Properties system) {
        this.path = path;
        this.lines = text.lines().toList();
        this.properties = properties;
        this.environment = environment;
        this.system = system;
    }

    /** @throws ConfigurationException when it cannot be read, or a line in it is no setting */
    static ConfigFile read(Path path, Map<String, String> environment, Properties system) {
        var text = textOf(path);
        var lines = new PropertyLines(path.toString(), text);
        lines.refuseOdd(PREFIXES);
        return new ConfigFile(path, text, lines.readable(), environment, system);
    }

    /** What can be read of it. */
    static ConfigFile readable(Path path, Map<String, String> environment, Properties system) {
        var text = textOf(path);
        return new ConfigFile(path, text, new PropertyLines(path.toString(), text).readable(), environment, system);
    }

    private static String textOf(Path path) {
        try {
            var text = Files.readString(path, StandardCharsets.UTF_8);
            // some editors put a mark of the encoding before the first line
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (IOException e) {
            throw new ConfigurationException("cannot read " + path.toAbsolutePath()
                    + ": start in the folder that holds config/, or name the config folder as the argument");
        }
    }

    Path path() {
        return path;
    }

    /** The value as text, or null where nobody has set it. */
    String get(String key) {
        var variable = asVariable(key);
        // of Camel's own there are too many to look for
        if (environment.containsKey(variable) && (key.startsWith(PREFIX) || properties.containsKey(key))) {
            used.add(variable);
        }
        var text = isOverridden(key)
                ? system.getProperty(key)
                : used.contains(variable) ? environment.get(variable) : properties.getProperty(key);
        return text == null ? null : text.strip();
    }

    private boolean isOverridden(String key) {
        return system.containsKey(key) && (key.startsWith(PREFIX) || properties.containsKey(key));
    }

    /** All keys of the file and of system properties that begin so. */
    Set<String> keys(String prefix) {
        var keys = new TreeSet<>(properties.stringPropertyNames());
        system.stringPropertyNames().stream().filter(this::isOverridden).forEach(keys::add);
        keys.removeIf(key -> !key.startsWith(prefix));
        return keys;
    }

    /** The environment variables that keys which begin so could stand in. */
    Set<String> variables(String prefix) {
        var variables = new TreeSet<>(environment.keySet());
        variables.removeIf(variable -> !variable.startsWith(asVariable(prefix)));
        return variables;
    }

    /** Those of them that are the value of no key anybody asked for. */
    Set<String> unusedVariables(String prefix) {
        var variables = variables(prefix);
        variables.removeAll(used);
        return variables;
    }

    /** Says where the key stands and what is wrong with it; never its value, which may be a secret. */
    ConfigurationException wrong(String key, String problem) {
        return new ConfigurationException(origin(key) + key + " " + problem);
    }

    private String origin(String key) {
        if (isOverridden(key)) {
            return "system property " + key + ": ";
        }
        if (used.contains(asVariable(key))) {
            return "environment variable " + asVariable(key) + ": ";
        }
        return properties.containsKey(key) ? path + lineOf(key) + ": " : "";
    }

    private String lineOf(String key) {
        var line = Pattern.compile("\\s*" + Pattern.quote(key) + "(\\s*[=:].*|\\s+.*)?");
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (line.matcher(lines.get(i)).matches()) {
                return " line " + (i + 1);
            }
        }
        return "";
    }

    static String asVariable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** What a part of a variable's name is in a key. */
    static String inKey(String partOfVariable) {
        return partOfVariable.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
