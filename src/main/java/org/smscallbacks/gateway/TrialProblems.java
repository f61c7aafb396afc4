package org.smscallbacks.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventSchema;
import org.smscallbacks.gateway.TrialResult.Problem;

/** What is wrong with an event, in words, with the file it comes from and the line. */
final class TrialProblems {

    /** What a mapping wrote wrongly, so that its item was not recognised. */
    private static final Pattern SLIP = Pattern.compile("^the mapping .*?\\b(type|id|status|final)\\b");

    private final EventSchema schema = new EventSchema();
    private final Path routes;

    TrialProblems(Path routes) {
        this.routes = routes;
    }

    List<Problem> of(CollectedEvent event, ItemWatch.Origin origin) {
        var problems = new ArrayList<Problem>();
        if (event.isUnrecognised()) {
            var reason = event.data("reason");
            problems.add(
                    origin.failedAt() == null
                            ? new Problem(lineOfSlip(origin.mapping(), reason), reason)
                            : new Problem(origin.failedAt() + usedLast(origin.mapping()), reason));
        }
        for (var misfit : schema.misfits(event.event())) {
            var name = misfit.field().substring(misfit.field().lastIndexOf('/') + 1);
            problems.add(new Problem(
                    line(origin.mapping(), name),
                    misfit.field() + " " + misfit.kind().words()));
        }
        return problems;
    }

    private String usedLast(String mapping) {
        return mapping == null ? "" : ", with " + file(mapping);
    }

    private String lineOfSlip(String mapping, String reason) {
        var field = SLIP.matcher(reason);
        return field.find() ? line(mapping, field.group(1)) : file(mapping);
    }

    private String file(String mapping) {
        return mapping == null ? "" : routes.resolve(mapping).toString();
    }

    /** The line of the mapping in which the field stands; without one where it does not, as where it is missing. */
    private String line(String mapping, String name) {
        if (mapping == null) {
            return "";
        }
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
