package org.smscallbacks.event;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.smscallbacks.broker.EventPublisher;
import org.smscallbacks.mapping.JsonOrXml;

/**
 * Keeps the whole body of a callback whose route failed, so that it is not lost even if the provider never repeats it. What was
 * replayed is in its queue still.
 */
public final class KeepCallback implements Processor {

    private final CollectEvents collectEvents;
    private final EventPublisher publisher;

    public KeepCallback(CollectEvents collectEvents, EventPublisher publisher) {
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
