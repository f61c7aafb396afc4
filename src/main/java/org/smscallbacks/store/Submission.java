package org.smscallbacks.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.smscallbacks.event.CollectedEvent;

/**
 * The events of one callback on their way to the disk.
 *
 * @param events what is to be stored, in one transaction where possible
 * @param result how many of them the broker knew already, once all are stored; cancelled when nobody waits any more
 */
record Submission(List<CollectedEvent> events, CompletableFuture<Integer> result) {

    Submission(List<CollectedEvent> events) {
        this(events, new CompletableFuture<>());
    }

    /** Nobody waits for it any more, so it was answered 503 and will be repeated. */
    boolean isAbandoned() {
        return result.isDone();
    }
}
