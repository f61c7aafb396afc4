package org.smscallbacks.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.smscallbacks.config.Account;
import org.smscallbacks.event.EventPattern;
import org.smscallbacks.event.QueueNames;

/**
 * A downstream that gets a copy of each event it takes, in a queue of its own.
 *
 * @param name as in <code>sms.target.&lt;name&gt;.url</code>
 * @param url where its events go; what it means is up to the target's route
 * @param events what it takes; an event that any of them matches
 * @param retry how long a failed delivery waits before each further attempt
 * @param retryInterim the same for delivery reports that another one follows
 * @param receiver how it is called when the URL is one of HTTP; else null
 * @param login user and password, parted by a colon, for what is no URL of HTTP
 */
public record Target(
        String name,
        String url,
        List<EventPattern> events,
        RetrySchedule retry,
        RetrySchedule retryInterim,
        Receiver receiver,
        String login) {

    /** Whether the URL is that of another broker. */
    public boolean isBroker() {
        return url.matches("(?i)\\(?(tcp|vm)://.*");
    }

    /** All queues from which it is delivered to; those no route takes from are not in use. */
    public List<String> queues() {
        return QueueNames.ofTarget(name);
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
