package org.smscallbacks;

import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** What an ESB consumer sees: over TCP, with its own user. */
record Queues(String url, String user, String password) {

    static final List<String> ALL =
            List.of("sms.delivery.final", "sms.delivery.interim", "sms.inbound", "sms.click", "sms.unrecognised");

    /** A message and the queue it was in. */
    record Received(String queue, TextMessage message) {

        String text() {
            try {
                return message.getText();
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Takes everything out of all queues; what is acknowledged is there, so nothing is waited for. */
    List<Received> drain() throws JMSException {
        return drain(ALL);
    }

    /** The same of these queues. */
    List<Received> drain(List<String> queues) throws JMSException {
        var received = new ArrayList<Received>();
        try (var factory = new ActiveMQConnectionFactory(url, user, password);
                var connection = factory.createConnection();
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            connection.start();
            for (var queue : queues) {
                // to a connection that is busy with many the broker says too early that there is no more
                int before;
                do {
                    before = received.size();
                    take(session, queue, received);
                } while (received.size() > before);
            }
        }
        return received;
    }

    private static void take(Session session, String queue, List<Received> received) throws JMSException {
        try (var consumer = session.createConsumer(session.createQueue(queue))) {
            for (var message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
                received.add(new Received(queue, (TextMessage) message));
            }
        }
    }
}
