package org.smscallbacks.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smscallbacks.event.CollectedEvent;

/**
 * The ids of the events this gateway stored last. A broker at the other end of a connection refuses a known id by refusing the
 * transaction, which is slow for a large callback that is repeated: what is known here is not sent again. After a restart the broker
 * alone remembers.
 */
final class StoredIds {

    private static final int MOST = 50_000;

    private final Map<String, Boolean> ids = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    };

    /** These events are on the broker's disk. */
    synchronized void add(List<CollectedEvent> events) {
        events.forEach(event -> ids.put(event.id(), Boolean.TRUE));
    }

    synchronized boolean contains(CollectedEvent event) {
        return ids.containsKey(event.id());
    }
}
