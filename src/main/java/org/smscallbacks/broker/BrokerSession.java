package org.smscallbacks.broker;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection with one transacted session, opened when it is needed, and again after it was closed. Used by one thread. */
public final class BrokerSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);

    private final ConnectionFactory connections;

    /** The client asks the broker whether a queue is there with the first message to it, but only if it is the same object. */
    private final Map<String, Queue> queues = new HashMap<>();

    private Connection connection;
    private Session session;
    private MessageProducer producer;

    public BrokerSession(ConnectionFactory connections) {
        this.connections = connections;
    }

    /** The session, opened if it is not. */
    public Session session() throws JMSException {
        if (session == null) {
            connection = connections.createConnection();
            session = connection.createSession(true, Session.SESSION_TRANSACTED);
            producer = session.createProducer(null);
            connection.start();
        }
        return session;
    }

    /** A producer for every queue. */
    public MessageProducer producer() throws JMSException {
        session();
        return producer;
    }

    public Queue queue(String name) throws JMSException {
        var queue = queues.get(name);
        if (queue == null) {
            queue = session().createQueue(name);
            queues.put(name, queue);
        }
        return queue;
    }

    /** Commits what was sent and received in the open session; a new one would have nothing of it. */
    public void commit() throws JMSException {
        if (session == null) {
            throw new IllegalStateException("no session is open");
        }
        session.commit();
    }

    public boolean isOpen() {
        return session != null;
    }

    /** Whatever the transaction holds is taken back by the broker. */
    @Override
    public void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (JMSException | RuntimeException e) {
            LOG.debug("the connection to the broker did not close", e);
        }
        connection = null;
        session = null;
        producer = null;
        queues.clear();
    }
}
