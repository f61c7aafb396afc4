package org.smscallbacks.store;

/** A replay did not come to its end; the message stays in its queue. Its words quote nothing of the event. */
public final class ReplayFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReplayFailedException(String message) {
        super(message, null, false, false);
    }
}
