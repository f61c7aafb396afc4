package org.smscallbacks.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What was measured, as Markdown. */
final class Report {

    private final List<Object> parts = new ArrayList<>();

    Report(String title) throws IOException {
        parts.add("# " + title + "\n\n" + machine());
    }

    /** The description of what it ran on. */
    private static String machine() throws IOException {
        var processor = Pattern.compile("model name\\s*: (.*)").matcher(Files.readString(Path.of("/proc/cpuinfo")));
        var disk = Files.getFileStore(Path.of("."));
        return "%s. %d processors (%s), %d GB of memory, %s %s, disk %s. Java %s (%s). Load before: %.1f."
                .formatted(
                        Instant.now().truncatedTo(ChronoUnit.SECONDS),
                        Runtime.getRuntime().availableProcessors(),
                        processor.find() ? processor.group(1) : "unknown",
                        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                                        .getTotalMemorySize()
                                >> 30,
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        disk.type(),
                        System.getProperty("java.version"),
                        System.getProperty("java.vendor"),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    void says(String sentence) {
        System.out.println(sentence);
        parts.add(sentence);
    }

    Table table(String title, String... columns) {
        System.out.println("== " + title);
        var table = new Table(title, columns);
        parts.add(table);
        return table;
    }

    void write(Path file) throws IOException {
        var text = new StringBuilder();
        parts.forEach(part -> text.append(part).append("\n\n"));
        Files.writeString(file, text);
    }

    static final class Table {

        private final String title;
        private final String[] columns;
        private final List<String> rows = new ArrayList<>();

        private Table(String title, String... columns) {
            this.title = title;
            this.columns = columns;
        }

        void row(String... cells) {
            var row = "| " + String.join(" | ", cells) + " |";
            System.out.println(row);
            rows.add(row);
        }

        @Override
        public String toString() {
            return "## " + title + "\n\n| " + String.join(" | ", columns) + " |\n|" + " --- |".repeat(columns.length)
                    + "\n" + String.join("\n", rows);
        }
    }
}
