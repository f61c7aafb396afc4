package org.smscallbacks.store;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smscallbacks.event.CollectedEvent;

/**
 * The ids of events that this gateway is storing, and of those it stored last.
 *
 * <p>The broker knows an id only after its commit: two transactions that carry the same id at the same time would both be stored.
 * So no two have it at once. And it refuses a known id by refusing the transaction, which is slow for a large callback that is
 * repeated: the ids seen stored are not sent again. After a restart the broker alone remembers.
 */
final class EventIds {

    private static final int MOST_STORED = 50_000;

    private final Set<String> underWay = new HashSet<>();
    private final Map<String, Boolean> stored = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_STORED;
        }
    };

    /** Takes the ids of all events, or of none when another transaction has one of them. */
    synchronized boolean tryClaim(List<CollectedEvent> events) {
        for (var event : events) {
            if (underWay.contains(event.id())) {
                return false;
            }
        }
        events.forEach(event -> underWay.add(event.id()));
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
            submission.events().forEach(event -> underWay.remove(event.id()));
        }
        notifyAll();
    }

    /** These events are on the broker's disk. */
    synchronized void stored(List<CollectedEvent> events) {
        events.forEach(event -> stored.put(event.id(), Boolean.TRUE));
    }

    synchronized boolean isStored(CollectedEvent event) {
        return stored.containsKey(event.id());
    }
}
