package org.smscallbacks.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventSchema;

/** What is wrong with an event, in words, with the file it comes from and the line. */
final class TrialProblems {

    private final EventSchema schema = new EventSchema();
    private final Path routes;

    TrialProblems(Path routes) {
        this.routes = routes;
    }

    List<String> of(CollectedEvent event, ItemWatch.Origin origin) {
        var problems = new ArrayList<String>();
        if (event.isUnrecognised()) {
            problems.add(
                    event.data("reason") + at(origin.failedAt() == null ? file(origin.mapping()) : origin.failedAt()));
        }
        for (var misfit : schema.misfits(event.event())) {
            problems.add(misfit.field() + " " + misfit.kind().words() + at(line(origin.mapping(), misfit.field())));
        }
        return problems;
    }

    private static String at(String place) {
        return place == null || place.isEmpty() ? "" : ", " + place;
    }

    private String file(String mapping) {
        return mapping == null ? null : routes.resolve(mapping).toString();
    }

    /** The line of the mapping in which the field stands; without one where it does not, as where it is missing. */
    private String line(String mapping, String field) {
        if (mapping == null) {
            return null;
        }
        var name = field.substring(field.lastIndexOf('/') + 1);
        var key = Pattern.compile("\"" + Pattern.quote(name) + "\"\\s*:");
        try {
            var lines = Files.readAllLines(routes.resolve(mapping));
            for (int i = 0; i < lines.size(); i++) {
                if (key.matcher(lines.get(i)).find()) {
                    return file(mapping) + " line " + (i + 1);
                }
            }
        } catch (IOException e) {
            // it was there a moment ago; its name says enough
        }
        return file(mapping);
    }
}
