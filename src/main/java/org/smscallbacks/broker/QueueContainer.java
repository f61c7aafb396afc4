package org.smscallbacks.broker;

import jakarta.jms.JMSException;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.springframework.jms.connection.JmsResourceHolder;
import org.springframework.jms.listener.AbstractMessageListenerContainer;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Gives a route the messages of a queue of the embedded broker, each in a transaction of its own, as a container of JMS does; but there is
 * no client between.
 */
public final class QueueContainer extends AbstractMessageListenerContainer {

    private final EmbeddedBroker broker;
    private final QueueTaker taker;

    /** @param mostAtOnce so many messages are handled at the same time */
    public QueueContainer(EmbeddedBroker broker, String queue, int mostAtOnce) {
        this.broker = broker;
        this.taker = new QueueTaker(broker, queue, mostAtOnce, this::handle);
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
            taker.start();
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
        taker.stop();
    }

    /** What is handled comes to its end first. */
    @Override
    protected void doShutdown() throws JMSException {
        doStop();
        taker.awaitEnd();
    }

    /** Whether a transaction, with whatever becomes of it, decides about the message. */
    private boolean handle(MessageReference reference) {
        RouteSession session = null;
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
        }
        return session != null && session.isReferenceInTransaction();
    }
}
