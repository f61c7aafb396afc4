package org.smscallbacks.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.smscallbacks.event.QueueNames;

/**
 * The queues that the router names for an event: one, several separated by commas, or a list of them. The name <code>none</code> stands
 * for no queue.
 *
 * @param names each once, in their order
 * @param problem why the event cannot go there, in words, or null
 */
public record NamedQueues(List<String> names, String problem) {

    private static final String NOTHING = "the route named no queue for it";
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_QUOTE = 60;

    /** Wildcards and separators of the broker and of its clients, and what is not to be seen. */
    private static final Pattern IMPOSSIBLE = Pattern.compile("[*#,?\\p{Cc}\\p{Zl}\\p{Zp}]|::|://");

    /** What is sent there the broker takes for questions to itself, or drops. */
    private static final Pattern OF_THE_BROKER = Pattern.compile("activemq\\..*|\\$.*");

    /** What is sent there the gateway takes for its own, or never looks at: a target has its events by its patterns, not by the router. */
    private static final Pattern OF_THE_GATEWAY =
            Pattern.compile("sms\\.(target|dead|replaying|retry)\\..*|sms\\.(probe|known)");

    /**
     * Reads the variable.
     *
     * @param own queues that are the gateway's own by the configuration: the one for replays, what a route names again and again would go
     *     round for ever, and the one of what consumers have rejected
     */
    public static NamedQueues in(Object variable, Set<String> own) {
        if (variable == null) {
            return bad(NOTHING);
        }
        var named = elements(variable);
        if (named.isEmpty()) {
            return bad(NOTHING);
        }
        var names = new LinkedHashSet<String>();
        for (var one : named) {
            var name = text(one);
            if (name == null) {
                return bad("the route named something that is no text in the place of a queue: " + quoted(one));
            }
            var problem = problemOf(name.strip(), own);
            if (problem != null) {
                return bad("the route named a queue that cannot be: " + quoted(name) + " " + problem);
            }
            names.add(name.strip());
        }
        names.remove(QueueNames.NONE);
        return new NamedQueues(List.copyOf(names), null);
    }

    private static NamedQueues bad(String problem) {
        return new NamedQueues(List.of(), problem);
    }

    private static Collection<?> elements(Object variable) {
        if (variable instanceof Collection<?> list) {
            return list;
        }
        if (variable instanceof Object[] array) {
            return Arrays.asList(array);
        }
        if (variable instanceof ArrayNode array) {
            var list = new ArrayList<JsonNode>();
            array.forEach(list::add);
            return list;
        }
        var text = text(variable);
        if (text != null) {
            // the empty ones at the end as well
            return Arrays.asList(text.split(",", -1));
        }
        return variable instanceof JsonNode node && (node.isNull() || node.isMissingNode())
                ? List.of()
                : Arrays.asList(variable);
    }

    private static String text(Object value) {
        return value instanceof TextNode node
                ? node.textValue()
                : value instanceof CharSequence ? value.toString() : null;
    }

    private static String problemOf(String name, Set<String> own) {
        if (name.isEmpty()) {
            return "is empty";
        }
        if (name.length() > LONGEST_NAME) {
            return "has more than " + LONGEST_NAME + " characters";
        }
        if (IMPOSSIBLE.matcher(name).find()
                || OF_THE_BROKER.matcher(name).matches()
                || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            return "is no name the broker takes for a queue";
        }
        if (own.contains(name) || OF_THE_GATEWAY.matcher(name).matches()) {
            return "is a queue of the gateway's own";
        }
        return null;
    }

    private static String quoted(Object value) {
        var text = String.valueOf(value);
        return "\"" + (text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text) + "\"";
    }
}
