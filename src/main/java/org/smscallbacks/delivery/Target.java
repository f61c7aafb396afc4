package org.smscallbacks.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.smscallbacks.config.Account;
import org.smscallbacks.event.EventPattern;

/**
 * A downstream that gets a copy of each event it takes, in a queue of its own.
 *
 * @param name as in <code>sms.target.&lt;name&gt;.url</code>
 * @param url where its events go; what it means is up to the target's route
 * @param events what it takes; an event that any of them matches
 * @param retry how long a failed delivery waits before each further attempt
 * @param retryInterim the same for delivery reports that another one follows
 * @param receiver how it is called when the URL is one of HTTP; else null
 */
public record Target(
        String name,
        String url,
        List<EventPattern> events,
        RetrySchedule retry,
        RetrySchedule retryInterim,
        Receiver receiver) {

    private static final String PREFIX = "sms.target.";

    /** Whether the URL is that of another broker. */
    public boolean isBroker() {
        return url.matches("(?i)\\(?(tcp|vm)://.*");
    }

    /** The target's work queue. */
    public String queue() {
        return PREFIX + name;
    }

    /** The queue of what must not wait behind other events; in use where a route takes from it. */
    public String urgentQueue() {
        return queue() + ".urgent";
    }

    /** The queue of what comes back for a further attempt, so that no fresh event waits behind it; in use where a route takes from it. */
    public String retryQueue() {
        return queue() + ".retry";
    }

    /** All of its queues but that of the dead. */
    public List<String> queues() {
        return List.of(queue(), urgentQueue(), retryQueue());
    }

    /** The queue of what the target refused for good. */
    public String deadQueue() {
        return "sms.dead." + name;
    }

    /** Whether it gets this event of that account. */
    public boolean takes(JsonNode event, Account account) {
        for (var pattern : events) {
            if (pattern.matches(event, account)) {
                return true;
            }
        }
        return false;
    }
}
