package org.smscallbacks.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The totals of all trials so far, as a page. */
final class Report {

    private Report() {}

    static void write(List<Result> results, Path file) throws IOException {
        var text = new StringBuilder("# Trials\n\n");
        text.append(
                "| fault | trials | struck | acknowledged | **missing** | doubled | unacknowledged | other answers | slowest yes | seeds |\n"
                        + "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        var byFault = results.stream().collect(Collectors.groupingBy(Result::fault, TreeMap::new, Collectors.toList()));
        byFault.forEach((fault, those) -> text.append(line(fault, those)));
        text.append(line("all", results));
        text.append("\nMachine: ")
                .append(Runtime.getRuntime().availableProcessors())
                .append(" cores, ")
                .append(System.getProperty("os.name"))
                .append(", Java ")
                .append(Runtime.version().feature())
                .append(". Commits: ")
                .append(results.stream().map(Result::commit).distinct().collect(Collectors.joining(", ")))
                .append(". Dates: ")
                .append(results.stream().map(Result::date).distinct().collect(Collectors.joining(", ")))
                .append(".\n");
        for (var result : results) {
            if (!result.isWell()) {
                text.append(result.isLoss() ? "\nLOST: " : "\nNot well: ")
                        .append(result.fault())
                        .append(", seed ")
                        .append(result.seed())
                        .append(": ")
                        .append(result.missing() + result.astray())
                        .append(" missing. ")
                        .append(result.words())
                        .append('\n');
            }
        }
        Files.writeString(file, text);
    }

    private static String line(String fault, List<Result> results) {
        return "| %s | %d | %s | %d | **%d** | %d | %d | %d | %.1f s | %s |%n"
                .formatted(
                        fault,
                        results.size(),
                        Result.inWords(struck(results)),
                        sum(results, Result::acknowledged),
                        sum(results, result -> result.missing() + result.astray()),
                        sum(results, Result::doubled),
                        sum(results, Result::unacknowledged),
                        sum(results, Result::odd),
                        results.stream().mapToLong(Result::slowestMillis).max().orElse(0) / 1000.0,
                        seeds(results));
    }

    private static Map<String, Integer> struck(List<Result> results) {
        var struck = new TreeMap<String, Integer>();
        results.forEach(result -> result.struck().forEach((name, times) -> struck.merge(name, times, Integer::sum)));
        return struck;
    }

    private static long sum(List<Result> results, ToLongFunction<Result> what) {
        return results.stream().mapToLong(what).sum();
    }

    private static String seeds(List<Result> results) {
        var seeds = results.stream().mapToLong(Result::seed).summaryStatistics();
        return results.isEmpty() ? "" : seeds.getMin() + " to " + seeds.getMax();
    }
}
