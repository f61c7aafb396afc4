package org.smscallbacks.operator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.Message;
import org.smscallbacks.event.EventProperties;

/**
 * Which events of a queue are meant: those that match everything that is not null.
 *
 * @param since died or received at this time or later
 * @param until died or received before this time
 * @param provider the provider
 * @param account the account
 * @param status the SMS status
 * @param answer what the target answered last: an HTTP status, <code>timeout</code>, …
 * @param reason a part of the reason, in whatever case
 * @param from the queue the broker has moved it from, when a consumer rejected it there
 * @param ids one of these event ids; empty for any
 */
public record EventFilter(
        Instant since,
        Instant until,
        String provider,
        String account,
        String status,
        String answer,
        String reason,
        String from,
        List<String> ids) {

    private static final String CAME_FROM = Message.HDR_ORIGINAL_QUEUE.toString();

    /** All events. */
    public static final EventFilter ALL = new EventFilter(null, null, null, null, null, null, null, null, List.of());

    /** The event of this id. */
    public static EventFilter ofId(String id) {
        return new EventFilter(null, null, null, null, null, null, null, null, List.of(id));
    }

    /** Whether it lets every event through. */
    public boolean isEmpty() {
        return ids.isEmpty()
                && Stream.of(since, until, provider, account, status, answer, reason, from)
                        .allMatch(Objects::isNull);
    }

    /** The part the broker can check, so that a few among many cost little; null for no part. */
    String selector() {
        var parts = new ArrayList<String>();
        addEquals(parts, EventProperties.PROVIDER, provider);
        addEquals(parts, EventProperties.ACCOUNT, account);
        addEquals(parts, EventProperties.STATUS, status);
        addEquals(parts, EventProperties.LAST_STATUS, answer);
        addEquals(parts, CAME_FROM, from);
        if (!ids.isEmpty() && ids.stream().noneMatch(StoredEvent::isNumber)) {
            parts.add(ids.stream()
                    .map(EventFilter::quoted)
                    .collect(Collectors.joining(", ", EventProperties.EVENT_ID + " IN (", ")")));
        }
        return parts.isEmpty() ? null : String.join(" AND ", parts);
    }

    private static void addEquals(List<String> parts, String property, String value) {
        if (value != null) {
            parts.add(property + " = " + quoted(value));
        }
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The rest: what only the event itself tells. */
    boolean matches(StoredEvent event) {
        if (reason != null && !event.reason().toLowerCase().contains(reason.toLowerCase())) {
            return false;
        }
        if (!ids.isEmpty() && !ids.contains(event.id())) {
            return false;
        }
        if (since == null && until == null) {
            return true;
        }
        var time = event.time();
        return (since == null || !time.isBefore(since)) && (until == null || time.isBefore(until));
    }
}
