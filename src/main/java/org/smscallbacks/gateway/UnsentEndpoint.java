package org.smscallbacks.gateway;

import java.util.function.BiConsumer;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.PollingConsumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.PollingConsumerSupport;

/** In the place of another endpoint: what is sent here goes nowhere, and whoever reads from it gets nothing. Routes can begin with it. */
final class UnsentEndpoint extends DefaultEndpoint {

    private final Endpoint original;
    private final BiConsumer<String, Endpoint> note;

    UnsentEndpoint(Endpoint original, BiConsumer<String, Endpoint> note) {
        this.original = original;
        this.note = note;
        setCamelContext(original.getCamelContext());
        setEndpointUriIfNotSpecified(original.getEndpointUri());
    }

    @Override
    public Producer createProducer() {
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {
                note.accept("would send to", original);
            }
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        return original.createConsumer(processor);
    }

    @Override
    public PollingConsumer createPollingConsumer() {
        return new PollingConsumerSupport(this) {
            @Override
            public Exchange receive() {
                note.accept("would read from", original);
                return null;
            }

            @Override
            public Exchange receiveNoWait() {
                return receive();
            }

            @Override
            public Exchange receive(long timeout) {
                return receive();
            }
        };
    }

    @Override
    public boolean isSingleton() {
        return original.isSingleton();
    }

    /** What it stands before. */
    Endpoint original() {
        return original;
    }
}
