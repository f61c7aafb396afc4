package org.smscallbacks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a gateway exports to Prometheus; says what a query asks for that is not among it. */
record ExportedSeries(Map<String, List<Map<String, String>>> labelsByName) {

    private static final Pattern SERIES = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final Pattern RANGE = Pattern.compile("\\[(\\d+[smhd]|\\$__rate_interval)]");
    private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern SELECTOR = Pattern.compile("\\b([a-z_]\\w*)\\b(?! *\\()(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+) *(=~|!=|!~|=) *\"([^\"]*)\"");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "offset");

    /** Prometheus adds it to whatever it reads. */
    private static final String INSTANCE = "instance";

    /** Those of these texts, each as a gateway answers it. */
    static ExportedSeries read(String... texts) {
        var labelsByName = new HashMap<String, List<Map<String, String>>>();
        for (var line : String.join("\n", texts).lines().toList()) {
            var series = SERIES.matcher(line);
            if (series.matches()) {
                var labels = new HashMap<>(Map.of(INSTANCE, ""));
                var label = LABEL.matcher(series.group(2) == null ? "" : series.group(2));
                while (label.find()) {
                    labels.put(label.group(1), label.group(2));
                }
                labelsByName
                        .computeIfAbsent(series.group(1), name -> new ArrayList<>())
                        .add(labels);
            }
        }
        return new ExportedSeries(labelsByName);
    }

    /** The query with what Grafana fills in. */
    static String filledIn(String query) {
        return query.replace("$__rate_interval", "5m").replace("$instance", ".*");
    }

    /** What this expression asks for in vain. */
    Stream<String> missingFor(String expression) {
        var kept = new ArrayList<String>();
        var by = BY.matcher(expression);
        while (by.find()) {
            kept.addAll(List.of(by.group(1).split(", *")));
        }
        var bare =
                RANGE.matcher(BY.matcher(filledIn(expression)).replaceAll("")).replaceAll("");
        var missing = new ArrayList<String>();
        var selector = SELECTOR.matcher(bare);
        while (selector.find()) {
            if (!OPERATORS.contains(selector.group(1))
                    && labelsByName.getOrDefault(selector.group(1), List.of()).stream()
                            .noneMatch(labels ->
                                    labels.keySet().containsAll(kept) && isSelected(labels, selector.group(2)))) {
                missing.add(selector.group() + " by " + kept);
            }
        }
        return missing.stream();
    }

    private static boolean isSelected(Map<String, String> labels, String matchers) {
        var matcher = MATCHER.matcher(matchers == null ? "" : matchers);
        while (matcher.find()) {
            var value = labels.get(matcher.group(1));
            if (value == null) {
                return false;
            }
            var wanted = matcher.group(3);
            boolean matches = matcher.group(2).endsWith("~") ? value.matches(wanted) : value.equals(wanted);
            if (matches == matcher.group(2).startsWith("!")) {
                return false;
            }
        }
        return true;
    }
}
