package org.smscallbacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A downstream with a queue of its own, <code>sms.target.&lt;name&gt;</code>, and the event types it is given.
 *
 * @param name as in <code>sms.target.&lt;name&gt;.url</code>
 * @param queue the target's work queue
 * @param events the event types it takes
 */
public record Target(String name, String queue, Set<String> events) {

    private static final List<String> ALL =
            List.of("sms.delivery-report", "sms.inbound-message", "sms.link-click", "sms.unrecognised");

    /** Without a choice a target takes all but what nobody understood. */
    private static final Set<String> ALL_UNDERSTOOD = Set.copyOf(ALL.subList(0, 3));

    static Target of(String name, String events, Function<String, RuntimeException> wrong) {
        var types = new ArrayList<String>();
        for (var part : events.split(",")) {
            var type = part.strip();
            if (ALL.contains(type)) {
                types.add(type);
            } else if (!type.isEmpty()) {
                throw wrong.apply(
                        "has an event type that does not exist, " + type + ": choose from " + String.join(", ", ALL));
            }
        }
        return new Target(name, "sms.target." + name, types.isEmpty() ? ALL_UNDERSTOOD : Set.copyOf(types));
    }

    public boolean takes(String eventType) {
        return events.contains(eventType);
    }
}
