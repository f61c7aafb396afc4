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

    /**
     * The place of a status among those of one message: a report that comes late is told by a lower one. What is not known outweighs
     * only what is not final; a handset's yes outweighs an earlier no.
     */
    int rank(boolean isFinal) {
        return switch (this) {
            case ACCEPTED -> 10;
            case SENT -> 20;
            case UNKNOWN -> isFinal ? 40 : 25;
            case BUFFERED -> 30;
            case EXPIRED, UNDELIVERED, REJECTED -> 50;
            case DELIVERED -> 60;
            case READ -> 70;
        };
    }

    /** The one of this text. */
    static Status of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** All there are, as events write them. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(Status::text).toList();
    }
}
