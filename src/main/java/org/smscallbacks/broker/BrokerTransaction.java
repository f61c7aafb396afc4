package org.smscallbacks.broker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQDuplicateIdException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.io.IOCallback;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.persistence.OperationContext;
import org.apache.activemq.artemis.core.persistence.impl.journal.LargeServerMessageImpl;
import org.apache.activemq.artemis.core.postoffice.RoutingStatus;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.LargeServerMessage;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.impl.RoutingContextImpl;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.core.transaction.impl.TransactionImpl;

/**
 * One transaction at the embedded broker, made as its own protocols do: in the thread that calls, without a client, a connection or a
 * session between it and the journal. The thread must not be interrupted: Artemis takes an interrupt for a broken disk.
 */
public final class BrokerTransaction implements AutoCloseable {

    private static final long LOOK_AROUND_MILLIS = 500;

    private final EmbeddedBroker broker;
    private final ActiveMQServer server;
    private final BrokerAddresses addresses;
    private final Completion completion;
    private final OperationContext context;
    private final Transaction transaction;
    private final List<LargeServerMessage> files = new ArrayList<>();
    private boolean hasEnded;

    BrokerTransaction(EmbeddedBroker broker, BrokerAddresses addresses) {
        this.broker = broker;
        this.server = broker.server();
        this.addresses = addresses;
        this.completion = new Completion(broker);
        this.context = server.getStorageManager().newContext(completion);
        this.transaction = new TransactionImpl(server.getStorageManager());
    }

    private interface Work {
        void run() throws Exception;
    }

    /** What the broker writes meanwhile is what {@link #commit} waits for. */
    private void inContext(Work work) throws Exception {
        server.getStorageManager().setContext(context);
        try {
            work.run();
        } finally {
            server.getStorageManager().clearContext();
        }
    }

    /** The address of this name. */
    public SimpleString address(String name) {
        return addresses.address(name);
    }

    /** No message of this broker has it. */
    public long newMessageId() {
        return broker.newMessageId();
    }

    /** Whether the address knows this id from an earlier transaction. */
    public boolean knows(SimpleString address, SimpleString id) {
        return server.getPostOffice().getDuplicateIDCache(address).contains(id.getData());
    }

    /** The address knows this id from the commit on. */
    public void remember(SimpleString address, SimpleString id) throws Exception {
        inContext(() -> server.getPostOffice().getDuplicateIDCache(address).addToCache(id.getData(), transaction));
    }

    /**
     * The queues at the message's address have it from the commit on.
     *
     * @throws ActiveMQDuplicateIdException when the address knows the message's id already; then nothing of the transaction can be committed
     */
    public void send(CoreMessage message) throws Exception {
        inContext(() -> route(message));
    }

    private void route(CoreMessage message) throws Exception {
        boolean mayGoNowhere = addresses.prepareWay(message);
        var stored = LargeServerMessageImpl.checkLargeMessage(message, server.getStorageManager());
        if (stored instanceof LargeServerMessage large) {
            files.add(large);
        }
        var status = server.getPostOffice().route(stored, new RoutingContextImpl(transaction), false, true, null);
        if (status == RoutingStatus.DUPLICATED_ID) {
            throw new ActiveMQDuplicateIdException();
        }
        if (status == RoutingStatus.NO_BINDINGS && !mayGoNowhere) {
            throw new IOException(
                    "the broker has no queue for " + message.getAddressSimpleString() + " that takes the event");
        }
    }

    /** The message leaves its queue with the commit. */
    void acknowledge(MessageReference reference) throws Exception {
        inContext(() -> reference.acknowledge(transaction));
    }

    /** The message goes back to its queue when the transaction is closed without a commit. */
    void giveBack(MessageReference reference) throws Exception {
        inContext(() -> reference.getQueue().cancel(transaction, reference));
    }

    /**
     * Returns when all of it is on the disk.
     *
     * @throws IOException when it is not, or may not be
     */
    public void commit() throws Exception {
        inContext(() -> {
            transaction.commit();
            hasEnded = true;
            awaitDisk();
        });
        // what failed beside the commit may be a part of it
        broker.refuseAfterDiskFailure();
    }

    private void awaitDisk() throws Exception {
        context.executeOnCompletion(completion);
        completion.await();
    }

    /** Takes back what was not committed. */
    @Override
    public void close() throws Exception {
        if (hasEnded) {
            return;
        }
        hasEnded = true;
        inContext(() -> {
            transaction.tryRollback();
            awaitDisk();
            for (var file : files) {
                file.deleteFile();
            }
        });
    }

    /**
     * What the broker has to do when the journal has answered; the thread that waits for the answer does it. The broker can keep it for
     * longer than the transaction, which it must not hold: that has all messages.
     */
    private static final class Completion implements Executor, IOCallback {

        private final EmbeddedBroker broker;
        private final BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
        private volatile boolean done;
        private volatile String failure;

        Completion(EmbeddedBroker broker) {
            this.broker = broker;
        }

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
                    broker.refuseIfItHasStopped();
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
}
