package org.smscallbacks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.smscallbacks.event.CollectedEvent;

/** Events made up, for what stores any. */
final class SomeEvents {

    private SomeEvents() {}

    /** An event of this id for these queues. */
    static CollectedEvent event(String id, String... queues) {
        return event(id, 0, queues);
    }

    /** One whose text is somewhat longer than so many characters. */
    static CollectedEvent event(String id, int characters, String... queues) {
        var event = JsonNodeFactory.instance.objectNode();
        event.put("id", id).put("type", "sms.delivery-report");
        event.putObject("data")
                .put("provider", "infobip")
                .put("account", "main")
                .put("messageId", "message-" + id)
                .put("status", "delivered")
                .put("final", true)
                .put("raw", "ž".repeat(characters / 2));
        return new CollectedEvent(event, event.toString(), List.of(queues), List.of());
    }

    /** The same event, which goes to these queues of targets as well. */
    static CollectedEvent withCopies(CollectedEvent event, String... copies) {
        return new CollectedEvent(event.event(), event.json(), event.queues(), List.of(copies));
    }

    /** Several, with the ids <code>prefix-0</code> and so on. */
    static List<CollectedEvent> events(String prefix, int count, String... queues) {
        return IntStream.range(0, count)
                .mapToObj(i -> event(prefix + "-" + i, queues))
                .toList();
    }
}
