package org.smscallbacks.chaos;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;

/** Reads every queue of a gateway to its end, as a consumer would, and counts the events by the id of their message. */
final class Reader {

    static final String USER = "operator";
    static final String PASSWORD = "demo-only-not-a-secret";
    private static final Pattern ID = Pattern.compile("chaos-[0-9]+-[0-9]+-[0-9]+-[0-9]+");
    private static final long FIRST_MILLIS = 2_000;
    private static final long EMPTY_MILLIS = 500;

    /** The broker reads on in a page only when what it has handed out of it, which can be large, is acknowledged. */
    private static final int PER_TRANSACTION = 50;

    private static final int MOST_ATTEMPTS = 3;

    /** Of the ends an event can be at. */
    static final List<String> QUEUES = List.of(
            "sms.delivery.final",
            "sms.delivery.interim",
            "sms.inbound",
            "sms.click",
            "sms.unrecognised",
            "sms.refused",
            "sms.replay");

    private Reader() {}

    static ConnectionFactory connections(Home home, boolean amqp) {
        var address = home.brokerHost() + ":" + home.brokerPort();
        return amqp
                ? new JmsConnectionFactory(USER, PASSWORD, "amqp://" + address + "?jms.requestTimeout=60000")
                : new ActiveMQConnectionFactory("tcp://" + address, USER, PASSWORD);
    }

    /**
     * How often each event is in a queue, after reading all of them until these ids are enough. That they are read to their end once is not:
     * what was given back to a queue comes again after a while. What is not there when this long nothing has come is nowhere.
     */
    static Map<String, Integer> drainUntil(Home home, boolean amqp, long longestMillis, Predicate<Set<String>> enough)
            throws Exception {
        var counts = drain(home, amqp, QUEUES);
        long cameLast = System.nanoTime();
        while (!enough.test(counts.keySet()) && System.nanoTime() - cameLast < longestMillis * 1_000_000) {
            Thread.sleep(EMPTY_MILLIS);
            var more = drain(home, amqp, QUEUES);
            more.forEach((id, times) -> counts.merge(id, times, Integer::sum));
            cameLast = more.isEmpty() ? cameLast : System.nanoTime();
        }
        return counts;
    }

    /** How often each event is in one of these queues now; they are empty afterwards. */
    static Map<String, Integer> drain(Home home, boolean amqp, List<String> queues) throws JMSException {
        var counts = new HashMap<String, Integer>();
        for (int attempt = 1; ; attempt++) {
            try (var connection = connections(home, amqp).createConnection()) {
                connection.start();
                for (var queue : queues) {
                    drain(connection, queue, counts);
                }
                return counts;
            } catch (JMSException e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                System.out.println("  a consumer comes again, after: " + e.getMessage());
            }
        }
    }

    /** What is not committed comes again, so it counts only then. */
    private static void drain(Connection connection, String queue, Map<String, Integer> counts) throws JMSException {
        try (var session = connection.createSession(true, Session.SESSION_TRANSACTED);
                var consumer = session.createConsumer(session.createQueue(queue))) {
            var ids = new ArrayList<String>();
            for (Message message = consumer.receive(queue.equals(QUEUES.get(0)) ? FIRST_MILLIS : EMPTY_MILLIS);
                    message != null;
                    message = consumer.receive(EMPTY_MILLIS)) {
                ids.add(idOf(message.getBody(String.class)));
                if (ids.size() == PER_TRANSACTION) {
                    commit(session, ids, counts);
                }
            }
            commit(session, ids, counts);
        }
    }

    private static void commit(Session session, List<String> ids, Map<String, Integer> counts) throws JMSException {
        session.commit();
        ids.forEach(id -> counts.merge(id, 1, Integer::sum));
        ids.clear();
    }

    /** The id of the message an event is of; an event that says none counts as itself. */
    static String idOf(String event) {
        var id = ID.matcher(event);
        return id.find() ? id.group() : event;
    }
}
