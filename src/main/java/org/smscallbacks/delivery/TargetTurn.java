package org.smscallbacks.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.StatefulService;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.component.jms.JmsMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.QueueNames;
import org.smscallbacks.trail.Step;
import org.smscallbacks.trail.Trail;
import org.smscallbacks.trail.TrailLine;

/**
 * The first step of a target's route: waits while the target fails and another event probes it, and keeps the message as it came,
 * so that it can wait for its next attempt whatever the route makes of it. The target is the one whose queue the message is from.
 *
 * <p>Sets the variables <code>target</code>, <code>deadQueue</code> and <code>delivery</code>; they are for the steps that follow.
 */
public final class TargetTurn implements Processor {

    private final Targets targets;
    private final MeterRegistry meters;
    private final Trail trail;

    /** @param trail is told what comes of each attempt */
    public TargetTurn(Targets targets, MeterRegistry meters, Trail trail) {
        this.targets = targets;
        this.meters = meters;
        this.trail = trail;
    }

    @Override
    public void process(Exchange exchange) {
        var queue = ((JmsEndpoint) exchange.getFromEndpoint()).getDestinationName();
        var target = targets.ofQueue(queue);
        if (target == null) {
            throw new ConfigurationException("route " + exchange.getFromRouteId() + " takes from " + queue
                    + ", which is the queue of no target that is switched on");
        }
        var delivery =
                new Delivery(target, targets.returnQueue(target, queue), exchange.getMessage(), original(exchange));
        var permit = targets.breakerOf(target).acquire(Targets.isUrgent(target, queue), () -> isTaking(exchange));
        if (permit == null) {
            exchange.setRollbackOnly(true);
            exchange.setRouteStop(true);
            return;
        }
        exchange.setVariable("target", target.name());
        exchange.setVariable("deadQueue", QueueNames.dead(target.name()));
        exchange.setVariable(Delivery.VARIABLE, delivery);
        long started = System.nanoTime();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                report(permit, delivery, done, System.nanoTime() - started);
            }
        });
    }

    /** To read all its headers takes time, and most events are delivered and need them no more. */
    private static Supplier<Message> original(Exchange exchange) {
        if (exchange.getMessage() instanceof JmsMessage came) {
            var message = came.getJmsMessage();
            var session = came.getJmsSession();
            var binding = ((JmsEndpoint) exchange.getFromEndpoint()).getBinding();
            return () -> new JmsMessage(exchange, message, session, binding);
        }
        var copy = exchange.getMessage().copy();
        return () -> copy;
    }

    private static TrailLine outcome(Delivery delivery, Message after) {
        var reason = after.getHeader(EventProperties.REASON, String.class);
        var dueAt = after.getHeader(EventProperties.DUE_AT, Long.class);
        Step step;
        if (delivery.isDone()) {
            step = Step.DELIVERED;
        } else {
            step = reason == null ? Step.ATTEMPTED : Step.DEAD;
        }
        return TrailLine.ofAttempt(
                step,
                delivery.message().getHeader(EventProperties.EVENT_ID, String.class),
                delivery.message().getHeader(EventProperties.MESSAGE_ID, String.class),
                delivery.target().name(),
                delivery.status(),
                delivery.attempts(),
                step == Step.ATTEMPTED && dueAt != null ? Instant.ofEpochMilli(dueAt) : null,
                step == Step.DEAD ? reason : null);
    }

    /** Whether the consumer still runs: its stop waits for what it has begun. */
    private static boolean isTaking(Exchange exchange) {
        var route = exchange.getContext().getRoute(exchange.getFromRouteId());
        return route != null
                && route.getConsumer() instanceof StatefulService consumer
                && consumer.isStarted()
                && !exchange.getContext().isStopping();
    }

    private void report(CircuitBreaker.Permit permit, Delivery delivery, Exchange done, long nanos) {
        boolean staysInQueue = done.isFailed() || done.isRollbackOnly();
        if (staysInQueue && !delivery.hasOutcome()) {
            // nothing is known of the target
            permit.unused();
            return;
        }
        if (delivery.showsTargetAtWork()) {
            permit.succeeded();
        } else {
            permit.failed(delivery.explained());
        }
        if (staysInQueue) {
            return;
        }
        if (trail.isOn()) {
            trail.note(outcome(delivery, done.getMessage()));
        }
        DeliveryTimers.of(meters, delivery.target(), delivery.status()).record(nanos, TimeUnit.NANOSECONDS);
    }
}
