package org.smscallbacks.broker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.postoffice.impl.LocalQueueBinding;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerQueuePlugin;

/**
 * Gauges of each queue of the embedded broker, also of those that are made later, under whatever name: how many messages wait in it,
 * and how long the one at its head does.
 */
final class QueueGauges implements ActiveMQServerQueuePlugin {

    private static final String WAITING = "sms.queue.messages";
    private static final String OLDEST = "sms.queue.oldest";
    private static final String QUEUE = "queue";

    private final ActiveMQServer broker;
    private final MeterRegistry meters;

    QueueGauges(ActiveMQServer broker, MeterRegistry meters) {
        this.broker = broker;
        this.meters = meters;
    }

    /** Of those that are there, and from now on of those that are made. */
    void addAll() {
        broker.registerBrokerPlugin(this);
        broker.getPostOffice()
                .getAllBindings()
                .filter(LocalQueueBinding.class::isInstance)
                .forEach(binding -> afterCreateQueue(((LocalQueueBinding) binding).getQueue()));
    }

    @Override
    public void afterCreateQueue(Queue queue) {
        if (queue.isDurable()
                && !queue.isTemporary()
                && !queue.isInternalQueue()
                && queue.getRoutingType() == RoutingType.ANYCAST) {
            add(queue.getName().toString());
        }
    }

    /** Of one that need not be there yet; the broker may make it at the same moment. */
    synchronized void add(String name) {
        if (meters.find(WAITING).tag(QUEUE, name).gauge() == null) {
            Gauge.builder(WAITING, broker, server -> waitingIn(server.locateQueue(name)))
                    .description("Messages that wait in a queue of the embedded broker")
                    .tag(QUEUE, name)
                    .register(meters);
            Gauge.builder(OLDEST, broker, server -> secondsAtHeadOf(server.locateQueue(name)))
                    .description("How long the message at the head of a queue waits; 0 where none does")
                    .baseUnit("seconds")
                    .tag(QUEUE, name)
                    .register(meters);
        }
    }

    private static double waitingIn(Queue queue) {
        return queue == null ? 0 : queue.getMessageCount();
    }

    private static double secondsAtHeadOf(Queue queue) {
        var head = queue == null ? null : headOf(queue);
        // some clients give a message no time
        if (head == null || head.getMessage().getTimestamp() <= 0) {
            return 0;
        }
        long millis = System.currentTimeMillis() - head.getMessage().getTimestamp();
        return (double) Math.max(0, millis) / TimeUnit.SECONDS.toMillis(1);
    }

    private static MessageReference headOf(Queue queue) {
        var head = queue.peekFirstMessage();
        // a queue that was paused before the broker started has read none of its pages
        return head == null && queue.isPaused() && queue.getMessageCount() > 0 ? firstInPages(queue) : head;
    }

    private static MessageReference firstInPages(Queue queue) {
        try (var messages = queue.browserIterator()) {
            return messages.hasNext() ? messages.next() : null;
        }
    }
}
