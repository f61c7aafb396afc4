package org.smscallbacks.operator;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.function.Predicate;

/** The events that lie in a queue, looked at without taking them. */
public final class EventQueue {

    private final ConnectionFactory connections;
    private final String name;

    public EventQueue(ConnectionFactory connections, String name) {
        this.connections = connections;
        this.name = name;
    }

    /** The queue's name. */
    public String name() {
        return name;
    }

    /**
     * Shows each event that matches, in the order of the queue, one at a time: nothing is kept.
     *
     * @param viewer says whether it wants to see another
     * @throws JMSException when the broker cannot be reached or refuses
     */
    public void forEach(EventFilter filter, Predicate<StoredEvent> viewer) throws JMSException {
        browse(filter.selector(), event -> !filter.matches(event) || viewer.test(event));
    }

    /** The same with a JMS selector. */
    void browse(String selector, Predicate<StoredEvent> viewer) throws JMSException {
        try (var connection = connections.createConnection();
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                var browser = session.createBrowser(session.createQueue(name), selector)) {
            connection.start();
            var messages = browser.getEnumeration();
            boolean more = true;
            while (more && messages.hasMoreElements()) {
                more = !(messages.nextElement() instanceof TextMessage message) || viewer.test(StoredEvent.of(message));
            }
        }
    }
}
