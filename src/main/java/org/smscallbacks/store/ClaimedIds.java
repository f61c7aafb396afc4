package org.smscallbacks.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smscallbacks.event.CollectedEvent;

/**
 * The ids of the events that this gateway is storing. The broker knows an id only after its commit: two transactions that carry the
 * same id at the same time would both be stored. So no two have it at once.
 */
final class ClaimedIds {

    private final Set<String> claimed = new HashSet<>();

    /** Takes the ids of all events, as soon as no other transaction has one of them; only for who holds no other ids. */
    synchronized void claim(List<CollectedEvent> events) throws InterruptedException {
        while (events.stream().anyMatch(event -> claimed.contains(event.id()))) {
            wait();
        }
        events.forEach(event -> claimed.add(event.id()));
    }

    synchronized void release(List<CollectedEvent> events) {
        events.forEach(event -> claimed.remove(event.id()));
        notifyAll();
    }
}
