package org.smscallbacks.bench.contender;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.api.core.ActiveMQDuplicateIdException;

/** A transacted session of one thread, with its producer and queues kept. */
final class TransactedSession {

    private final Session session;
    private final MessageProducer producer;
    private final Map<String, Queue> queues = new HashMap<>();

    private TransactedSession(ConnectionFactory connections) throws JMSException {
        var connection = connections.createConnection();
        session = connection.createSession(true, Session.SESSION_TRANSACTED);
        producer = session.createProducer(null);
        connection.start();
    }

    static TransactedSession over(ConnectionFactory connections) {
        try {
            return new TransactedSession(connections);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All in one transaction; when the broker knows one of them, each in its own. */
    void store(List<Event> events) throws JMSException {
        try {
            commit(events);
        } catch (JMSException e) {
            session.rollback();
            for (var event : events) {
                storeAlone(event);
            }
        }
    }

    private void storeAlone(Event event) throws JMSException {
        try {
            commit(List.of(event));
        } catch (JMSException e) {
            // a duplicate is there already
            if (!(e.getCause() instanceof ActiveMQDuplicateIdException)) {
                throw e;
            }
            session.rollback();
        }
    }

    private void commit(List<Event> events) throws JMSException {
        var seen = new HashSet<String>(events.size() * 2);
        var stored = new ArrayList<Event>(events.size());
        var messages = new ArrayList<Message>(events.size());
        for (var event : events) {
            // the broker does not refuse an id that is twice in one transaction
            if (seen.add(event.id()) || event.isCopy()) {
                stored.add(event);
                messages.add(event.in(session));
            }
        }
        // without a pause between two of them, in which the broker's thread would fall asleep
        for (int i = 0; i < messages.size(); i++) {
            var event = stored.get(i);
            producer.send(queue(event.queue()), messages.get(i), DeliveryMode.PERSISTENT, event.priority(), 0);
        }
        session.commit();
    }

    private Queue queue(String name) throws JMSException {
        var queue = queues.get(name);
        if (queue == null) {
            queue = session.createQueue(name);
            queues.put(name, queue);
        }
        return queue;
    }
}
