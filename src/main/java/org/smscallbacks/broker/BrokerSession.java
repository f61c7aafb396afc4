package org.smscallbacks.broker;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
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

    private final Map<String, Topic> topics = new HashMap<>();

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
            refuseAnother(name, queue.getQueueName());
            queues.put(name, queue);
        }
        return queue;
    }

    /** An address from which everybody who subscribes gets what is sent, and nobody else. */
    public Topic topic(String name) throws JMSException {
        var topic = topics.get(name);
        if (topic == null) {
            topic = session().createTopic(name);
            refuseAnother(name, topic.getTopicName());
            topics.put(name, topic);
        }
        return topic;
    }

    /** Of what may not be made, the client gives the one that an old version of the broker would have had, and makes that. */
    private static void refuseAnother(String name, String given) throws JMSException {
        if (!name.equals(given)) {
            throw new InvalidDestinationException("the broker has no queue " + name + ", and lets none be made");
        }
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
        topics.clear();
    }
}
