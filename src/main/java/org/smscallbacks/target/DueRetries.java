package org.smscallbacks.target;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.Priority;

/**
 * Moves the events whose time has come from the retry queues back to their target's queue, many in one transaction. Looks at the
 * head of each queue only, so what waits may be a million. Several gateways can do it at one broker.
 */
public final class DueRetries extends Thread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DueRetries.class);

    private static final int MOST_AT_ONCE = 500;

    /** A queue is looked at often enough for its waits to be late by no more than a twentieth. */
    private static final int LOOKS_PER_WAIT = 20;

    private static final long LONGEST_REST_MILLIS = Duration.ofSeconds(5).toMillis();
    private static final long REST_MILLIS = 100;
    private static final long LONGEST_END_MILLIS = 10_000;
    private static final long REST_AFTER_FAILURE_MILLIS = 2_000;

    private final ConnectionFactory connections;
    private final String unrecognisedQueue;
    private final Map<RetryQueues.Step, Long> nextLooks = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** The client asks the broker whether a queue is there with the first message to it, but only if it is the same object. */
    private final Map<String, Queue> queues = new HashMap<>();

    private boolean brokerMissed;
    private Connection connection;
    private Session session;

    /**
     * @param connections best with some prefetching: with none, each event is two more questions to the broker
     * @param unrecognisedQueue where that goes which somebody else has put into a retry queue
     */
    public DueRetries(ConnectionFactory connections, String unrecognisedQueue) {
        super("due-retries");
        setDaemon(true);
        this.connections = connections;
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
            disconnect();
        }
    }

    /** Looks at the queues whose turn it is; false when the broker is away. */
    private boolean look() {
        try {
            connect();
            for (var step : RetryQueues.STEPS) {
                if (isTurnOf(step)) {
                    // one that cannot be looked at keeps nobody from looking at the others
                    nextLooks.put(
                            step,
                            System.nanoTime()
                                    + Duration.ofMillis(LONGEST_REST_MILLIS).toNanos());
                    int moved = moveDue(step.queue());
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
            disconnect();
            return false;
        }
    }

    private boolean isTurnOf(RetryQueues.Step step) {
        var nextLook = nextLooks.get(step);
        return nextLook == null || System.nanoTime() - nextLook >= 0;
    }

    private int moveDue(String queueName) throws JMSException {
        var queue = queue(queueName);
        int due = 0;
        long now = System.currentTimeMillis();
        try (var browser = session.createBrowser(queue)) {
            var head = browser.getEnumeration();
            while (due < MOST_AT_ONCE && head.hasMoreElements() && isDue((Message) head.nextElement(), now)) {
                due++;
            }
        }
        if (due == 0) {
            return 0;
        }
        int moved = 0;
        try (var consumer = session.createConsumer(queue);
                var producer = session.createProducer(null)) {
            for (var message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
                if (!isDue(message, now)) {
                    // another gateway was faster
                    session.rollback();
                    return 0;
                }
                int priority = Priority.of(message.getStringProperty("status"));
                producer.send(queue(placeOf(message)), message, DeliveryMode.PERSISTENT, priority, 0);
                moved++;
                if (moved == due) {
                    break;
                }
            }
            session.commit();
        }
        return moved;
    }

    private static boolean isDue(Message message, long now) throws JMSException {
        return !(message.getObjectProperty("dueAt") instanceof Long dueAt) || dueAt <= now;
    }

    private String placeOf(Message message) throws JMSException {
        var place = message.getStringProperty("returnTo");
        if (place == null) {
            LOG.warn("A message that no target has tried was in a retry queue: it is in {} now", unrecognisedQueue);
            return unrecognisedQueue;
        }
        return place;
    }

    private Queue queue(String name) throws JMSException {
        var queue = queues.get(name);
        if (queue == null) {
            queue = session.createQueue(name);
            queues.put(name, queue);
        }
        return queue;
    }

    private void connect() throws JMSException {
        if (session == null) {
            connection = connections.createConnection();
            session = connection.createSession(true, Session.SESSION_TRANSACTED);
            connection.start();
        }
    }

    private void disconnect() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (JMSException | RuntimeException e) {
            LOG.debug("the connection to the broker did not close", e);
        }
        connection = null;
        session = null;
        queues.clear();
    }

    /** Ends with what it has begun. */
    @Override
    public void close() throws InterruptedException {
        // an interrupt in the middle of a call would confuse the broker's client
        closing.countDown();
        join(LONGEST_END_MILLIS);
    }
}
