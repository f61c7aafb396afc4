package org.smscallbacks.broker;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.core.filter.Filter;
import org.apache.activemq.artemis.core.server.Consumer;
import org.apache.activemq.artemis.core.server.HandleStatus;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the messages of a queue of the embedded broker. It is a consumer in the broker, as its own protocols have them: a thread only while
 * a message is handled, and nothing is fetched before it can be.
 */
final class QueueTaker implements Consumer {

    private static final Logger LOG = LoggerFactory.getLogger(QueueTaker.class);

    /** What is handled may take so much of the heap: it is held several times over, as the broker's bytes, as text, as a request. */
    private static final long BYTES_AT_ONCE = Runtime.getRuntime().maxMemory() / 64;

    private static final long LONGEST_STOP_SECONDS = 30;
    private static final long THREAD_STAYS_SECONDS = 10;
    private static final long ANEW_AFTER_SECONDS = 1;

    private final EmbeddedBroker broker;
    private final String name;
    private final int mostAtOnce;
    private final Predicate<MessageReference> handler;
    private final long id;
    private final Semaphore places;
    private final ExecutorService threads;
    private final Map<MessageReference, Taken> handled = new ConcurrentHashMap<>();
    private volatile Queue queue;
    private volatile boolean takes;
    private volatile boolean wasFull;

    /**
     * @param mostAtOnce so many messages are handled at the same time
     * @param handler tells whether a transaction decides about the message; what none decides about goes back to its queue
     */
    QueueTaker(EmbeddedBroker broker, String queue, int mostAtOnce, Predicate<MessageReference> handler) {
        this.broker = broker;
        this.name = queue;
        this.mostAtOnce = mostAtOnce;
        this.handler = handler;
        this.id = broker.newMessageId();
        this.places = new Semaphore(mostAtOnce);
        // there are never more at work than there are places
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, THREAD_STAYS_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    var thread = new Thread(work, "queue-" + queue);
                    thread.setContextClassLoader(QueueTaker.class.getClassLoader());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** @throws Exception when there is no such queue and none can be made */
    synchronized void start() throws Exception {
        queue = broker.queue(name);
        takes = true;
        queue.addConsumer(this);
        queue.deliverAsync();
    }

    /** Takes no more; what is handled goes on. */
    synchronized void stop() {
        if (takes) {
            takes = false;
            queue.removeConsumer(this);
        }
    }

    /** Returns when nothing is handled any more, or after half a minute. */
    void awaitEnd() {
        try {
            if (!places.tryAcquire(mostAtOnce, LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "What was taken from {} is still not done with, {} s after its route was stopped",
                        name,
                        LONGEST_STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdown();
    }

    @Override
    public HandleStatus handle(MessageReference reference) {
        if (!takes) {
            return HandleStatus.BUSY;
        }
        int needed = placesFor(reference);
        if (!places.tryAcquire(needed)) {
            wasFull = true;
            // some may have become free meanwhile, and not have seen that
            if (!places.tryAcquire(needed)) {
                return HandleStatus.BUSY;
            }
        }
        handled.put(reference, new Taken(reference, needed));
        reference.handled();
        reference.setConsumerId(id);
        reference.incrementDeliveryCount();
        return HandleStatus.HANDLED;
    }

    /** A large message takes more places, so that those handled at once are not too much; one alone is always handled. */
    private int placesFor(MessageReference reference) {
        long bytes = reference.getMessageMemoryEstimate();
        try {
            bytes = Math.max(bytes, reference.getPersistentSize());
        } catch (ActiveMQException e) {
            LOG.debug("its size is not known", e);
        }
        return (int) Math.max(1, Math.min(mostAtOnce, bytes * mostAtOnce / BYTES_AT_ONCE));
    }

    @Override
    public void proceedDeliver(MessageReference reference) {
        var taken = handled.get(reference);
        try {
            threads.execute(taken);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            LOG.warn("A message of {} cannot be handled, it comes again: {}", name, e.toString());
            taken.end(false);
        }
    }

    /** Somebody has deleted the queue: it is made anew, as a client would do. */
    @Override
    public void disconnect() {
        if (takes && broker.server().isStarted()) {
            broker.server().getScheduledPool().schedule(this::startAnew, ANEW_AFTER_SECONDS, TimeUnit.SECONDS);
        }
    }

    private synchronized void startAnew() {
        if (!takes) {
            return;
        }
        try {
            start();
            LOG.warn("Queue {} was deleted with all that was in it: it is there again, and empty", name);
        } catch (Exception e) {
            LOG.debug("queue {} cannot be made", name, e);
            disconnect();
        }
    }

    @Override
    public void failed(Throwable failure) {
        LOG.warn("{} cannot be taken from: {}", name, failure.toString());
    }

    @Override
    public Filter getFilter() {
        return null;
    }

    @Override
    public List<MessageReference> getDeliveringMessages() {
        return List.copyOf(handled.keySet());
    }

    @Override
    public String debug() {
        return toManagementString();
    }

    @Override
    public String toManagementString() {
        return "a route that takes from " + name;
    }

    @Override
    public long sequentialID() {
        return id;
    }

    /** A message that is handled, and the places it has: whatever happens, it is done with or in its queue again, and they are free. */
    private final class Taken implements Runnable {

        private final MessageReference reference;
        private final int needed;

        Taken(MessageReference reference, int needed) {
            this.reference = reference;
            this.needed = needed;
        }

        @Override
        public void run() {
            boolean isDecided = false;
            try {
                isDecided = handler.test(reference);
            } finally {
                end(isDecided);
            }
        }

        private void end(boolean isDecided) {
            try {
                if (!isDecided) {
                    reference.getQueue().cancel(reference, System.currentTimeMillis());
                }
            } catch (Exception e) {
                LOG.warn("A message of {} comes again after a restart only: {}", name, e.toString());
            } finally {
                handled.remove(reference);
                places.release(needed);
                if (wasFull) {
                    wasFull = false;
                    queue.deliverAsync();
                }
            }
        }
    }
}
