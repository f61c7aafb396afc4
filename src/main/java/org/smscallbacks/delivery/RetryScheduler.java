package org.smscallbacks.delivery;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.BrokerSession;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.Priority;

/**
 * Moves the events whose time has come from the retry queues back to their target's queue, many in one transaction. Looks at the
 * head of each queue only, so what waits may be a million. Several gateways can do it at one broker.
 */
public final class RetryScheduler extends Thread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RetryScheduler.class);

    private static final int MOST_AT_ONCE = 500;

    /** A queue is looked at often enough for its waits to be late by no more than a twentieth. */
    private static final int LOOKS_PER_WAIT = 20;

    private static final long LONGEST_REST_MILLIS = Duration.ofSeconds(5).toMillis();
    private static final long REST_MILLIS = 100;
    private static final long LONGEST_END_MILLIS = 10_000;
    private static final long REST_AFTER_FAILURE_MILLIS = 2_000;

    private static final long WARNINGS_APART_NANOS = Duration.ofHours(1).toNanos();

    private final BrokerSession broker;
    private final String unrecognisedQueue;
    private final Map<RetryQueues.Step, Long> nextLooks = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Clock clock;
    private boolean brokerMissed;
    private long nextWarning = System.nanoTime();

    /**
     * @param clock the one by which events are due
     * @param connections best with some prefetching: with none, each event is two more questions to the broker
     * @param unrecognisedQueue where that goes which somebody else has put into a retry queue
     */
    public RetryScheduler(Clock clock, ConnectionFactory connections, String unrecognisedQueue) {
        super("retry-scheduler");
        setDaemon(true);
        this.clock = clock;
        this.broker = new BrokerSession(connections);
        this.unrecognisedQueue = unrecognisedQueue;
    }

    @Override
    public void run() {
        try {
            long rest = 0;
            while (!closing.await(rest, TimeUnit.MILLISECONDS)) {
                rest = look() ? REST_MILLIS : REST_AFTER_FAILURE_MILLIS;
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        } finally {
            broker.close();
        }
    }

    /** Looks at the queues whose turn it is; false when the broker is away. */
    private boolean look() {
        try {
            for (var step : RetryQueues.STEPS) {
                if (isTurnOf(step)) {
                    // one that cannot be looked at keeps nobody from looking at the others
                    nextLooks.put(
                            step,
                            System.nanoTime()
                                    + Duration.ofMillis(LONGEST_REST_MILLIS).toNanos());
                    int moved = moveDue(step);
                    long rest = Math.min(step.time().toMillis() / LOOKS_PER_WAIT, LONGEST_REST_MILLIS);
                    long pause = moved > 0 ? 0 : Duration.ofMillis(rest).toNanos();
                    nextLooks.put(step, System.nanoTime() + pause);
                }
            }
            brokerMissed = false;
            return true;
        } catch (JMSException | RuntimeException e) {
            if (!brokerMissed && closing.getCount() > 0) {
                brokerMissed = true;
                LOG.warn("The retry queues cannot be looked at, what is in them waits on ({})", e.getMessage());
            }
            broker.close();
            return false;
        }
    }

    private boolean isTurnOf(RetryQueues.Step step) {
        var nextLook = nextLooks.get(step);
        return nextLook == null || System.nanoTime() - nextLook >= 0;
    }

    private int moveDue(RetryQueues.Step step) throws JMSException {
        var session = broker.session();
        var queue = broker.queue(step.queue());
        int due = 0;
        long now = clock.millis();
        try (var browser = session.createBrowser(queue)) {
            var head = browser.getEnumeration();
            while (due < MOST_AT_ONCE && head.hasMoreElements() && isDue((Message) head.nextElement(), step, now)) {
                due++;
            }
        }
        if (due == 0) {
            return 0;
        }
        int moved = 0;
        try (var consumer = session.createConsumer(queue)) {
            for (var message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
                if (!isDue(message, step, now)) {
                    // another gateway was faster
                    session.rollback();
                    return 0;
                }
                int priority = Priority.of(message.getStringProperty(EventProperties.STATUS));
                broker.producer().send(broker.queue(placeOf(message)), message, DeliveryMode.PERSISTENT, priority, 0);
                moved++;
                if (moved == due) {
                    break;
                }
            }
            broker.commit();
        }
        return moved;
    }

    /**
     * What is due later than its queue can explain was put there by a clock that was wrong, or this one was set back: it would keep all
     * that is behind it from being looked at, and is due now.
     */
    private boolean isDue(Message message, RetryQueues.Step step, long now) throws JMSException {
        if (!(message.getObjectProperty(EventProperties.DUE_AT) instanceof Long dueAt) || dueAt <= now) {
            return true;
        }
        var wait = Duration.between(Instant.ofEpochMilli(now), Instant.ofEpochMilli(dueAt));
        if (step.explains(wait)) {
            return false;
        }
        if (System.nanoTime() - nextWarning >= 0) {
            nextWarning = System.nanoTime() + WARNINGS_APART_NANOS;
            LOG.warn(
                    "An event in {} is due in {} only, so a clock was or is wrong: what no wait can explain is tried now",
                    step.queue(),
                    wait);
        }
        return true;
    }

    private String placeOf(Message message) throws JMSException {
        var place = message.getStringProperty(EventProperties.RETURN_TO);
        if (place == null) {
            LOG.warn("A message that no target has tried was in a retry queue: it is in {} now", unrecognisedQueue);
            return unrecognisedQueue;
        }
        return place;
    }

    /** Ends with what it has begun. */
    @Override
    public void close() throws InterruptedException {
        // an interrupt in the middle of a call would confuse the broker's client
        closing.countDown();
        join(LONGEST_END_MILLIS);
    }
}
