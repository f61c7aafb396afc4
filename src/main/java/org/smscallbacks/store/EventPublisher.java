package org.smscallbacks.store;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
 *
 * <p>Threads of its own do the storing. A broker that hangs holds these and no others, there are only so many, and nobody interrupts
 * them.
 */
public final class EventPublisher implements Processor, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

    private static final int MOST_AT_ONCE = 64;
    private static final long WAY_BACK_MILLIS = 100;

    /** While the broker hangs, callers wait this many times shorter: the threads they hold are needed to answer the others. */
    private static final int IMPATIENCE = 10;

    private final EventStore store;
    private final long timeoutMillis;
    private final Consumer<Callback> onStored;
    private final AtomicInteger threadNumber = new AtomicInteger();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            MOST_AT_ONCE,
            1,
            TimeUnit.MINUTES,
            new SynchronousQueue<>(),
            this::thread,
            EventPublisher::waitForThread);

    /** A caller gave up on its commit, and no commit has come through since. */
    private final AtomicBoolean stalled = new AtomicBoolean();

    private final AtomicBoolean brokerMissed = new AtomicBoolean();

    /** @param onStored is told of each callback whose events are on disk */
    public EventPublisher(EventStore store, Duration commitTimeout, Consumer<Callback> onStored) {
        this.store = store;
        this.timeoutMillis = commitTimeout.toMillis();
        this.onStored = onStored;
    }

    private Thread thread(Runnable work) {
        var thread = new Thread(work, "event-store-" + threadNumber.incrementAndGet());
        thread.setContextClassLoader(EventPublisher.class.getClassLoader());
        thread.setDaemon(true);
        return thread;
    }

    /** All are taken, but one that has just answered its caller may be on its way back. */
    private static void waitForThread(Runnable work, ThreadPoolExecutor threads) {
        try {
            if (!threads.isShutdown() && threads.getQueue().offer(work, WAY_BACK_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new RejectedExecutionException();
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
            callback.stored(store(callback.events(), callback.memory()));
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
        memory.hold();
        Future<List<CollectedEvent>> storing = null;
        try {
            long patience = stalled.get() ? timeoutMillis / IMPATIENCE : timeoutMillis;
            storing = threads.submit(() -> storeNow(events, memory));
            return storing.get(patience, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            throw new BrokerUnavailableException(
                    threads.isShutdown()
                            ? "the gateway stops"
                            : MOST_AT_ONCE + " callbacks wait for the broker already",
                    null);
        } catch (TimeoutException e) {
            stalled.set(true);
            brokerFails("no commit within " + timeoutMillis + " ms");
            throw new BrokerUnavailableException("no commit in time", e);
        } catch (ExecutionException e) {
            throw new BrokerUnavailableException("the broker cannot commit", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException("interrupted while waiting for the broker", e);
        } finally {
            if (storing == null) {
                memory.letGo();
            }
        }
    }

    private List<CollectedEvent> storeNow(List<CollectedEvent> events, BodyMemory memory) throws Exception {
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
        } finally {
            memory.letGo();
        }
    }

    private void brokerFails(String reason) {
        if (brokerMissed.compareAndSet(false, true)) {
            LOG.warn("The broker cannot commit: callbacks are answered 503 until it can ({})", reason);
        }
    }

    private void brokerAnswers() {
        stalled.set(false);
        if (brokerMissed.compareAndSet(true, false)) {
            LOG.info("The broker commits again");
        }
    }

    /** Takes nothing more, finishes what is under way unless the broker hangs, and lets go of the broker. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(timeoutMillis, TimeUnit.MILLISECONDS)) {
                LOG.warn("The broker does not answer: what it was asked to commit is left to it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }
}
