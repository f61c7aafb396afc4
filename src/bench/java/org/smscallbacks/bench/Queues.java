package org.smscallbacks.bench;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.QueueState;

/** What a contender has stored, taken out of its queues. */
final class Queues {

    private static final List<String> NAMES = List.of("sms.delivery.final", "sms.delivery.interim", "sms.unrecognised");
    private static final long LONGEST_WAIT_MILLIS = 10_000;
    private static final long UNCOUNTED_WAIT_MILLIS = 2_000;

    private Queues() {}

    /**
     * Empties the queues.
     *
     * @throws IllegalStateException when an event of an acknowledged callback is not there
     */
    static void expect(Contender contender, Load.Outcome outcome) throws JMSException {
        var reports = outcome.reports();
        var found = new BitSet();
        long events = 0;
        Long missing;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_WAIT_MILLIS);
        Consumer<Message> each = message -> {
            var place = reports.placeOf(property(message, "messageId"));
            if (place >= 0) {
                found.set(place);
            }
        };
        do {
            // the broker counts a message a moment after it has acknowledged it
            long counted = drain(contender, each);
            events += counted;
            missing = missing(found, outcome);
            if (missing != null && counted == 0) {
                events += drainUncounted(contender, each);
                missing = missing(found, outcome);
            }
        } while (missing != null && System.nanoTime() < until);
        if (missing != null) {
            throw new IllegalStateException(
                    "LOST by " + contender.name() + ": an acknowledged event, the first of them in call " + missing);
        }
        if (events < outcome.events()) {
            throw new IllegalStateException(contender.name() + " stored only " + events);
        }
    }

    /** A call of which an event is not among these, or null. */
    private static Long missing(BitSet found, Load.Outcome outcome) {
        int batch = outcome.reports().batch();
        for (long call : outcome.calls()) {
            int first = (int) call * batch;
            if (found.nextClearBit(first) < first + batch) {
                return call;
            }
        }
        return null;
    }

    /** Takes everything out; how much there was. */
    static long drain(Contender contender, Consumer<Message> each) throws JMSException {
        long count = 0;
        try (var factory = contender.consumers()) {
            factory.setBlockOnAcknowledge(false);
            try (var connection = factory.createConnection();
                    var session = connection.createSession(false, Session.DUPS_OK_ACKNOWLEDGE)) {
                connection.start();
                for (var state : depths(contender)) {
                    try (var consumer = session.createConsumer(session.createQueue(state.name()))) {
                        for (long left = state.messages(); left > 0; left--) {
                            var message = consumer.receive(LONGEST_WAIT_MILLIS);
                            if (message == null) {
                                throw new IllegalStateException(left + " events are missing in " + state.name());
                            }
                            each.accept(message);
                            count++;
                        }
                    }
                }
            }
        }
        return count;
    }

    /** Takes out what is in the queues though the broker does not count it: of a queue that pages it counts too few now and then. */
    private static long drainUncounted(Contender contender, Consumer<Message> each) throws JMSException {
        long count = 0;
        try (var factory = contender.consumers();
                var connection = factory.createConnection();
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            connection.start();
            for (var name : NAMES) {
                try (var consumer = session.createConsumer(session.createQueue(name))) {
                    for (var message = consumer.receive(UNCOUNTED_WAIT_MILLIS);
                            message != null;
                            message = consumer.receive(UNCOUNTED_WAIT_MILLIS)) {
                        each.accept(message);
                        count++;
                    }
                }
            }
        }
        System.out.println("  " + contender.name() + " counted " + count + " events too few");
        return count;
    }

    private static List<QueueState> depths(Contender contender) throws JMSException {
        try (var factory = contender.operators()) {
            return new QueueControl(factory)
                    .queues().stream()
                            .filter(queue -> NAMES.contains(queue.name()))
                            .toList();
        }
    }

    static String property(Message message, String name) {
        try {
            return message.getStringProperty(name);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
