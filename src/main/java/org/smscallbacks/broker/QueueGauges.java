package org.smscallbacks.broker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.postoffice.impl.LocalQueueBinding;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerQueuePlugin;

/** A gauge of the messages that wait in each queue of the embedded broker, also in those that are made later, under whatever name. */
final class QueueGauges implements ActiveMQServerQueuePlugin {

    private static final String WAITING = "sms.queue.messages";
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

    /** Of one that need not be there yet. */
    void add(String name) {
        if (meters.find(WAITING).tag(QUEUE, name).gauge() == null) {
            Gauge.builder(WAITING, broker, server -> waitingIn(server, name))
                    .description("Messages that wait in a queue of the embedded broker")
                    .tag(QUEUE, name)
                    .register(meters);
        }
    }

    private static double waitingIn(ActiveMQServer broker, String name) {
        var queue = broker.locateQueue(name);
        return queue == null ? 0 : queue.getMessageCount();
    }
}
