package org.smscallbacks.broker;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smscallbacks.event.CollectedEvent;

/**
 * The ids of the events in transactions that are not committed yet. The broker knows an id only after its commit: two
 * transactions that carry the same id at the same time would both be stored. So no two have it at once.
 */
final class IdsUnderWay {

    private final Set<String> ids = new HashSet<>();

    /** Takes the ids of all events, or of none when another transaction has one of them. */
    synchronized boolean tryClaim(List<CollectedEvent> events) {
        for (var event : events) {
            if (ids.contains(event.id())) {
                return false;
            }
        }
        events.forEach(event -> ids.add(event.id()));
        return true;
    }

    /** The same, but waits until it can; only for who holds no other ids. */
    synchronized void claim(List<CollectedEvent> events) throws InterruptedException {
        while (!tryClaim(events)) {
            wait();
        }
    }

    synchronized void release(List<Submission> submissions) {
        for (var submission : submissions) {
            submission.events().forEach(event -> ids.remove(event.id()));
        }
        notifyAll();
    }
}
