package org.smscallbacks.gateway;

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
    private static final Pattern SLIP =
            Pattern.compile("^the mapping .*?\\b(?<field>type|id|status|final)\\b[^:]*(?:: (?<value>.*))?$");

    private static final String OF_THE_ROUTER = "the route named ";

    private final EventSchema schema = new EventSchema();
    private final MappingLines lines;

    TrialProblems(Path routes) {
        this.lines = new MappingLines(routes);
    }

    List<Problem> of(CollectedEvent event, ItemWatch.Origin origin) {
        var problems = new ArrayList<Problem>();
        if (event.isUnrecognised()) {
            var reason = event.data("reason");
            problems.add(new Problem(placeOf(reason, origin), reason));
        }
        for (var misfit : schema.misfits(event.event())) {
            var name = misfit.field().substring(misfit.field().lastIndexOf('/') + 1);
            problems.add(new Problem(
                    lines.ofField(origin.mapping(), name),
                    misfit.field() + " " + misfit.kind().words()));
        }
        return problems;
    }

    private String placeOf(String reason, ItemWatch.Origin origin) {
        if (origin.failedAt() != null) {
            return origin.failedAt() + usedLast(origin.mapping());
        }
        return reason.startsWith(OF_THE_ROUTER) ? origin.queueNamedAt() : lineOfSlip(origin.mapping(), reason);
    }

    private String usedLast(String mapping) {
        return mapping == null ? "" : ", with " + lines.file(mapping);
    }

    private String lineOfSlip(String mapping, String reason) {
        var slip = SLIP.matcher(reason);
        if (!slip.find()) {
            return lines.file(mapping);
        }
        var place = lines.ofValue(mapping, slip.group("value") == null ? "" : slip.group("value"));
        return place.isEmpty() ? lines.ofField(mapping, slip.group("field")) : place;
    }
}
