package org.smscallbacks.store;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.activemq.artemis.api.core.ActiveMQDuplicateIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.BrokerSession;
import org.smscallbacks.event.CollectedEvent;

/**
 * Stores events in a broker at the other end of a connection: each call has a transacted session to itself, which is kept for the
 * next one. When the broker refuses the transaction for an event it knows, smaller and smaller parts of it are committed.
 */
public final class JmsStore implements EventStore {

    private static final Logger LOG = LoggerFactory.getLogger(JmsStore.class);

    private static final int FEW_EVENTS = 8;

    private final ConnectionFactory connections;
    private final ClaimedIds claimed = new ClaimedIds();
    private final StoredIds stored = new StoredIds();
    private final Deque<BrokerSession> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    public JmsStore(ConnectionFactory connections) {
        this.connections = connections;
    }

    @Override
    public List<CollectedEvent> store(List<CollectedEvent> events) throws JMSException, InterruptedException {
        claimed.claim(events);
        try {
            var session = idle.pollFirst();
            if (session != null) {
                try {
                    return storeIn(session, events);
                } catch (JMSException | RuntimeException e) {
                    // a connection that was idle may be a dead one to a broker that is back already: worth one more try
                    LOG.debug("an idle session cannot commit", e);
                }
            }
            return storeIn(new BrokerSession(connections), events);
        } finally {
            claimed.release(events);
        }
    }

    private List<CollectedEvent> storeIn(BrokerSession session, List<CollectedEvent> events) throws JMSException {
        boolean done = false;
        try {
            var known = commitInParts(session, events);
            done = true;
            return known;
        } finally {
            if (done && !closed) {
                idle.addFirst(session);
            } else {
                session.close();
            }
        }
    }

    /**
     * Parts what the broker refuses until a known event is alone. Halves at first, since one known event among thousands should
     * cost few transactions; a few events one by one, since mostly all of them are known.
     */
    private List<CollectedEvent> commitInParts(BrokerSession session, List<CollectedEvent> events) throws JMSException {
        var batch = new ArrayList<Outgoing>();
        var known = addTo(batch, session, events);
        if (commit(session, batch)) {
            stored.add(events);
            return known;
        }
        if (events.size() == 1) {
            return storeWhereItIsNew(session, events.get(0)) ? List.of() : events;
        }
        int part = events.size() <= FEW_EVENTS ? 1 : (events.size() + 1) / 2;
        known = new ArrayList<>();
        for (int from = 0; from < events.size(); from += part) {
            known.addAll(commitInParts(session, events.subList(from, Math.min(from + part, events.size()))));
        }
        return known;
    }

    /** The broker knows it at one of its addresses at least: the targets had it with that. */
    private boolean storeWhereItIsNew(BrokerSession session, CollectedEvent event) throws JMSException {
        boolean isNew = false;
        if (event.rememberedAt().size() > 1) {
            for (var address : stored.without(event)) {
                isNew |= commit(session, List.of(outgoing(session, event, address)));
            }
        }
        stored.add(List.of(event));
        return isNew;
    }

    /** False when the broker refuses all of it, for an event that it knows. */
    private static boolean commit(BrokerSession session, List<Outgoing> batch) throws JMSException {
        boolean sent = false;
        try {
            // one message after the other: between any two the broker would put its thread to sleep, and wake it
            for (var one : batch) {
                session.producer().send(one.destination, one.message, DeliveryMode.PERSISTENT, one.priority, 0);
            }
            sent = true;
            session.commit();
            return true;
        } catch (JMSException | RuntimeException e) {
            if (!isDuplicate(e)) {
                throw e;
            }
            // a commit refused for a duplicate has ended the transaction on the broker
            if (!sent) {
                session.session().rollback();
            }
            return false;
        }
    }

    /** Makes the messages of each event once and gives those that came twice: the broker would store an id twice that is in one transaction twice. */
    private List<CollectedEvent> addTo(List<Outgoing> batch, BrokerSession session, List<CollectedEvent> events)
            throws JMSException {
        var seen = new HashSet<String>();
        var known = new ArrayList<CollectedEvent>();
        for (var event : events) {
            var newTo = stored.without(event);
            if (!seen.add(event.id()) || newTo.isEmpty()) {
                known.add(event);
                continue;
            }
            for (var address : newTo) {
                batch.add(outgoing(session, event, address));
            }
            // one id rejects the whole transaction, the copies for the targets included
            if (newTo.size() == event.rememberedAt().size()) {
                for (var queue : event.copies()) {
                    batch.add(copy(session, event, queue));
                }
            }
        }
        return known;
    }

    /** With the id by which the address knows it again. */
    private static Outgoing outgoing(BrokerSession session, CollectedEvent event, String address) throws JMSException {
        if (event.isForTargetsOnly()) {
            // nobody subscribes: the broker keeps the id, and drops the message
            var onlyTheId = session.session().createMessage();
            onlyTheId.setStringProperty(EventMessage.DUPLICATE_ID, event.id());
            return new Outgoing(session.topic(address), onlyTheId, Message.DEFAULT_PRIORITY);
        }
        var outgoing = copy(session, event, address);
        outgoing.message.setStringProperty(EventMessage.DUPLICATE_ID, event.id());
        return outgoing;
    }

    private static Outgoing copy(BrokerSession session, CollectedEvent event, String queue) throws JMSException {
        return new Outgoing(
                session.queue(queue), EventMessage.forJms(session.session(), event), EventMessage.priority(event));
    }

    private record Outgoing(Destination destination, Message message, int priority) {}

    private static boolean isDuplicate(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ActiveMQDuplicateIdException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        closed = true;
        for (var session = idle.pollFirst(); session != null; session = idle.pollFirst()) {
            session.close();
        }
    }
}
