package org.smscallbacks.operator.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.smscallbacks.config.AuthorisedRequest;
import org.smscallbacks.gateway.TrialResult;
import org.smscallbacks.gateway.TrialResult.Problem;
import org.smscallbacks.operator.PhoneNumberMask;

/** What would become of a callback, as text for people or as JSON for programs, with phone numbers hidden unless they are asked for. */
final class TrialPrinter {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(com.fasterxml.jackson.core.StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final PrintWriter out;
    private final boolean json;
    private final boolean reveal;

    TrialPrinter(PrintWriter out, boolean json, boolean reveal) {
        this.out = out;
        this.json = json;
        this.reveal = reveal;
    }

    /** @param signed what the provider would add, or null when that is not asked */
    void print(TrialResult result, AuthorisedRequest signed) {
        if (json) {
            out.println(text(document(result, signed), false));
            return;
        }
        int number = 0;
        for (var event : result.events()) {
            print(event, ++number, result.events().size());
        }
        result.unsent().forEach(unsent -> out.println(shown(unsent) + ", which is not done here"));
        if (signed != null) {
            print(signed);
        }
        result.problems().forEach(this::print);
        result.notes().forEach(note -> out.println("note: " + note));
        out.println("answer: " + (result.status() == 0 ? "none" : result.status()) + " " + result.contentType());
        if (!result.answer().isEmpty()) {
            out.println(shown(result.answer()));
        }
    }

    private void print(TrialResult.Event event, int number, int count) {
        var collected = event.collected();
        out.println("event " + number + " of " + count + ": " + collected.type()
                + (event.isKnown() ? ", the same as one before, so it is not stored" : ""));
        if (event.mapping() != null) {
            out.println("mapping: " + event.mapping());
        }
        out.println("queue: " + (collected.queues().isEmpty() ? "none" : String.join(", ", collected.queues())));
        if (!collected.copies().isEmpty()) {
            out.println("targets: " + String.join(", ", collected.copies()));
        }
        event.problems().forEach(this::print);
        out.println(text(shown(collected.event()), true));
        out.println();
    }

    /** What is wrong, on a line. */
    void print(Problem problem) {
        out.println("PROBLEM " + (problem.place().isEmpty() ? "" : problem.place() + ": ") + shown(problem.words()));
    }

    private void print(AuthorisedRequest signed) {
        out.println("the provider would call: " + withoutQuery(signed.url()));
        signed.query().forEach(added -> out.println("with the parameter: " + added.getKey() + "=" + shown(added)));
        signed.headers().forEach(added -> out.println("with the header: " + added.getKey() + ": " + shown(added)));
        signed.fields().forEach(added -> out.println("with the field: " + added.getKey() + "=" + added.getValue()));
        if (!signed.unsigned().isEmpty()) {
            out.println("not signed: " + signed.unsigned());
        }
    }

    private ObjectNode document(TrialResult result, AuthorisedRequest signed) {
        var document = JsonNodeFactory.instance.objectNode().put("ok", result.isGood());
        document.putObject("answer")
                .put("status", result.status())
                .put("contentType", result.contentType())
                .put("body", shown(result.answer()));
        var events = document.putArray("events");
        for (var event : result.events()) {
            var one = events.addObject();
            add(one.putArray("queues"), event.collected().queues());
            add(one.putArray("targets"), event.collected().copies());
            one.put("known", event.isKnown()).put("mapping", event.mapping());
            addProblems(one.putArray("problems"), event.problems());
            one.set("event", shown(event.collected().event()));
        }
        add(
                document.putArray("unsent"),
                result.unsent().stream().map(this::shown).toList());
        addProblems(document.putArray("problems"), result.problems());
        add(document.putArray("notes"), result.notes());
        if (signed != null) {
            var request = document.putObject("signed").put("url", withoutQuery(signed.url()));
            add(request.putObject("query"), signed.query());
            add(request.putObject("headers"), signed.headers());
            add(request.putObject("fields"), signed.fields());
            request.put("unsigned", signed.unsigned());
        }
        return document;
    }

    private void addProblems(ArrayNode array, List<Problem> problems) {
        problems.forEach(
                problem -> array.addObject().put("place", problem.place()).put("problem", shown(problem.words())));
    }

    private static void add(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static void add(ObjectNode object, List<Map.Entry<String, String>> added) {
        added.forEach(one -> object.put(one.getKey(), shown(one)));
    }

    private static String withoutQuery(String url) {
        return url.replaceFirst("\\?.*", "");
    }

    /** A signature tells nothing of its secret; a token or a password is the secret itself. */
    private static String shown(Map.Entry<String, String> added) {
        if (added.getKey().equals("token")) {
            return "…";
        }
        return added.getValue().startsWith("Basic ") ? "Basic …" : added.getValue();
    }

    private JsonNode shown(JsonNode event) {
        return reveal ? event : PhoneNumberMask.mask(event);
    }

    private String shown(String text) {
        return reveal ? text : PhoneNumberMask.mask(text);
    }

    private static String text(JsonNode node, boolean isForPeople) {
        try {
            return isForPeople
                    ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node)
                    : JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
