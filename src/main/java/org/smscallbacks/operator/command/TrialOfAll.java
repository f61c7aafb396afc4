package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.gateway.Trial;
import org.smscallbacks.gateway.TrialResult;
import org.smscallbacks.gateway.Twin;
import org.smscallbacks.operator.NotFoundException;
import org.smscallbacks.operator.PhoneNumberMask;

/** Tries each case of a folder and says which of them do not become what their twin says. */
final class TrialOfAll {

    private final Trial trial;
    private final PrintWriter out;
    private final boolean json;
    private final boolean reveal;

    TrialOfAll(Trial trial, PrintWriter out, boolean json, boolean reveal) {
        this.trial = trial;
        this.out = out;
        this.json = json;
        this.reveal = reveal;
    }

    /**
     * @param account empty for one with nothing of its own, as twins are written for
     * @return the exit code
     */
    int run(Path folder, String account) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NotFoundException(folder + " is no folder");
        }
        var inputs = Twin.inputs(folder);
        if (inputs.isEmpty()) {
            throw new NotFoundException(
                    "there is no case in " + folder + ": write <provider>/<case>.in.json and .out.json");
        }
        int failed = 0;
        for (var input : inputs) {
            var differences = differences(input, account);
            failed += differences.isEmpty() ? 0 : 1;
            print(folder.relativize(input).toString(), differences);
        }
        if (!json) {
            out.println(
                    inputs.size() == 1
                            ? "1 case, " + (failed == 0 ? "as its twin says" : "which differs" + hint())
                            : inputs.size() + " cases, "
                                    + (failed == 0 ? "all as their twins say" : failed + differ(failed) + hint()));
        }
        return failed == 0 ? Exit.DONE : Exit.NOT_FOUND;
    }

    private static String differ(int count) {
        return count == 1 ? " differs" : " differ";
    }

    private String hint() {
        return reveal ? "" : " (--reveal shows phone numbers)";
    }

    private List<String> differences(Path input, String account) throws IOException {
        try {
            var twin = new Twin(input);
            var result = trial.run(twin.request(account.isEmpty() ? null : account));
            var differences = new ArrayList<>(LineDiff.of(twin.expected(), actual(twin, result)));
            if (!differences.isEmpty()) {
                var problems = new ArrayList<>(result.problems());
                result.events().forEach(event -> problems.addAll(event.problems()));
                problems.forEach(problem -> differences.add("! " + problem.place() + " " + problem.words()));
            }
            return differences;
        } catch (ConfigurationException e) {
            return List.of("! " + e.getMessage());
        }
    }

    private static String actual(Twin twin, TrialResult result) throws IOException {
        var events = new ArrayList<JsonNode>();
        for (var stored : stored(result)) {
            events.add(twin.event(stored.queue(), stored.event()));
        }
        return twin.actual(result.status(), result.answer(), events);
    }

    /** What would be in the queues. */
    static List<Twin.Stored> stored(TrialResult result) {
        return result.events().stream()
                .filter(event -> !event.isKnown())
                .flatMap(event -> event.collected().queues().stream()
                        .map(queue -> new Twin.Stored(queue, event.collected().json())))
                .toList();
    }

    private void print(String name, List<String> differences) {
        if (json) {
            var line = JsonNodeFactory.instance.objectNode().put("case", name).put("ok", differences.isEmpty());
            var lines = line.putArray("differences");
            differences.forEach(difference -> lines.add(shown(difference)));
            out.println(line);
            return;
        }
        out.println((differences.isEmpty() ? "ok    " : "WRONG ") + name);
        differences.forEach(difference -> out.println("        " + shown(difference)));
    }

    private String shown(String text) {
        return reveal ? text : PhoneNumberMask.mask(text);
    }
}
