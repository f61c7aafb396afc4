package org.smscallbacks.broker;

import jakarta.jms.JMSException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.core.filter.Filter;
import org.apache.activemq.artemis.core.server.Consumer;
import org.apache.activemq.artemis.core.server.HandleStatus;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.connection.JmsResourceHolder;
import org.springframework.jms.listener.AbstractMessageListenerContainer;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Gives a route the messages of a queue of the embedded broker, each in a transaction of its own. It is a consumer in the broker, as its
 * own protocols have them: there is no client between, a thread only while a message is handled, and nothing is fetched before it can be.
 */
public final class QueueContainer extends AbstractMessageListenerContainer {

    private static final Logger LOG = LoggerFactory.getLogger(QueueContainer.class);

    /** What is handled may take so much of the heap: it is held several times over, as the broker's bytes, as text, as a request. */
    private static final long BYTES_AT_ONCE = Runtime.getRuntime().maxMemory() / 64;

    private static final long LONGEST_STOP_SECONDS = 30;
    private static final long THREAD_STAYS_SECONDS = 10;

    private final EmbeddedBroker broker;
    private final int mostAtOnce;
    private final Semaphore places;
    private final ExecutorService threads;
    private final QueueConsumer consumer;
    private Queue queue;

    /** @param mostAtOnce so many messages are handled at the same time */
    public QueueContainer(EmbeddedBroker broker, String queue, int mostAtOnce) {
        this.broker = broker;
        this.mostAtOnce = mostAtOnce;
        this.places = new Semaphore(mostAtOnce);
        // there are never more at work than there are places
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, THREAD_STAYS_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    var thread = new Thread(work, "queue-" + queue);
                    thread.setContextClassLoader(QueueContainer.class.getClassLoader());
                    thread.setDaemon(true);
                    return thread;
                });
        this.consumer = new QueueConsumer();
        setDestinationName(queue);
    }

    @Override
    public void setConcurrency(String concurrency) {
        // it was said before
    }

    @Override
    protected boolean sharedConnectionEnabled() {
        return false;
    }

    @Override
    protected void doInitialize() {
        // it needs no connection
    }

    @Override
    protected void doStart() throws JMSException {
        super.doStart();
        try {
            queue = broker.queue(getDestinationName());
            consumer.takes = true;
            queue.addConsumer(consumer);
            queue.deliverAsync();
        } catch (Exception e) {
            var failed = new JMSException(getDestinationName() + " cannot be taken from: " + e.getMessage());
            failed.initCause(e);
            throw failed;
        }
    }

    /** Takes no more; what is handled goes on. Of many routes that stop, none waits for the others. */
    @Override
    protected void doStop() throws JMSException {
        super.doStop();
        if (consumer.takes) {
            consumer.takes = false;
            queue.removeConsumer(consumer);
        }
    }

    /** What is handled comes to its end first. */
    @Override
    protected void doShutdown() throws JMSException {
        doStop();
        try {
            if (!places.tryAcquire(mostAtOnce, LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "What was taken from {} is still not done with, {} s after its route was stopped",
                        getDestinationName(),
                        LONGEST_STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdown();
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

    /** What the broker sees of it. */
    private final class QueueConsumer implements Consumer {

        private final long id = broker.newMessageId();
        private final Map<MessageReference, Taken> handled = new ConcurrentHashMap<>();
        private volatile boolean takes;
        private volatile boolean wasFull;

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

        @Override
        public void proceedDeliver(MessageReference reference) {
            var taken = handled.get(reference);
            try {
                threads.execute(taken);
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                LOG.warn("A message of {} cannot be handled, it comes again: {}", getDestinationName(), e.toString());
                taken.end();
            }
        }

        private void ended(Taken taken) {
            handled.remove(taken.reference);
            places.release(taken.places);
            if (wasFull) {
                wasFull = false;
                queue.deliverAsync();
            }
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
            return "a route that takes from " + getDestinationName();
        }

        @Override
        public void disconnect() {
            // the route is stopped before the broker
        }

        @Override
        public void failed(Throwable failure) {
            LOG.warn("{} cannot be taken from: {}", getDestinationName(), failure.toString());
        }

        @Override
        public long sequentialID() {
            return id;
        }
    }

    /** A message that is handled, and the places it has: whatever happens, it is done with or in its queue again, and they are free. */
    private final class Taken implements Runnable {

        private final MessageReference reference;
        private final int places;
        private RouteSession session;

        Taken(MessageReference reference, int places) {
            this.reference = reference;
            this.places = places;
        }

        @Override
        public void run() {
            try {
                session = new RouteSession(broker.begin(), reference);
                TransactionSynchronizationManager.bindResource(
                        getConnectionFactory(), new JmsResourceHolder(session.asJms()));
                try {
                    executeListener(session.asJms(), session.received());
                } finally {
                    TransactionSynchronizationManager.unbindResource(getConnectionFactory());
                    // nothing where the listener has come to an end
                    session.rollBack();
                }
            } catch (Throwable e) {
                handleListenerException(e);
            } finally {
                end();
            }
        }

        private void end() {
            try {
                if (session == null || !session.isReferenceInTransaction()) {
                    reference.getQueue().cancel(reference, System.currentTimeMillis());
                }
            } catch (Exception e) {
                LOG.warn("A message of {} comes again after a restart only: {}", getDestinationName(), e.toString());
            } finally {
                consumer.ended(this);
            }
        }
    }
}
