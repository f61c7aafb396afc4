package org.smscallbacks.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smscallbacks.event.CollectedEvent;

/**
 * The ids of the events this gateway stored last, and where each of them is remembered. A broker at the other end of a connection refuses a known id by refusing the
 * transaction, which is slow for a large callback that is repeated: what is known here is not sent again. After a restart the broker
 * alone remembers.
 */
final class StoredIds {

    private static final int MOST = 50_000;

    private record Stored(String id, String at) {}

    private final Map<Stored, Boolean> ids = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Stored, Boolean> eldest) {
            return size() > MOST;
        }
    };

    /** These events are on the broker's disk. */
    synchronized void add(List<CollectedEvent> events) {
        events.forEach(event -> event.rememberedAt().forEach(address -> add(event, address)));
    }

    /** This one is, as far as this address is concerned. */
    synchronized void add(CollectedEvent event, String address) {
        ids.put(new Stored(event.id(), address), Boolean.TRUE);
    }

    /** The addresses to which the event is new, as far as is known here. */
    synchronized List<String> without(CollectedEvent event) {
        return event.rememberedAt().stream()
                .filter(address -> !ids.containsKey(new Stored(event.id(), address)))
                .toList();
    }
}
