package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;

/**
 * The events of all fixtures as they were when <code>frozen-events.txt</code> was written: queue, type and id of each, in the order of
 * the queues, and of one callback that has every type the whole message but its text. Consumers and the broker know a repeated event
 * by its id, so an id that changes is an event stored twice.
 */
final class FrozenEvents {

    private static final Path TABLE = Path.of("src/test/resources/frozen-events.txt");
    private static final String IN_FULL = "infobip/mixed-batch.in.json";

    /** What a client of the broker adds, different in every run. */
    private static final Set<String> OF_THE_CLIENT = Set.of("__AMQ_CID");

    private FrozenEvents() {}

    /** The cases in the table. */
    static Set<String> cases() throws IOException {
        return new TreeSet<>(table().keySet());
    }

    /** The name of a case in the table. */
    static String name(Path input) {
        return Project.THIS.fixtures().relativize(input).toString();
    }

    /** The messages are what the table says of this case. */
    static void assertUnchanged(Path input, List<Queues.Received> messages) throws Exception {
        var lines = new ArrayList<String>();
        for (var message : messages) {
            lines.add(line(message));
            if (name(input).equals(IN_FULL)) {
                lines.addAll(inFull(message));
            }
        }
        assertEquals(
                String.join("\n", table().getOrDefault(name(input), List.of("  nothing"))),
                String.join("\n", lines),
                () -> "A new case is added to " + TABLE + " as it is; what is there already must not change. "
                        + name(input));
    }

    private static Map<String, List<String>> table() throws IOException {
        var table = new LinkedHashMap<String, List<String>>();
        List<String> lines = null;
        for (var line : Files.readAllLines(TABLE)) {
            if (line.startsWith(" ")) {
                lines.add(line);
            } else {
                lines = new ArrayList<>();
                assertEquals(null, table.put(line, lines), "twice in the table");
            }
        }
        return table;
    }

    private static String line(Queues.Received received) throws Exception {
        var event = EventAssert.JSON.readTree(received.text());
        return "  " + received.queue() + " " + event.get("type").asText() + " "
                + (isOfItsReception(event)
                        ? "of its reception"
                        : event.get("id").asText());
    }

    /** An item with neither the provider's id nor a time is told from others by when it came: its id is another each time. */
    private static boolean isOfItsReception(JsonNode event) {
        return !event.get("type").asText().equals("sms.unrecognised")
                && !event.has("subject")
                && event.get("time").equals(event.get("receivedat"));
    }

    private static List<String> inFull(Queues.Received received) throws JMSException {
        var message = ((ActiveMQMessage) received.message()).getCoreMessage();
        var lines = new ArrayList<String>();
        lines.add("    JMSReplyTo " + received.message().getJMSReplyTo());
        lines.add("    priority " + message.getPriority());
        lines.add("    durable " + message.isDurable());
        lines.add("    expiration " + message.getExpiration());
        lines.add("    body type " + message.getType());
        lines.add("    routing type " + message.getRoutingType());
        for (var name : new TreeSet<>(message.getPropertyNames())) {
            if (!OF_THE_CLIENT.contains(name.toString())) {
                var value = message.getObjectProperty(name);
                lines.add("    " + name + " " + value.getClass().getSimpleName() + " " + value);
            }
        }
        return lines;
    }
}
