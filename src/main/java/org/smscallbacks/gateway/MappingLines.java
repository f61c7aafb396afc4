package org.smscallbacks.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds the line of a mapping, or of a table beside it, in which something is written. */
final class MappingLines {

    private static final String TABLE = ".csv";

    private final Path routes;

    MappingLines(Path routes) {
        this.routes = routes;
    }

    /** The file of a mapping; empty for none. */
    String file(String mapping) {
        return mapping == null ? "" : routes.resolve(mapping).toString();
    }

    /** Where the mapping writes a field; the file alone where it does not, as where the field is missing. */
    String ofField(String mapping, String field) {
        var key = Pattern.compile("\"" + Pattern.quote(field) + "\"\\s*:");
        var place = mapping == null
                ? ""
                : place(routes.resolve(mapping), line -> key.matcher(line).find());
        return place.isEmpty() ? file(mapping) : place;
    }

    /** Where a value stands, in the mapping or in a table of its folder; empty where in neither. */
    String ofValue(String mapping, String value) {
        if (mapping == null || value.isEmpty()) {
            return "";
        }
        var own = routes.resolve(mapping);
        var place = place(own, line -> line.contains('"' + value + '"'));
        for (var table : place.isEmpty() ? tablesBeside(own) : List.<Path>of()) {
            place = place.isEmpty()
                    ? place(table, line -> List.of(line.split("\\s*[,;]\\s*")).contains(value))
                    : place;
        }
        return place;
    }

    private static List<Path> tablesBeside(Path mapping) {
        try (var files = Files.list(mapping.getParent())) {
            return files.filter(file -> file.toString().endsWith(TABLE))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String place(Path file, Predicate<String> isMeant) {
        try {
            var lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (isMeant.test(lines.get(i))) {
                    return file + " line " + (i + 1);
                }
            }
        } catch (IOException e) {
            // it was there a moment ago; its name says enough
        }
        return "";
    }
}
