package org.smscallbacks.store;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.artemis.api.core.ActiveMQDuplicateIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.BrokerSession;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.Priority;

/**
 * One thread with one transacted JMS session: takes the callbacks that wait and commits them together. When the broker refuses
 * the transaction it commits each callback alone, and then smaller and smaller parts of it; an event refused as a duplicate is on
 * disk already and counts as stored. A broken connection is opened again with the next callback.
 */
final class Committer extends Thread {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    private static final int MOST_CALLBACKS = 64;
    private static final int MOST_EVENTS = 2_000;

    private static final int FEW_EVENTS = 8;
    private static final long LOOK_AROUND_MILLIS = 250;
    private static final long FINISH_MILLIS = 10_000;

    /** Brokers limit the size of a message's properties; the event itself has every id in full. */
    private static final int LONGEST_PROPERTY = 1_000;

    private final BrokerSession broker;
    private final BlockingQueue<Submission> waiting;
    private final EventIds ids;
    private final AtomicBoolean stalled;
    private volatile boolean finishing;
    private boolean brokerMissed;
    private Submission putBack;

    /**
     * Takes from <code>waiting</code>, and clears <code>stalled</code> with every commit, also of what nobody waits for any more.
     */
    Committer(
            int number,
            ConnectionFactory connections,
            BlockingQueue<Submission> waiting,
            EventIds ids,
            AtomicBoolean stalled) {
        super("event-committer-" + number);
        this.broker = new BrokerSession(connections);
        this.waiting = waiting;
        this.ids = ids;
        this.stalled = stalled;
    }

    @Override
    public void run() {
        try {
            while (!finishing || !waiting.isEmpty() || putBack != null) {
                commitNextGroup();
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        } finally {
            broker.close();
        }
    }

    private void commitNextGroup() throws InterruptedException {
        var group = nextGroup();
        if (group.isEmpty()) {
            return;
        }
        try {
            commit(group);
        } catch (Throwable e) {
            // whatever it is, memory for instance: this thread must live, its callers must not wait
            LOG.error("Callbacks could not be committed: {}", e.toString());
            group.forEach(submission -> submission.result().completeExceptionally(e));
            broker.close();
        } finally {
            ids.release(group);
        }
    }

    /** Commits what still waits, then ends; gives up on a broker that does not answer. */
    void finish() {
        finishing = true;
        try {
            join(FINISH_MILLIS);
            if (isAlive()) {
                interrupt();
                join(FINISH_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The callbacks that wait now, as many as fit into one transaction; their ids are claimed. */
    private List<Submission> nextGroup() throws InterruptedException {
        var group = new ArrayList<Submission>();
        var first = putBack != null ? putBack : waiting.poll(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS);
        putBack = null;
        while (first != null && first.isAbandoned()) {
            first = waiting.poll();
        }
        if (first == null) {
            return group;
        }
        ids.claim(first.events());
        group.add(first);
        int events = first.events().size();
        while (group.size() < MOST_CALLBACKS && events < MOST_EVENTS) {
            var next = waiting.poll();
            if (next == null) {
                break;
            }
            if (next.isAbandoned()) {
                continue;
            }
            if (!ids.tryClaim(next.events())) {
                putBack = next;
                break;
            }
            group.add(next);
            events += next.events().size();
        }
        return group;
    }

    private void commit(List<Submission> group) {
        // a connection that was idle may be a dead one to a broker that is back already: worth one more try
        boolean mayBeStale = broker.isOpen();
        while (true) {
            try {
                if (commitTogether(group)) {
                    return;
                }
                break;
            } catch (JMSException | RuntimeException e) {
                if (!mayBeStale) {
                    brokerFails(e);
                    group.forEach(submission -> submission.result().completeExceptionally(e));
                    return;
                }
                mayBeStale = false;
            }
        }
        for (var submission : group) {
            if (!submission.isAbandoned()) {
                commitInParts(submission);
            }
        }
    }

    /** False when the broker refuses the transaction; an exception means that the connection is lost. */
    private boolean commitTogether(List<Submission> group) throws JMSException {
        var known = new int[group.size()];
        try {
            var batch = new ArrayList<Outgoing>();
            for (int i = 0; i < known.length; i++) {
                known[i] = addTo(batch, group.get(i).events());
            }
            send(batch);
            broker.commit();
        } catch (JMSException | RuntimeException e) {
            if (rolledBack()) {
                return false;
            }
            throw e;
        }
        brokerAnswers();
        for (int i = 0; i < known.length; i++) {
            ids.stored(group.get(i).events());
            group.get(i).result().complete(known[i]);
        }
        return true;
    }

    private void commitInParts(Submission submission) {
        try {
            int known = commitInParts(submission.events());
            brokerAnswers();
            submission.result().complete(known);
        } catch (JMSException | RuntimeException e) {
            brokerFails(e);
            submission.result().completeExceptionally(e);
        }
    }

    /**
     * Parts what the broker refuses until a known event is alone. Halves at first, since one known event among thousands should
     * cost few transactions; a few events one by one, since mostly all of them are known.
     */
    private int commitInParts(List<CollectedEvent> events) throws JMSException {
        boolean sent = false;
        try {
            var batch = new ArrayList<Outgoing>();
            int known = addTo(batch, events);
            send(batch);
            sent = true;
            broker.commit();
            ids.stored(events);
            return known;
        } catch (JMSException | RuntimeException e) {
            boolean duplicate = isDuplicate(e);
            // a commit refused for a duplicate has ended the transaction on the broker
            boolean ended = sent && duplicate;
            if (!ended && !rolledBack() || !duplicate) {
                throw e;
            }
        }
        if (events.size() == 1) {
            ids.stored(events);
            return 1;
        }
        int part = events.size() <= FEW_EVENTS ? 1 : (events.size() + 1) / 2;
        int known = 0;
        for (int from = 0; from < events.size(); from += part) {
            known += commitInParts(events.subList(from, Math.min(from + part, events.size())));
        }
        return known;
    }

    /** Makes the messages of each event once and says how many came twice: the broker would store an id twice that is in one transaction twice. */
    private int addTo(List<Outgoing> batch, List<CollectedEvent> events) throws JMSException {
        var session = broker.session();
        var seen = new HashSet<String>();
        int known = 0;
        for (var event : events) {
            if (!seen.add(event.id()) || ids.isStored(event)) {
                known++;
                continue;
            }
            int priority = Priority.of(event.data("status"));
            boolean first = true;
            for (var queue : event.queues()) {
                var message = message(session, event);
                if (first) {
                    // one id rejects the whole transaction, the copies for the targets included
                    message.setStringProperty("_AMQ_DUPL_ID", event.id());
                }
                batch.add(new Outgoing(queue, message, priority));
                first = false;
            }
        }
        return known;
    }

    /** One message after the other, without a pause: between any two the embedded broker would put its thread to sleep, and wake it. */
    private void send(List<Outgoing> batch) throws JMSException {
        for (var one : batch) {
            broker.producer().send(broker.queue(one.queue), one.message, DeliveryMode.PERSISTENT, one.priority, 0);
        }
    }

    private record Outgoing(String queue, Message message, int priority) {}

    /** The event as it travels. */
    static TextMessage message(Session session, CollectedEvent event) throws JMSException {
        var message = session.createTextMessage(event.json());
        message.setJMSType(event.type());
        message.setStringProperty(EventProperties.EVENT_ID, event.id());
        message.setStringProperty(EventProperties.EVENT_TYPE, event.type());
        message.setStringProperty(EventProperties.PROVIDER, event.data("provider"));
        message.setStringProperty(EventProperties.ACCOUNT, event.data("account"));
        var messageId = event.data("messageId");
        if (messageId != null && messageId.length() <= LONGEST_PROPERTY) {
            message.setJMSCorrelationID(messageId);
            message.setStringProperty(EventProperties.MESSAGE_ID, messageId);
        }
        var status = event.data("status");
        if (status != null) {
            message.setStringProperty(EventProperties.STATUS, status);
        }
        var last = event.event().path("data").path("final");
        if (last.isBoolean()) {
            message.setBooleanProperty(EventProperties.FINAL, last.booleanValue());
        }
        return message;
    }

    /** Takes the transaction back; false when the connection is lost, which is then let go. */
    private boolean rolledBack() {
        try {
            if (broker.isOpen()) {
                broker.session().rollback();
                return true;
            }
        } catch (JMSException | RuntimeException e) {
            LOG.debug("no rollback", e);
        }
        broker.close();
        return false;
    }

    private void brokerFails(Exception failure) {
        if (!brokerMissed) {
            brokerMissed = true;
            LOG.warn("The broker cannot commit: callbacks are answered 503 until it can ({})", failure.getMessage());
        }
    }

    private void brokerAnswers() {
        stalled.set(false);
        if (brokerMissed) {
            brokerMissed = false;
            LOG.info("The broker commits again");
        }
    }

    private static boolean isDuplicate(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ActiveMQDuplicateIdException) {
                return true;
            }
        }
        return false;
    }
}
