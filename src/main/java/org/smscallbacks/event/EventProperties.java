package org.smscallbacks.event;

/** The JMS properties of an event's message. Times are epoch milliseconds. */
public final class EventProperties {

    public static final String EVENT_ID = "eventId";
    public static final String EVENT_TYPE = "eventType";
    public static final String PROVIDER = "provider";
    public static final String ACCOUNT = "account";
    public static final String STATUS = "status";
    public static final String FINAL = "final";
    public static final String MESSAGE_ID = "messageId";
    public static final String REFERENCE = "reference";

    /** How often it was tried to deliver the event. */
    public static final String ATTEMPTS = "attempts";

    public static final String FIRST_FAILED_AT = "firstFailedAt";
    public static final String LAST_FAILED_AT = "lastFailedAt";

    /** What the last attempt was answered: an HTTP status, or a word for there being none. */
    public static final String LAST_STATUS = "lastStatus";

    /** The queue in which the event comes back for its next attempt. */
    public static final String RETURN_TO = "returnTo";

    public static final String DUE_AT = "dueAt";

    /** Why the event is a dead letter. */
    public static final String REASON = "reason";

    public static final String DEAD_AT = "deadAt";

    /** When an event was replayed that is unrecognised again. */
    public static final String REPLAYED_AT = "replayedAt";

    private EventProperties() {}

    /** Whether a property is the broker's own; what is sent again must not carry it, or it would look like a duplicate. */
    public static boolean isOfTheBroker(String name) {
        return name.startsWith("_AMQ") || name.startsWith("JMSX") || name.startsWith("__");
    }
}
