package org.smscallbacks.broker;

import jakarta.jms.JMSException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

    private void handle(MessageReference reference) {
        var session = new RouteSession(broker.begin(), reference);
        var jms = session.asJms();
        try {
            TransactionSynchronizationManager.bindResource(getConnectionFactory(), new JmsResourceHolder(jms));
            try {
                executeListener(jms, session.received());
            } finally {
                TransactionSynchronizationManager.unbindResource(getConnectionFactory());
                // nothing where the listener has come to an end
                jms.rollback();
            }
        } catch (Throwable e) {
            handleListenerException(e);
        }
    }

    /** What the broker sees of it. */
    private final class QueueConsumer implements Consumer {

        private final long id = broker.newMessageId();
        private final Set<MessageReference> handled = ConcurrentHashMap.newKeySet();
        private volatile boolean takes;
        private volatile boolean wasFull;

        @Override
        public HandleStatus handle(MessageReference reference) {
            if (!takes) {
                return HandleStatus.BUSY;
            }
            if (!places.tryAcquire()) {
                wasFull = true;
                // one may have become free meanwhile, and not have seen that
                if (!places.tryAcquire()) {
                    return HandleStatus.BUSY;
                }
            }
            handled.add(reference);
            reference.handled();
            reference.setConsumerId(id);
            reference.incrementDeliveryCount();
            return HandleStatus.HANDLED;
        }

        @Override
        public void proceedDeliver(MessageReference reference) {
            threads.execute(() -> {
                try {
                    QueueContainer.this.handle(reference);
                } finally {
                    handled.remove(reference);
                    places.release();
                    if (wasFull) {
                        wasFull = false;
                        queue.deliverAsync();
                    }
                }
            });
        }

        @Override
        public Filter getFilter() {
            return null;
        }

        @Override
        public List<MessageReference> getDeliveringMessages() {
            return List.copyOf(handled);
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
}
