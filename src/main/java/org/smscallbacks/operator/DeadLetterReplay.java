package org.smscallbacks.operator;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.smscallbacks.broker.Portions;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.QueueNames;

/**
 * Sends events that lie in a queue on their way again: the dead ones of a target to that target, the unrecognised ones to their
 * provider's route.
 *
 * <p>Only the events of the plan are moved, each once, also when they come back while it runs. The broker first sets a portion of
 * them aside, in a queue of their own; from there they are sent on in transactions, without what their delivery noted on them. So a
 * replay can be interrupted at any moment: what is set aside is sent on by the next replay from the same queue. A consumer with a
 * selector would be simpler, but on a paged queue it never sees what lies behind events it does not want.
 */
public final class DeadLetterReplay implements Replay {

    private static final String SET_ASIDE = "sms.replaying.";

    private static final int TRANSACTION = 100;

    /** A paged queue hands out no more than some megabytes before they are committed. */
    private static final int TRANSACTION_CHARACTERS = 1_000_000;

    private static final long LONGEST_RECEIVE_MILLIS = 5_000;

    /** What a failed delivery or an earlier replay noted on the message. */
    private static final Set<String> NOTES = Set.of(
            EventProperties.ATTEMPTS,
            EventProperties.FIRST_FAILED_AT,
            EventProperties.LAST_FAILED_AT,
            EventProperties.LAST_STATUS,
            EventProperties.RETURN_TO,
            EventProperties.DUE_AT,
            EventProperties.REASON,
            EventProperties.DEAD_AT,
            EventProperties.REPLAYED_AT);

    private final ConnectionFactory connections;
    private final QueueControl control;
    private final EventQueue source;
    private final String destination;
    private final String aside;

    private DeadLetterReplay(ConnectionFactory connections, String source, String destination, String aside) {
        this.connections = connections;
        this.control = new QueueControl(connections);
        this.source = new EventQueue(connections, source);
        this.destination = destination;
        this.aside = aside;
    }

    /** Of what this target refused for good. */
    public static DeadLetterReplay ofDead(ConnectionFactory connections, String target) {
        return new DeadLetterReplay(
                connections, QueueNames.dead(target), QueueNames.target(target), SET_ASIDE + "dead." + target);
    }

    /** Of unrecognised events: from its queue to the one that a gateway takes it from. */
    public static DeadLetterReplay ofUnrecognised(ConnectionFactory connections, String unrecognised, String replay) {
        return new DeadLetterReplay(connections, unrecognised, replay, SET_ASIDE + "unrecognised");
    }

    @Override
    public Plan plan(EventFilter filter, int most) throws JMSException {
        var plan = new Plan(new ArrayList<>(), new ArrayList<>());
        source.forEach(filter, event -> {
            if (event.text() == null || event.text().isEmpty()) {
                plan.staying().add(new Staying(event.id(), "it is no text"));
            } else {
                var to = destinationOf(event.property(EventProperties.RETURN_TO));
                plan.moves().add(new Move(event.id(), event.key(), to, event.bytesOnDisk()));
            }
            return plan.size() < most;
        });
        return plan;
    }

    @Override
    public int leftAside() throws JMSException {
        return control.exists(aside) ? (int) control.messages(aside) : 0;
    }

    @Override
    public int finishInterrupted(IntConsumer progress) throws JMSException {
        int left = leftAside();
        if (left == 0) {
            return 0;
        }
        control.refuseIfNothingIsTaken();
        return sendOn(left, progress);
    }

    @Override
    public int run(Plan plan, IntConsumer progress, BooleanSupplier stopped) throws JMSException {
        int replayed = 0;
        for (var portion : Portions.of(plan.moves(), Move::bytes)) {
            if (stopped.getAsBoolean()) {
                break;
            }
            int before = replayed;
            createAside();
            var keys = portion.stream().map(Move::key).toList();
            int moved = control.move(source.name(), keys, aside);
            replayed += sendOn(moved, sent -> progress.accept(before + sent));
        }
        return replayed;
    }

    /** A consumer has the broker make the queue. */
    private void createAside() throws JMSException {
        try (var connection = connections.createConnection();
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            session.createConsumer(session.createQueue(aside)).close();
        }
    }

    private int sendOn(int expected, IntConsumer progress) throws JMSException {
        int taken = 0;
        int sent = 0;
        try (var connection = connections.createConnection();
                var session = connection.createSession(true, Session.SESSION_TRANSACTED);
                var consumer = session.createConsumer(session.createQueue(aside));
                var producer = session.createProducer(null)) {
            connection.start();
            int events = 0;
            int characters = 0;
            Message message;
            while (taken < expected && (message = consumer.receive(LONGEST_RECEIVE_MILLIS)) != null) {
                taken++;
                if (message instanceof TextMessage event && event.getText() != null) {
                    sendOn(event, session, producer);
                    events++;
                    characters += event.getText().length();
                } else {
                    giveBack(message, session, producer);
                }
                if (taken % TRANSACTION == 0 || characters > TRANSACTION_CHARACTERS) {
                    session.commit();
                    sent += events;
                    events = 0;
                    characters = 0;
                    progress.accept(sent);
                }
            }
            session.commit();
            sent += events;
        }
        progress.accept(sent);
        return sent;
    }

    private void sendOn(TextMessage stored, Session session, MessageProducer producer) throws JMSException {
        var message = session.createTextMessage(stored.getText());
        message.setJMSType(stored.getJMSType());
        message.setJMSCorrelationID(stored.getJMSCorrelationID());
        for (var name : Collections.list(stored.getPropertyNames())) {
            var key = name.toString();
            if (!NOTES.contains(key) && !EventProperties.isOfTheBroker(key)) {
                message.setObjectProperty(key, stored.getObjectProperty(key));
            }
        }
        var queue = session.createQueue(destinationOf(stored.getStringProperty(EventProperties.RETURN_TO)));
        producer.send(queue, message, DeliveryMode.PERSISTENT, stored.getJMSPriority(), 0);
    }

    /** What is no text a plan leaves in its queue: somebody else has put it aside, and there an operator sees it. */
    private void giveBack(Message stored, Session session, MessageProducer producer) throws JMSException {
        var properties = new HashMap<String, Object>();
        for (var name : Collections.list(stored.getPropertyNames())) {
            var key = name.toString();
            if (!EventProperties.isOfTheBroker(key) && !key.startsWith("JMS")) {
                properties.put(key, stored.getObjectProperty(key));
            }
        }
        // by the broker's own it would be taken for a duplicate, and what was received cannot be changed otherwise
        stored.clearProperties();
        for (var property : properties.entrySet()) {
            stored.setObjectProperty(property.getKey(), property.getValue());
        }
        producer.send(session.createQueue(source.name()), stored, DeliveryMode.PERSISTENT, stored.getJMSPriority(), 0);
    }

    private String destinationOf(String returnTo) {
        boolean belongs = returnTo != null
                && destination.startsWith(QueueNames.TARGET)
                && (returnTo.equals(destination) || returnTo.startsWith(destination + "."));
        return belongs ? returnTo : destination;
    }
}
