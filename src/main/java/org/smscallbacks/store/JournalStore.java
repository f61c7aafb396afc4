package org.smscallbacks.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.activemq.artemis.api.core.ActiveMQDuplicateIdException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.smscallbacks.broker.BrokerTransaction;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.event.CollectedEvent;

/**
 * Stores events in the embedded broker, in the thread that calls. The thread must not be interrupted: Artemis takes an interrupt for a
 * broken disk.
 */
public final class JournalStore implements EventStore {

    private final EmbeddedBroker broker;
    private final ClaimedIds claimed = new ClaimedIds();

    public JournalStore(EmbeddedBroker broker) {
        this.broker = broker;
    }

    @Override
    public List<CollectedEvent> store(List<CollectedEvent> events) throws Exception {
        claimed.claim(events);
        long bytes = bytes(events);
        try {
            broker.refuseIfItHasStopped();
            broker.refuseAfterDiskFailure();
            broker.reserve().take(bytes);
            try {
                return commit(events);
            } catch (ActiveMQDuplicateIdException e) {
                // another gateway stored one of them since the broker was asked
                return commit(events);
            } finally {
                broker.reserve().giveBack(bytes);
            }
        } finally {
            claimed.release(events);
        }
    }

    @Override
    public void refuseWithoutRoom(List<CollectedEvent> events) throws Exception {
        long bytes = bytes(events);
        broker.reserve().take(bytes);
        broker.reserve().giveBack(bytes);
    }

    private static long bytes(List<CollectedEvent> events) {
        return events.stream().mapToLong(EventMessage::bytes).sum();
    }

    private List<CollectedEvent> commit(List<CollectedEvent> events) throws Exception {
        try (var transaction = broker.begin()) {
            var known = add(events, transaction);
            transaction.commit();
            return known;
        }
    }

    /** Those that were known, or come twice: the broker would store an id twice that is in one transaction twice. */
    private List<CollectedEvent> add(List<CollectedEvent> events, BrokerTransaction transaction) throws Exception {
        var seen = new HashSet<String>();
        var known = new ArrayList<CollectedEvent>();
        for (var event : events) {
            var id = SimpleString.of(event.id());
            var newTo = newTo(event, id, transaction);
            if (!seen.add(event.id()) || newTo.isEmpty()) {
                known.add(event);
                continue;
            }
            var text = SimpleString.of(event.json());
            for (var address : newTo) {
                if (event.isForTargetsOnly()) {
                    transaction.remember(address, id);
                } else {
                    var message = EventMessage.forBroker(transaction.newMessageId(), event, text, address);
                    message.putStringProperty(Message.HDR_DUPLICATE_DETECTION_ID, id);
                    transaction.send(message);
                }
            }
            // one id rejects the whole transaction, the copies for the targets included; what is known anywhere they
            // have had
            if (newTo.size() == event.rememberedAt().size()) {
                for (var queue : event.copies()) {
                    transaction.send(EventMessage.forBroker(
                            transaction.newMessageId(), event, text, transaction.address(queue)));
                }
            }
        }
        return known;
    }

    private List<SimpleString> newTo(CollectedEvent event, SimpleString id, BrokerTransaction transaction) {
        var newTo = new ArrayList<SimpleString>(1);
        for (var name : event.rememberedAt()) {
            var address = transaction.address(name);
            if (!transaction.knows(address, id)) {
                newTo.add(address);
            }
        }
        return newTo;
    }

    @Override
    public void close() {
        // the broker is closed by who opened it
    }
}
