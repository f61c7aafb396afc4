package org.smscallbacks.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import com.schibsted.spt.data.jslt.JsltException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.smscallbacks.config.ConfigurationException;

/** The CSV files under the routes: status tables an operator can read and edit. The first line names the columns. */
final class Tables {

    private final Map<String, Table> tables = new TreeMap<>();

    /**
     * Reads every CSV file in the folder's sub-folders.
     *
     * @throws ConfigurationException when one cannot be read
     */
    Tables(Path routes) {
        try (var files = Files.walk(routes)) {
            for (var file : files.filter(f -> f.toString().endsWith(".csv")).toList()) {
                var name = routes.relativize(file).toString().replace('\\', '/');
                tables.put(name, Table.read(file));
            }
        } catch (IOException e) {
            throw new ConfigurationException("cannot read the folder " + routes.toAbsolutePath());
        }
    }

    Table get(String name) {
        var table = tables.get(name);
        if (table == null) {
            throw new JsltException("lookup(): no table " + name + "; there are " + tables.keySet());
        }
        return table;
    }

    /** The rows of one file, with an index for each set of columns that was asked for. */
    static final class Table {

        private final List<ObjectNode> rows;
        private final Map<List<String>, Map<List<String>, ObjectNode>> indexes = new ConcurrentHashMap<>();

        private Table(List<ObjectNode> rows) {
            this.rows = rows;
        }

        private static Table read(Path file) {
            try (MappingIterator<ObjectNode> rows = new CsvMapper()
                    .readerFor(ObjectNode.class)
                    .with(CsvSchema.emptySchema().withHeader())
                    .readValues(file.toFile())) {
                return new Table(rows.readAll());
            } catch (IOException | RuntimeException e) {
                throw new ConfigurationException(
                        file + " is no CSV file with a line of column names: " + e.getMessage());
            }
        }

        /** The first row with these values in these columns, or null. */
        JsonNode row(List<String> columns, List<String> values) {
            return indexes.computeIfAbsent(List.copyOf(columns), this::index).get(values);
        }

        private Map<List<String>, ObjectNode> index(List<String> columns) {
            var index = new HashMap<List<String>, ObjectNode>();
            for (var row : rows) {
                index.putIfAbsent(
                        columns.stream()
                                .map(column -> row.path(column).asText())
                                .toList(),
                        row);
            }
            return index;
        }
    }
}
