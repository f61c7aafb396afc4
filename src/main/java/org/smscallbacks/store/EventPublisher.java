package org.smscallbacks.store;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.jms.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.smscallbacks.broker.BrokerUnavailableException;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;

/**
 * Puts all events of a callback on the broker's disk and returns only then; callbacks that wait at the same time share a
 * transaction. Leaves the stored events as the body, a JSON array in the order of the items, so that an answer can list them.
 * Throws {@link BrokerUnavailableException} when the commit fails or takes too long: some events may then be stored, and the
 * provider's repetition finds them there.
 */
public final class EventPublisher implements Processor, AutoCloseable {

    private static final int COMMITTERS = 4;
    private static final int MOST_WAITING = 1_000;

    /** While the broker hangs, callers wait this many times shorter: the threads they hold are needed to answer the others. */
    private static final int IMPATIENCE = 10;

    private final BlockingQueue<Submission> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final long timeoutMillis;
    private final Consumer<Callback> onStored;
    private final List<Committer> committers;
    private volatile boolean open = true;

    /** A caller gave up on its commit, and no commit has come through since. */
    private final AtomicBoolean stalled = new AtomicBoolean();

    /** @param onStored is told of each callback whose events are on disk */
    public EventPublisher(ConnectionFactory connections, Duration commitTimeout, Consumer<Callback> onStored) {
        this.timeoutMillis = commitTimeout.toMillis();
        this.onStored = onStored;
        var ids = new EventIds();
        this.committers = IntStream.range(0, COMMITTERS)
                .mapToObj(number -> new Committer(number, connections, waiting, ids, stalled))
                .toList();
    }

    /** Starts the threads that commit; a broker that is not there yet is waited for. */
    public EventPublisher start() {
        committers.forEach(Thread::start);
        return this;
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
            callback.stored(commit(callback.events()));
            onStored.accept(callback);
        }
    }

    /**
     * Stores the events in one transaction and says how many of them were known.
     *
     * @throws BrokerUnavailableException when they are not, or may not be, on disk
     */
    int commit(List<CollectedEvent> events) {
        var submission = new Submission(events);
        if (!open || !waiting.offer(submission)) {
            throw new BrokerUnavailableException(
                    open ? MOST_WAITING + " callbacks wait for the broker already" : "the gateway stops", null);
        }
        try {
            long patience = stalled.get() ? timeoutMillis / IMPATIENCE : timeoutMillis;
            return submission.result().get(patience, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            stalled.set(true);
            submission.result().cancel(false);
            throw new BrokerUnavailableException("no commit in time", e);
        } catch (ExecutionException e) {
            throw new BrokerUnavailableException("the broker cannot commit", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException("interrupted while waiting for the broker", e);
        }
    }

    /** Takes nothing more, finishes what waits, and lets go of the broker. */
    @Override
    public void close() {
        open = false;
        committers.forEach(Committer::finish);
    }
}
