package org.smscallbacks.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.delivery.Targets;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventEnvelope;
import org.smscallbacks.event.EventWriter;

/**
 * Gathers the events of a batch and the queues the router named (variable <code>queue</code>), in the order of the items. An item
 * whose route failed, or that the router sent nowhere, is kept as unrecognised: no item is ever dropped, and none hurts its
 * neighbours.
 */
public final class CollectEvents implements AggregationStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(CollectEvents.class);
    private static final String QUEUE = "queue";
    private final String unrecognisedQueue;
    private final Targets targets;

    /**
     * @param unrecognisedQueue where the items go that no route has a queue for
     * @param targets the downstreams that get a copy
     */
    public CollectEvents(String unrecognisedQueue, Targets targets) {
        this.unrecognisedQueue = unrecognisedQueue;
        this.targets = targets;
    }

    @Override
    public Exchange aggregate(Exchange collected, Exchange item) {
        collect(Callback.of(item), item);
        if (collected != null) {
            return collected;
        }
        forgetItem(item);
        return item;
    }

    /** The first item's exchange stands for all of them from here on: its own fate must not become the callback's. */
    private static void forgetItem(Exchange item) {
        item.setException(null);
        item.setRouteStop(false);
        item.setRollbackOnly(false);
        item.removeProperty(ExchangePropertyKey.SPLIT_INDEX);
        item.removeProperty(EventEnvelope.ITEM);
        var state = item.getExchangeExtension();
        state.setErrorHandlerHandled(null);
        state.setFailureHandled(false);
        state.setRedeliveryExhausted(false);
    }

    private void collect(Callback callback, Exchange exchange) {
        var body = exchange.getMessage().getBody();
        var node = body instanceof JsonNode tree ? tree : TextNode.valueOf(String.valueOf(body));
        var item = exchange.getProperty(EventEnvelope.ITEM, node, JsonNode.class);
        var queue = exchange.getVariable(QUEUE, String.class);
        if (exchange.getException() != null) {
            // the message may quote the item: it goes with the item, not into the log
            var reason = "the route failed: " + exchange.getException().getMessage();
            LOG.warn(
                    "An item of {}/{} made its route fail ({}): it is kept in {} with the reason",
                    callback.account().provider(),
                    callback.account().name(),
                    exchange.getException().getClass().getSimpleName(),
                    unrecognisedQueue);
            keep(callback, item, callback.index(exchange), reason);
        } else if (queue == null || !node.path("id").isTextual()) {
            keep(callback, item, callback.index(exchange), "the route named no queue for it");
        } else {
            callback.collect(collected(callback, node, queue));
        }
    }

    /** Keeps a body or an item that was not recognised. */
    void keep(Callback callback, JsonNode item, int index, String reason) {
        callback.collect(
                collected(callback, EventEnvelope.unrecognised(callback, item, index, reason), unrecognisedQueue));
    }

    private CollectedEvent collected(Callback callback, JsonNode event, String queue) {
        // before anybody reads the event: half a character in it is replaced
        var json = EventWriter.write(event);
        var queues = new ArrayList<String>();
        queues.add(queue);
        queues.addAll(targets.queuesFor(event, callback.account()));
        return new CollectedEvent(event, json, queues);
    }
}
