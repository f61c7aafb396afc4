package org.smscallbacks.http;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.smscallbacks.event.Callback;
import org.smscallbacks.mapping.JsonOrXml;
import org.smscallbacks.store.EventPublisher;

/**
 * Keeps the whole body of a callback whose route failed, so that it is not lost even if the provider never repeats it. What was
 * replayed is in its queue still.
 */
public final class KeepFailedCallback implements Processor {

    private final CollectEvents collectEvents;
    private final EventPublisher publisher;

    public KeepFailedCallback(CollectEvents collectEvents, EventPublisher publisher) {
        this.collectEvents = collectEvents;
        this.publisher = publisher;
    }

    @Override
    public void process(Exchange exchange) {
        var callback = Callback.of(exchange);
        if (callback != null && !callback.isReplay()) {
            callback.unreadable("the route failed: " + exchange.getProperty(Exchange.EXCEPTION_CAUGHT));
            callback.events().clear();
            collectEvents.keep(callback, JsonOrXml.asItIs(callback.body()), 0, callback.unreadable());
            publisher.publish(callback);
        }
    }
}
