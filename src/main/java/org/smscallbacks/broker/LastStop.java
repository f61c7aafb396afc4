package org.smscallbacks.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the broker had when it was stopped, kept in a file beside its data.
 *
 * @param files the size of each file, by its name under the data folder
 * @param journal how many messages of each queue the journal has
 * @param pages how many messages of each queue the pages have
 */
record LastStop(Map<String, Long> files, Map<String, Long> journal, Map<String, Long> pages) {

    private static final String NAME = "last-stop.properties";
    private static final String FILES = "file.";
    private static final String JOURNAL = "journal.";
    private static final String PAGES = "pages.";

    /**
     * What was written, or null when nothing was: at the first start, and after a crash.
     *
     * @throws IllegalArgumentException when it is damaged itself
     */
    static LastStop in(Path data) throws IOException {
        var file = data.resolve(NAME);
        if (!Files.exists(file)) {
            return null;
        }
        var properties = new Properties();
        try (var in = Files.newInputStream(file)) {
            properties.load(in);
            return new LastStop(part(properties, FILES), part(properties, JOURNAL), part(properties, PAGES));
        }
    }

    void writeTo(Path data) throws IOException {
        var properties = new Properties();
        put(properties, FILES, files);
        put(properties, JOURNAL, journal);
        put(properties, PAGES, pages);
        var whole = data.resolve(NAME + ".new");
        try (var writer = Files.newBufferedWriter(whole)) {
            properties.store(
                    writer, "What the broker had when it was stopped: compared with what it finds when it starts.");
        }
        Files.move(whole, data.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    /** It is true until the broker writes again. */
    static void forget(Path data) throws IOException {
        Files.deleteIfExists(data.resolve(NAME));
    }

    private static void put(Properties properties, String prefix, Map<String, Long> numbers) {
        numbers.forEach((name, number) -> properties.setProperty(prefix + name, number.toString()));
    }

    private static Map<String, Long> part(Properties properties, String prefix) {
        return properties.stringPropertyNames().stream()
                .filter(key -> key.startsWith(prefix))
                .collect(Collectors.toMap(
                        key -> key.substring(prefix.length()),
                        key -> Long.valueOf(properties.getProperty(key)),
                        (one, other) -> one,
                        TreeMap::new));
    }
}
