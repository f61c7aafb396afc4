package org.smscallbacks.operator;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.Enumeration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The events that lie in a queue, looked at without taking them. */
public final class EventQueue {

    private static final int TIMES_ASKED = 4;
    private static final long ASK_AGAIN_MILLIS = 50;

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
            while (more && hasMore(messages)) {
                more = viewer.test(StoredEvent.of((Message) messages.nextElement()));
            }
        }
    }

    /**
     * The broker says there is no more also when the connection is too busy to take more at that moment: it is asked until it has said
     * so several times.
     */
    private static boolean hasMore(Enumeration<?> messages) {
        for (int time = 0; time < TIMES_ASKED; time++) {
            if (messages.hasMoreElements()) {
                return true;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ASK_AGAIN_MILLIS));
        }
        return false;
    }
}
