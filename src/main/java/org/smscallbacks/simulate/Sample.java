package org.smscallbacks.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.smscallbacks.gateway.TrialRequest;
import org.smscallbacks.gateway.Twin;

/**
 * A callback of the examples, of which it is known what becomes of it.
 *
 * @param file with the case
 * @param text what is sent, a character for each byte
 * @param messages those it tells of
 */
record Sample(Path file, String text, List<Told> messages) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Shorter ids could be something else as well. */
    private static final int SHORTEST_ID = 5;

    /**
     * What it tells of a message.
     *
     * @param to its recipient as digits; empty where it names none
     * @param isReport whether it is a delivery report
     * @param isFinal whether no other is to follow
     */
    record Told(String id, String to, boolean isReport, boolean isFinal) {

        boolean isEnd() {
            return isReport && isFinal;
        }

        boolean isEndedBy(Told other) {
            return other.isEnd() && other.id().equals(id);
        }
    }

    /** Those of a folder <code>&lt;provider&gt;</code> that say of each of their messages which it is, and that are understood and taken. */
    static List<Sample> in(Path folder) throws IOException {
        var samples = new ArrayList<Sample>();
        for (var file : Twin.inputs(folder)) {
            var sample = read(file);
            if (sample != null) {
                samples.add(sample);
            }
        }
        return samples;
    }

    private static Sample read(Path file) throws IOException {
        var twin = Twin.output(file);
        if (Files.notExists(twin)) {
            return null;
        }
        var output = JSON.readTree(Files.readAllBytes(twin));
        int status = output.at("/answer/status").asInt(200);
        var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        var messages = new ArrayList<Told>();
        for (var event : output.path("events")) {
            var told = told(event);
            if (told.id().length() < SHORTEST_ID || !FreshText.has(text, told.id())) {
                return null;
            }
            messages.add(told);
        }
        return messages.isEmpty() || status / 100 != 2 ? null : new Sample(file, text, List.copyOf(messages));
    }

    private static Told told(JsonNode event) {
        var data = event.path("data");
        return new Told(
                data.path("messageId").asText(),
                data.path("to").asText().replaceAll("\\D", ""),
                data.has("status"),
                data.path("final").asBoolean());
    }

    /** The first that is told its end; null where none is. */
    Told ended() {
        return messages.stream().filter(Told::isEnd).findFirst().orElse(null);
    }

    /** The first of which something is told, but not its end; null where there is none. */
    Told underWay() {
        return messages.stream()
                .filter(message -> message.isReport() && messages.stream().noneMatch(message::isEndedBy))
                .findFirst()
                .orElse(null);
    }

    /** The callback with another text, for an account. */
    TrialRequest request(String fresh, String provider, String account) {
        var kind = file.toString().substring(file.toString().lastIndexOf('.') + 1);
        boolean isGet = kind.equals("query");
        return new TrialRequest(
                provider,
                account,
                isGet,
                isGet ? fresh.strip() : "",
                ContentTypes.of(kind),
                isGet ? new byte[0] : fresh.getBytes(StandardCharsets.ISO_8859_1));
    }
}
