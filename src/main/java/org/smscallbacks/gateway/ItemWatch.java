package org.smscallbacks.gateway;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventEnvelope;

/** Notes what made each event, while the events of a batch are gathered. */
final class ItemWatch implements AggregationStrategy {

    /** It makes items of a body, and no events of items. */
    private static final String ITEMS = "/items.jslt";

    private final AggregationStrategy collectEvents;
    private final StepWatch steps;
    private final Map<CollectedEvent, Origin> origins = Collections.synchronizedMap(new IdentityHashMap<>());

    /**
     * What made an event.
     *
     * @param mapping the file under the routes that was used last, or null
     * @param failedAt where the step stands that failed, or null
     * @param queueNamedAt where the step stands that named its queue, or empty
     */
    record Origin(String mapping, String failedAt, String queueNamedAt) {

        static final Origin UNKNOWN = new Origin(null, null, "");
    }

    ItemWatch(AggregationStrategy collectEvents, StepWatch steps) {
        this.collectEvents = collectEvents;
        this.steps = steps;
    }

    @Override
    public Exchange aggregate(Exchange collected, Exchange item) {
        var events = Callback.of(item).events();
        int before = events.size();
        var mapping = item.getProperty(EventEnvelope.MAPPING, String.class);
        var origin = new Origin(
                mapping == null || mapping.endsWith(ITEMS) ? null : mapping,
                item.getException() == null ? null : steps.failed().place(),
                steps.namedQueueAt());
        steps.forgetItem();
        var gathered = collectEvents.aggregate(collected, item);
        events.stream().skip(before).forEach(event -> origins.put(event, origin));
        return gathered;
    }

    void begin() {
        origins.clear();
    }

    Origin origin(CollectedEvent event) {
        return origins.getOrDefault(event, Origin.UNKNOWN);
    }
}
