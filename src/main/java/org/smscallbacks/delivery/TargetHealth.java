package org.smscallbacks.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.event.QueueNames;

/**
 * Says of each target whether it delivers, fails or is paused. Never down: callbacks are taken and kept whatever the targets do.
 */
public final class TargetHealth extends AbstractHealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(TargetHealth.class);

    private static final Duration LOOKS_APART = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Targets targets;
    private final Callable<Set<String>> pausedQueues;
    private final List<Gauge> gauges = new ArrayList<>();
    private CompletableFuture<Void> look = CompletableFuture.completedFuture(null);
    private long begun = System.nanoTime();
    private long nextLook = begun;

    /** Null until the broker has said so. */
    private volatile Set<String> paused;

    private volatile boolean answers = true;

    /** @param pausedQueues asks the broker for the names of the queues from which nothing is delivered until they are resumed */
    public TargetHealth(Targets targets, Callable<Set<String>> pausedQueues) {
        super("sms", "targets");
        this.targets = targets;
        this.pausedQueues = pausedQueues;
    }

    /** Looks whether targets were paused or resumed, and says so in the log. */
    public void look() {
        states();
    }

    /** Gauges of the same: 1 while a target is paused, 1 while it fails. Its other metrics are there from now on as well. */
    public void measure(MeterRegistry meters) {
        for (var target : targets.all()) {
            DeliveryTimers.begin(meters, target);
            gauges.add(Gauge.builder("sms.target.paused", () -> isPaused(target) ? 1 : 0)
                    .description("1 while a target is paused: resume it with bin/sms target resume")
                    .tag("target", target.name())
                    .register(meters));
            gauges.add(Gauge.builder(
                            "sms.target.failing",
                            () -> targets.breakerOf(target).isOpen() ? 1 : 0)
                    .description("1 while a target fails and is tried one event at a time")
                    .tag("target", target.name())
                    .register(meters));
        }
    }

    /** Takes the gauges back. */
    public void forget(MeterRegistry meters) {
        gauges.forEach(meters::remove);
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.message(states()).up();
    }

    /** The state of each target, in words. */
    public String states() {
        var states = targets.all().stream()
                .map(target -> target.name() + ": " + stateOf(target))
                .collect(Collectors.joining("; "));
        if (states.isEmpty()) {
            return "none";
        }
        return answers ? states : states + "; the broker does not answer: what is paused is as it was last known";
    }

    private String stateOf(Target target) {
        if (isPaused(target)) {
            return "paused, resume it with: bin/sms target resume " + target.name();
        }
        return targets.breakerOf(target).isOpen() ? "failing, one event at a time is tried" : "delivering";
    }

    private boolean isPaused(Target target) {
        lookUnlessJustDone();
        return paused != null && paused.contains(target.name());
    }

    /** Waits for the broker until the deadline of the look, once for all targets: a broker that hangs must not keep anybody. */
    private void lookUnlessJustDone() {
        CompletableFuture<Void> asked;
        long left;
        synchronized (this) {
            if (look.isDone() && System.nanoTime() - nextLook >= 0) {
                begun = System.nanoTime();
                nextLook = begun + LOOKS_APART.toNanos();
                look = CompletableFuture.runAsync(this::lookAtBroker, TargetHealth::inAThreadOfItsOwn);
            }
            asked = look;
            left = begun + PATIENCE.toNanos() - System.nanoTime();
        }
        try {
            asked.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answers = false;
        } catch (ExecutionException e) {
            LOG.debug("what is paused is not known", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void inAThreadOfItsOwn(Runnable look) {
        var thread = new Thread(look, "target-look");
        thread.setDaemon(true);
        thread.start();
    }

    private void lookAtBroker() {
        Set<String> queuesPaused;
        try {
            queuesPaused = pausedQueues.call();
        } catch (Exception e) {
            // the broker has a check of its own
            LOG.debug("what is paused is not known", e);
            answers = false;
            return;
        }
        answers = true;
        var before = paused;
        paused = targets.all().stream()
                .map(Target::name)
                .filter(name -> queuesPaused.contains(QueueNames.target(name)))
                .collect(Collectors.toSet());
        if (before != null) {
            sayWhatHasChanged(before, paused);
        }
    }

    /** An operator pauses a target at the broker, past the gateway. */
    private static void sayWhatHasChanged(Set<String> before, Set<String> now) {
        now.stream()
                .filter(name -> !before.contains(name))
                .forEach(name -> LOG.warn(
                        "Target {} is paused now: its events wait in {}, until bin/sms target resume {}",
                        name,
                        QueueNames.target(name),
                        name));
        before.stream()
                .filter(name -> !now.contains(name))
                .forEach(name -> LOG.info("Target {} is resumed: it is delivered to again", name));
    }
}
