package org.smscallbacks.chaos;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Consumers that accept, reject and release, hang with what they have fetched, and die in the middle of a transaction. */
final class Consumers implements Fault {

    /** What a client of AMQP says of a message, by qpid-jms: accepted, rejected, released, modified (failed), modified (undeliverable). */
    private static final int ACCEPTED = 1;

    private static final int REJECTED = 2;
    private static final int[] WORDS = {ACCEPTED, REJECTED, 3, 4, 5};
    private static final int PER_TRIAL = 12;
    private static final int MOST = 60;

    private final Map<String, Integer> accepted = new HashMap<>();
    private final AtomicInteger rejects = new AtomicInteger();

    @Override
    public void strike(Home home, Random random) throws Exception {
        for (int i = 0; i < PER_TRIAL; i++) {
            var queue = Reader.QUEUES.get(random.nextInt(3));
            boolean isAmqp = random.nextInt(3) > 0;
            try (var connection = Reader.connections(home, isAmqp).createConnection()) {
                connection.start();
                if (isAmqp) {
                    answer(connection.createSession(false, Session.CLIENT_ACKNOWLEDGE), queue, random);
                } else {
                    dieInTransaction(connection.createSession(true, Session.SESSION_TRANSACTED), queue);
                }
            }
        }
    }

    private void answer(Session session, String queue, Random random) throws JMSException {
        var consumer = session.createConsumer(session.createQueue(queue));
        for (int i = 0; i < MOST; i++) {
            var message = consumer.receive(300);
            if (message == null) {
                return;
            }
            int word = WORDS[random.nextInt(WORDS.length)];
            var id = Reader.idOf(message.getBody(String.class));
            message.setIntProperty("JMS_AMQP_ACK_TYPE", word);
            message.acknowledge();
            if (word == ACCEPTED) {
                accepted.merge(id, 1, Integer::sum);
            } else if (word == REJECTED) {
                rejects.incrementAndGet();
            }
        }
        // and goes with what it has fetched
    }

    private static void dieInTransaction(Session session, String queue) throws JMSException {
        var consumer = session.createConsumer(session.createQueue(queue));
        Message message = consumer.receive(300);
        for (int i = 0; message != null && i < MOST; i++) {
            message = consumer.receive(300);
        }
    }

    @Override
    public Map<String, Integer> consumed() {
        return accepted;
    }

    @Override
    public int count() {
        return rejects.get();
    }
}
