package org.smscallbacks.store;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.BrokerUnavailableException;
import org.smscallbacks.broker.Portions;
import org.smscallbacks.event.BodyMemory;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;

/**
 * Puts all events of a callback on the broker's disk and returns only then. Leaves the stored events as the body, a JSON array in the
 * order of the items, so that an answer can list them. Throws {@link BrokerUnavailableException} when the commit fails or takes too
 * long: some events may then be stored, and the provider's repetition finds them there.
 */
public final class EventPublisher implements Processor, AutoCloseable {

    /** So many callbacks can wait for their commits at a time. */
    public static final int MOST_AT_ONCE = BrokerCalls.MOST_AT_ONCE;

    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

    private final EventStore store;
    private final BrokerCalls calls;
    private final Consumer<Callback> onStored;
    private final Consumer<Callback> onStoredLate;
    private final AtomicBoolean brokerMissed = new AtomicBoolean();

    /**
     * @param mayHang whether the thread that asks may be kept for as long as the broker hangs: then its callback's caller is refused by
     *     another. It must never be interrupted
     * @param onStored is told of each callback whose events are on disk
     * @param onStoredLate is told of each whose events came there after its caller was refused
     */
    public EventPublisher(
            EventStore store,
            Duration commitTimeout,
            BooleanSupplier mayHang,
            Consumer<Callback> onStored,
            Consumer<Callback> onStoredLate) {
        this.store = store;
        this.calls = new BrokerCalls(commitTimeout, mayHang, this::brokerFails);
        this.onStored = onStored;
        this.onStoredLate = onStoredLate;
    }

    @Override
    public void process(Exchange exchange) {
        var callback = Callback.of(exchange);
        publish(callback);
        var stored = JsonNodeFactory.instance.arrayNode(callback.events().size());
        callback.events().forEach(event -> stored.add(event.event()));
        exchange.getMessage().setBody(stored);
    }

    /** Stores the events the callback has collected. */
    public void publish(Callback callback) {
        if (!callback.events().isEmpty()) {
            var events = List.copyOf(callback.events());
            callback.stored(calls.call(() -> storeNow(events), callback.memory(), known -> {
                callback.stored(known);
                onStoredLate.accept(callback);
            }));
            onStored.accept(callback);
        }
    }

    /**
     * Stores these events, in one transaction or, when they are very many, in several, and gives those of them that were known.
     *
     * @param memory what they take of it is let go of when the broker is done with them, which can be after the caller has given up
     * @throws BrokerUnavailableException when they are not, or may not be, on disk
     */
    public List<CollectedEvent> store(List<CollectedEvent> events, BodyMemory memory) {
        return calls.call(() -> storeNow(events), memory, known -> {});
    }

    private List<CollectedEvent> storeNow(List<CollectedEvent> events) throws Exception {
        try {
            var known = new ArrayList<CollectedEvent>();
            var portions = Portions.of(events, EventMessage::bytes);
            if (portions.size() > 1) {
                store.refuseWithoutRoom(events);
            }
            for (var portion : portions) {
                known.addAll(store.store(portion));
                brokerAnswers();
            }
            return known;
        } catch (Throwable e) {
            brokerFails(e.getMessage() == null ? e.toString() : e.getMessage());
            throw e;
        }
    }

    private void brokerFails(String reason) {
        if (brokerMissed.compareAndSet(false, true)) {
            LOG.warn("The broker cannot commit: callbacks are answered 503 until it can ({})", reason);
        }
    }

    private void brokerAnswers() {
        calls.brokerAnswers();
        if (brokerMissed.compareAndSet(true, false)) {
            LOG.info("The broker commits again");
        }
    }

    /** Whether the broker hangs, as far as is known. */
    public boolean isStalled() {
        return calls.isStalled();
    }

    /** Takes nothing more, finishes what is under way unless the broker hangs, and lets go of the broker. */
    @Override
    public void close() {
        calls.close();
        store.close();
    }
}
