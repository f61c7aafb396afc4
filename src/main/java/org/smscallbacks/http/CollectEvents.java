package org.smscallbacks.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.Settings;
import org.smscallbacks.delivery.Targets;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventEnvelope;
import org.smscallbacks.event.EventWriter;

/**
 * Gathers the events of a batch and the queues the router named (variable <code>queue</code>, a name or several), in the order of the
 * items. An item whose route failed, or that the router sent nowhere or where no queue can be, is kept as unrecognised: no item is ever
 * dropped, and none hurts its neighbours.
 */
public final class CollectEvents implements AggregationStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(CollectEvents.class);
    private static final String QUEUE = "queue";
    private static final String GOES_NOWHERE = "the route named none as its queue, and no target takes it";
    private static final int MOST_NAMED = 1_000;

    private final SeldomLog failures = new SeldomLog(LOG);
    private final Map<String, NamedQueues> namedBefore = new ConcurrentHashMap<>();
    private final String unrecognisedQueue;
    private final Set<String> ownQueues;
    private final Targets targets;
    private final InvalidEvents invalidEvents;

    /**
     * @param queues where the items go that no route has a queue for, and where no route may send any
     * @param targets the downstreams that get a copy
     * @param invalidEvents notices what does not fit the schema
     */
    public CollectEvents(Settings.Queues queues, Targets targets, InvalidEvents invalidEvents) {
        this.unrecognisedQueue = queues.unrecognised();
        this.ownQueues = queues.own();
        this.targets = targets;
        this.invalidEvents = invalidEvents;
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
        var named = named(exchange.getVariable(QUEUE));
        if (exchange.getException() != null) {
            // the message may quote the item: it goes with the item, not into the log
            var reason = "the route failed: " + exchange.getException().getMessage();
            failures.warn(
                    "An item of " + callback.account().provider() + "/"
                            + callback.account().name() + " made its route fail ("
                            + exchange.getException().getClass().getSimpleName() + ")",
                    ": it is kept in " + unrecognisedQueue + " with the reason");
            keep(callback, item, callback.index(exchange), reason);
        } else if (named.problem() != null || !node.path("id").isTextual()) {
            var reason = named.problem() != null ? named.problem() : "the route made no event of it";
            keep(callback, item, callback.index(exchange), reason);
        } else {
            var event = collected(callback, node, named.names());
            invalidEvents.look(
                    node, callback.account().provider(), exchange.getProperty(EventEnvelope.MAPPING, String.class));
            if (!event.queues().isEmpty() || !event.copies().isEmpty()) {
                callback.collect(event);
            } else if (event.isUnrecognised()) {
                // it has its reason
                callback.collect(collected(callback, node, List.of(unrecognisedQueue)));
            } else {
                keep(callback, item, callback.index(exchange), GOES_NOWHERE);
            }
        }
    }

    /** Most routers name the same few texts again and again. */
    private NamedQueues named(Object variable) {
        if (!(variable instanceof String text)) {
            return NamedQueues.in(variable, ownQueues);
        }
        var known = namedBefore.get(text);
        if (known == null) {
            known = NamedQueues.in(text, ownQueues);
            if (namedBefore.size() < MOST_NAMED && known.problem() == null) {
                namedBefore.put(text, known);
            }
        }
        return known;
    }

    /** Keeps a body or an item that was not recognised. */
    void keep(Callback callback, JsonNode item, int index, String reason) {
        callback.collect(collected(
                callback, EventEnvelope.unrecognised(callback, item, index, reason), List.of(unrecognisedQueue)));
    }

    private CollectedEvent collected(Callback callback, JsonNode event, List<String> queues) {
        // before anybody reads the event: half a character in it is replaced
        var json = EventWriter.write(event);
        var copies = new ArrayList<>(targets.queuesFor(event, callback.account()));
        copies.removeAll(queues);
        return new CollectedEvent(event, json, queues, copies);
    }
}
