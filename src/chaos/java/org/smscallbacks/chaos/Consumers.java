package org.smscallbacks.chaos;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Consumers that accept, reject and release, hang with what they have fetched, and die in the middle of a transaction. */
final class Consumers implements Fault {

    /** What a client of AMQP says of a message, by qpid-jms: accepted, rejected, released, modified (failed), modified (undeliverable). */
    private static final int ACCEPTED = 1;

    private static final int REJECTED = 2;
    private static final int UNDELIVERABLE = 5;
    private static final int[] WORDS = {ACCEPTED, REJECTED, 3, 4, UNDELIVERABLE};
    private static final List<String> QUEUES = List.of("sms.delivery.final", "sms.delivery.interim", "sms.inbound");
    private static final int MOST = 600;

    /** Who leaves after so few leaves in the middle of what the broker is sending. */
    private static final int FEW = 20;

    private static final long NOTHING_MILLIS = 300;

    private final Ledger ledger;
    private final int times;
    private volatile int rejected;
    private volatile int givenBack;

    /** @param times a consumer comes and goes */
    Consumers(Ledger ledger, int times) {
        this.ledger = ledger;
        this.times = times;
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        for (int i = 0; i < times; i++) {
            var queue = QUEUES.get(random.nextInt(QUEUES.size()));
            boolean isAmqp = random.nextInt(3) > 0;
            try (var connection = Reader.connections(home, isAmqp).createConnection()) {
                connection.start();
                if (isAmqp) {
                    answer(connection.createSession(false, Session.CLIENT_ACKNOWLEDGE), queue, random);
                } else {
                    dieInTransaction(connection.createSession(true, Session.SESSION_TRANSACTED), queue);
                }
            } catch (JMSException e) {
                // the broker is gone, with what was under way
                Thread.sleep(NOTHING_MILLIS);
            }
        }
    }

    private void answer(Session session, String queue, Random random) throws JMSException {
        var consumer = session.createConsumer(session.createQueue(queue));
        int most = random.nextInt(4) > 0 ? MOST : random.nextInt(FEW);
        for (int i = 0; i < most; i++) {
            var message = consumer.receive(NOTHING_MILLIS);
            if (message == null) {
                return;
            }
            int word = WORDS[random.nextInt(WORDS.length)];
            var text = message.getBody(String.class);
            var header = String.valueOf(message.getJMSCorrelationID());
            if (text == null) {
                System.out.println("  a message of " + header + " came without its text");
                return;
            }
            var id = Reader.idOf(text);
            ledger.hears(id, header, word);
            if (word == ACCEPTED) {
                // before it is said: of what is cut off in the middle of it nobody knows whether it was heard
                ledger.takes(id);
            }
            message.setIntProperty("JMS_AMQP_ACK_TYPE", word);
            message.acknowledge();
            if (word == REJECTED || word == UNDELIVERABLE) {
                rejected++;
            } else if (word != ACCEPTED) {
                givenBack++;
            }
        }
        // and goes with what it has fetched
    }

    private void dieInTransaction(Session session, String queue) throws JMSException {
        var consumer = session.createConsumer(session.createQueue(queue));
        Message message = consumer.receive(NOTHING_MILLIS);
        for (int i = 0; message != null && i < MOST; i++) {
            givenBack++;
            message = consumer.receive(NOTHING_MILLIS);
        }
    }

    /** What was released, or died with, comes again after a minute at most. */
    @Override
    public long longestWayBackMillis() {
        return 100_000;
    }

    @Override
    public Map<String, Integer> struck() {
        return Map.of("rejects", rejected, "events given back", givenBack);
    }
}
