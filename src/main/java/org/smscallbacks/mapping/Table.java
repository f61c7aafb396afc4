package org.smscallbacks.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.schibsted.spt.data.jslt.JsltException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.smscallbacks.config.ConfigurationException;

/** The rows of one CSV file, with an index for each set of columns that was asked for. */
final class Table {

    private record Row(int line, ObjectNode cells) {

        List<String> values(List<String> columns) {
            return asLookedUp(
                    columns.stream().map(column -> cells.path(column).asText()).toList());
        }
    }

    private final Path file;
    private final Set<String> columns = new LinkedHashSet<>();
    private final List<Row> rows = new ArrayList<>();
    private final Map<List<String>, Map<List<String>, ObjectNode>> indexes = new ConcurrentHashMap<>();

    private Table(Path file) {
        this.file = file;
    }

    /** @throws ConfigurationException when it is no table; says in which line */
    static Table read(Path file) {
        var table = new Table(file);
        try (var csv = new CsvFactory().createParser(file.toFile())) {
            while (csv.nextToken() == JsonToken.START_ARRAY) {
                table.addLine(csv);
            }
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    file + " is no CSV file with a line of column names: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read");
        }
        if (table.columns.isEmpty()) {
            throw new ConfigurationException(file + " is no CSV file with a line of column names: it is empty");
        }
        return table;
    }

    private void addLine(CsvParser csv) throws IOException {
        var cells = new ArrayList<String>();
        int line = 0;
        while (csv.nextToken() != JsonToken.END_ARRAY) {
            // where the row begins: a cell in quotes can have lines of its own
            line = cells.isEmpty() ? csv.currentTokenLocation().getLineNr() : line;
            cells.add(csv.getText());
        }
        if (cells.size() == 1 && cells.get(0).isBlank()) {
            return;
        }
        if (columns.isEmpty()) {
            addColumns(cells, line);
            return;
        }
        if (cells.size() != columns.size()) {
            throw wrong(
                    line,
                    "has " + cells.size() + " cells, and there are " + columns.size()
                            + " columns: a cell with a comma in it needs quotes around it");
        }
        var row = JsonNodeFactory.instance.objectNode();
        var values = cells.iterator();
        columns.forEach(column -> row.put(column, values.next()));
        rows.add(new Row(line, row));
    }

    private void addColumns(List<String> names, int line) {
        for (var name : names) {
            if (name.isBlank() || !columns.add(name.strip())) {
                throw wrong(line, "must name each column once, and has \"" + name + "\"");
            }
        }
    }

    private ConfigurationException wrong(int line, String problem) {
        return new ConfigurationException(file + " line " + line + " " + problem);
    }

    /** The first row with these values in these columns, in whatever case, or null. */
    JsonNode row(List<String> asked, List<String> values) {
        return indexes.computeIfAbsent(List.copyOf(asked), this::index).get(asLookedUp(values));
    }

    private static List<String> asLookedUp(List<String> values) {
        return values.stream()
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    private Map<List<String>, ObjectNode> index(List<String> asked) {
        refuseUnknown(asked);
        var index = new HashMap<List<String>, ObjectNode>();
        rows.forEach(row -> index.putIfAbsent(row.values(asked), row.cells));
        return index;
    }

    /** @throws JsltException when it has not all of these columns */
    void refuseUnknown(List<String> asked) {
        for (var column : asked) {
            if (!columns.contains(column)) {
                throw new JsltException("lookup(): " + file + " has no column " + column + "; there are " + columns);
            }
        }
    }

    /** What is wrong with the statuses it gives, each with its line. */
    List<String> problemsOfStatuses() {
        var problems = new ArrayList<String>();
        for (var row : rows) {
            var problem = StatusWords.problemOf(
                    row.cells.path(StatusWords.FIELD).asText().strip());
            if (problem != null) {
                problems.add(file + " line " + row.line + ": " + problem);
            }
        }
        return problems;
    }

    /**
     * Refuses a row before which, for each of these lookups, stands another one that it finds: what is edited in it would change
     * nothing.
     *
     * @param lookups the columns of each
     */
    void refuseRowsNeverFound(Set<List<String>> lookups) {
        var found = new HashMap<List<String>, Set<List<String>>>();
        var lines = new HashMap<List<String>, Integer>();
        for (var row : rows) {
            boolean isFound = lookups.isEmpty();
            for (var asked : lookups) {
                isFound |= found.computeIfAbsent(asked, none -> new HashSet<>()).add(row.values(asked));
                lines.putIfAbsent(row.values(asked), row.line);
            }
            if (!isFound) {
                var asked = lookups.iterator().next();
                throw wrong(
                        row.line,
                        "is never looked up: line " + lines.get(row.values(asked)) + " has the same " + asked
                                + "; remove one of them");
            }
        }
    }
}
