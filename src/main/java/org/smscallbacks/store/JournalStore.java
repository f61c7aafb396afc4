package org.smscallbacks.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQDuplicateIdException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.io.IOCallback;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.persistence.impl.journal.LargeServerMessageImpl;
import org.apache.activemq.artemis.core.postoffice.DuplicateIDCache;
import org.apache.activemq.artemis.core.postoffice.RoutingStatus;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.LargeServerMessage;
import org.apache.activemq.artemis.core.server.impl.RoutingContextImpl;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.core.transaction.impl.TransactionImpl;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.event.CollectedEvent;

/**
 * Stores events in the embedded broker as its own protocols do: in the thread that calls, without a client, a connection or a session
 * between it and the journal. The thread must not be interrupted: Artemis takes an interrupt for a broken disk.
 */
public final class JournalStore implements EventStore {

    private static final long LOOK_AROUND_MILLIS = 500;

    private final EmbeddedBroker broker;
    private final ActiveMQServer server;
    private final ClaimedIds claimed = new ClaimedIds();
    private final BrokerAddresses addresses;

    public JournalStore(EmbeddedBroker broker) {
        this.broker = broker;
        this.server = broker.server();
        this.addresses = new BrokerAddresses(server);
    }

    @Override
    public List<CollectedEvent> store(List<CollectedEvent> events) throws Exception {
        claimed.claim(events);
        long bytes = size(events);
        try {
            refuseIfItHasStopped();
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

    private void refuseIfItHasStopped() throws IOException {
        if (!server.isStarted()) {
            throw new IOException("the broker has stopped");
        }
    }

    private static long size(List<CollectedEvent> events) {
        return events.stream()
                .mapToLong(event -> (long) event.json().length()
                        * (event.rememberedAt().size() + event.copies().size()))
                .sum();
    }

    private List<CollectedEvent> commit(List<CollectedEvent> events) throws Exception {
        var storage = server.getStorageManager();
        var completion = new Completion();
        var context = storage.newContext(completion);
        storage.setContext(context);
        var transaction = new TransactionImpl(storage);
        var files = new ArrayList<LargeServerMessage>();
        try {
            List<CollectedEvent> known;
            try {
                known = add(events, transaction, files);
            } catch (Throwable e) {
                transaction.tryRollback();
                context.executeOnCompletion(completion);
                completion.await();
                for (var file : files) {
                    file.deleteFile();
                }
                throw e;
            }
            transaction.commit();
            context.executeOnCompletion(completion);
            completion.await();
            // what failed beside the commit may be a part of it
            broker.refuseAfterDiskFailure();
            return known;
        } finally {
            storage.clearContext();
        }
    }

    /** Those that were known, or come twice: the broker would store an id twice that is in one transaction twice. */
    private List<CollectedEvent> add(
            List<CollectedEvent> events, Transaction transaction, List<LargeServerMessage> files) throws Exception {
        var seen = new HashSet<String>();
        var known = new ArrayList<CollectedEvent>();
        for (var event : events) {
            var id = SimpleString.of(event.id());
            var newTo = newTo(event, id);
            if (!seen.add(event.id()) || newTo.isEmpty()) {
                known.add(event);
                continue;
            }
            var text = SimpleString.of(event.json());
            for (var address : newTo) {
                if (event.isForTargetsOnly()) {
                    cacheOf(address).addToCache(id.getData(), transaction);
                } else {
                    var message = message(event, text, address);
                    message.putStringProperty(Message.HDR_DUPLICATE_DETECTION_ID, id);
                    send(message, transaction, files);
                }
            }
            // one id rejects the whole transaction, the copies for the targets included; what is known anywhere they
            // have had
            if (newTo.size() == event.rememberedAt().size()) {
                for (var queue : event.copies()) {
                    send(message(event, text, addresses.address(queue)), transaction, files);
                }
            }
        }
        return known;
    }

    private List<SimpleString> newTo(CollectedEvent event, SimpleString id) {
        var newTo = new ArrayList<SimpleString>(1);
        for (var name : event.rememberedAt()) {
            var address = addresses.address(name);
            if (!cacheOf(address).contains(id.getData())) {
                newTo.add(address);
            }
        }
        return newTo;
    }

    private DuplicateIDCache cacheOf(SimpleString address) {
        return server.getPostOffice().getDuplicateIDCache(address);
    }

    private CoreMessage message(CollectedEvent event, SimpleString text, SimpleString address) {
        return EventMessage.forBroker(server.getStorageManager().generateID(), event, text, address);
    }

    private void send(CoreMessage message, Transaction transaction, List<LargeServerMessage> files) throws Exception {
        var address = message.getAddressSimpleString();
        boolean isDivertedAway = addresses.prepareWay(message);
        var stored = LargeServerMessageImpl.checkLargeMessage(message, server.getStorageManager());
        if (stored instanceof LargeServerMessage large) {
            files.add(large);
        }
        var status = server.getPostOffice().route(stored, new RoutingContextImpl(transaction), false, true, null);
        if (status == RoutingStatus.DUPLICATED_ID) {
            throw new ActiveMQDuplicateIdException();
        }
        if (status == RoutingStatus.NO_BINDINGS && !isDivertedAway) {
            throw new IOException("the broker has no queue for " + address + " that takes the event");
        }
    }

    /** What the broker has to do when the journal has answered; the thread that waits for the answer does it. */
    private final class Completion implements Executor, IOCallback {

        private final BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
        private volatile boolean done;
        private volatile String failure;

        @Override
        public void execute(Runnable step) {
            steps.add(step);
        }

        private void await() throws IOException, InterruptedException {
            while (!done) {
                var step = steps.poll(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS);
                if (step != null) {
                    step.run();
                } else {
                    refuseIfItHasStopped();
                }
            }
            if (failure != null) {
                throw new IOException(failure);
            }
        }

        @Override
        public void done() {
            done = true;
        }

        @Override
        public void onError(int code, String message) {
            failure = message;
            done = true;
            steps.add(() -> {});
        }
    }

    @Override
    public void close() {
        // the broker is closed by who opened it
    }
}
