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

    private static final int MANY = 100;
    private static final long LONGEST_PAUSE = 500;

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
        var received = new ArrayList<Received>();
        try (var factory = new ActiveMQConnectionFactory(url, user, password);
                var connection = factory.createConnection();
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            connection.start();
            for (var queue : ALL) {
                try (var consumer = session.createConsumer(session.createQueue(queue))) {
                    // asks the broker; to a connection that is busy with many it says too early that there is no more
                    int many = received.size() + MANY;
                    for (var message = consumer.receiveNoWait();
                            message != null;
                            message = received.size() < many
                                    ? consumer.receiveNoWait()
                                    : consumer.receive(LONGEST_PAUSE)) {
                        received.add(new Received(queue, (TextMessage) message));
                    }
                }
            }
        }
        return received;
    }
}
