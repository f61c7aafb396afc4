package org.smscallbacks.mapping;

import com.schibsted.spt.data.jslt.JsltException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.smscallbacks.config.ConfigurationException;

/** The CSV files under the routes: status tables an operator can read and edit. The first line names the columns. */
final class Tables {

    private final Map<String, Table> tables = new TreeMap<>();

    /** By the name of the table, the columns of each lookup in the mappings. */
    private final Map<String, Set<List<String>>> lookups = new HashMap<>();

    /** Tables of which nobody knows how they are looked up before it is done. */
    private final Set<String> open = new HashSet<>();

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

    /**
     * A mapping has this lookup.
     *
     * @param name the table's, or null when it is known only when it is done
     * @param columns null when they are known only when it is done
     * @throws JsltException when there is no such table, or it has no such column
     */
    synchronized void expect(String name, List<String> columns) {
        if (name == null) {
            open.addAll(tables.keySet());
        } else if (columns == null) {
            get(name);
            open.add(name);
        } else {
            get(name).refuseUnknown(columns);
            lookups.computeIfAbsent(name, none -> new LinkedHashSet<>()).add(columns);
        }
    }

    /** What is wrong with the statuses that tables give; in one that is asked by a column of that name they are the provider's words. */
    synchronized List<String> problemsOfStatuses() {
        return tables.entrySet().stream()
                .filter(table -> lookups.containsKey(table.getKey()) && !open.contains(table.getKey()))
                .filter(table ->
                        lookups.get(table.getKey()).stream().noneMatch(asked -> asked.contains(StatusWords.FIELD)))
                .flatMap(table -> table.getValue().problemsOfStatuses().stream())
                .toList();
    }

    /** @throws ConfigurationException when a table has a row that none of the expected lookups can find */
    synchronized void refuseRowsNeverFound() {
        lookups.forEach((name, columns) -> {
            if (!open.contains(name)) {
                get(name).refuseRowsNeverFound(columns);
            }
        });
    }
}
