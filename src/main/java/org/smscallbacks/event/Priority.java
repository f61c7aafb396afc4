package org.smscallbacks.event;

/** The JMS priorities of events. */
public final class Priority {

    /**
     * Of what waits until its time has come, whatever it is: in a queue that is looked at by its head, what is urgent and not yet
     * due must not stand before what is due.
     */
    public static final int WAITING = 4;

    private static final int NORMAL = 4;
    private static final int URGENT = 9;

    private Priority() {}

    /** Of an event with this status, or null for one that has none. */
    public static int of(String status) {
        return Status.isUrgent(status) ? URGENT : NORMAL;
    }
}
