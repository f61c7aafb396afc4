package org.smscallbacks.event;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a delivery report says of its message. */
public enum Status {
    ACCEPTED,
    SENT,
    /** A temporary failure, more attempts follow: what waits for such a report is urgent. */
    BUFFERED,
    DELIVERED,
    UNDELIVERED,
    EXPIRED,
    REJECTED,
    READ,
    UNKNOWN;

    /** As the event writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether an event with this status, or null for one without, must overtake the others. */
    public static boolean isUrgent(String status) {
        return BUFFERED.text().equals(status);
    }

    static List<String> texts() {
        return Arrays.stream(values()).map(Status::text).toList();
    }
}
