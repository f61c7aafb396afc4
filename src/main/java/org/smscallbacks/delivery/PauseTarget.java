package org.smscallbacks.delivery;

import jakarta.jms.JMSException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.event.QueueNames;

/**
 * Pauses the queues of a target that is gone: the broker keeps what is and what comes in them, over restarts as well, until an
 * operator resumes them. The variable <code>paused</code> says whether that went well.
 */
public final class PauseTarget implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(PauseTarget.class);

    private final QueueControl queues;

    public PauseTarget(QueueControl queues) {
        this.queues = queues;
    }

    @Override
    public synchronized void process(Exchange exchange) {
        var target = Delivery.of(exchange).target();
        try {
            pause(target);
            exchange.setVariable("paused", true);
        } catch (JMSException e) {
            LOG.warn(
                    "Target {} answered 410 Gone and should be paused, but {}: the event is tried again later",
                    target.name(),
                    e.getMessage());
            exchange.setVariable("paused", false);
        }
    }

    private void pause(Target target) throws JMSException {
        boolean known = true;
        for (var queue : target.queues()) {
            if (queues.exists(queue) && !queues.isPaused(queue)) {
                queues.pause(queue);
                known = false;
            }
        }
        if (known) {
            return;
        }
        LOG.warn(
                "Target {} answered 410 Gone and is paused, its events wait in {}. When it is back: bin/sms target resume {}",
                target.name(),
                QueueNames.target(target.name()),
                target.name());
    }
}
