package org.smscallbacks.store;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.BrokerUnavailableException;
import org.smscallbacks.event.BodyMemory;

/**
 * Calls of a broker that may hang: there are only so many at a time, and nobody waits longer than the timeout for the end of one.
 *
 * <p>A thread that may hang, and is never interrupted, makes the call itself: no other has to be woken for it. When that takes too long,
 * whoever waits for the answer gets it from somebody else. For all other threads one of these here calls.
 */
final class BrokerCalls implements AutoCloseable {

    /** How many calls there can be at a time. */
    static final int MOST_AT_ONCE = 64;

    private static final Logger LOG = LoggerFactory.getLogger(BrokerCalls.class);

    private static final long PLACE_MILLIS = 100;
    private static final long LOOK_EVERY_MILLIS = 100;

    /** While the broker hangs, callers wait this many times shorter: the threads they hold are needed to answer the others. */
    private static final int IMPATIENCE = 10;

    private final long timeoutMillis;
    private final BooleanSupplier mayHang;
    private final Consumer<String> onLate;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final Set<Call> callsInPlace = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(named("event-store-"));
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(named("event-store-watch-"));
    private volatile boolean closed;

    /** A caller gave up on its call, and none has come through since. */
    private volatile boolean stalled;

    /**
     * @param mayHang whether the thread that asks may wait for ever, and is never interrupted: Artemis takes an interrupt for a broken
     *     disk
     * @param onLate is told in words of each call that takes too long
     */
    BrokerCalls(Duration timeout, BooleanSupplier mayHang, Consumer<String> onLate) {
        this.timeoutMillis = timeout.toMillis();
        this.mayHang = mayHang;
        this.onLate = onLate;
        watch.scheduleWithFixedDelay(this::lookForLate, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory named(String prefix) {
        var number = new AtomicInteger();
        return work -> {
            var thread = new Thread(work, prefix + number.incrementAndGet());
            thread.setContextClassLoader(BrokerCalls.class.getClassLoader());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** A call in the thread of its caller. */
    private record Call(BodyMemory callback, long dueNanos, AtomicBoolean isOver) {

        /** True for who is the first to say so. */
        boolean end() {
            return isOver.compareAndSet(false, true);
        }
    }

    /**
     * Gives what the broker answers.
     *
     * @param callback for which it is: what it takes of the memory is let go of when the broker is done with it, which can be after its
     *     caller was told to come again
     * @throws BrokerUnavailableException when the broker fails, or takes too long: it may then do what it was asked all the same
     */
    <T> T call(Callable<T> work, BodyMemory callback) {
        takePlace();
        long patience = stalled ? timeoutMillis / IMPATIENCE : timeoutMillis;
        try {
            return mayHang.getAsBoolean() ? here(work, callback, patience) : elsewhere(work, callback, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException("interrupted while waiting for the broker", e);
        }
    }

    private void takePlace() {
        try {
            if (!closed && (stalled ? places.tryAcquire() : places.tryAcquire(PLACE_MILLIS, TimeUnit.MILLISECONDS))) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new BrokerUnavailableException(
                closed ? "the gateway stops" : MOST_AT_ONCE + " callbacks wait for the broker already", null);
    }

    private <T> T here(Callable<T> work, BodyMemory callback, long patience) throws InterruptedException {
        var call = new Call(callback, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience), new AtomicBoolean());
        callsInPlace.add(call);
        try {
            var result = work.call();
            if (call.end()) {
                return result;
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            throw new BrokerUnavailableException("the broker cannot commit", e);
        } finally {
            callsInPlace.remove(call);
            places.release();
        }
        throw new BrokerUnavailableException("no commit in time", null);
    }

    private void lookForLate() {
        for (var call : callsInPlace) {
            if (System.nanoTime() - call.dueNanos > 0 && call.end()) {
                late();
                refuse(call);
            }
        }
    }

    /** Whatever comes of it: the others wait as well. */
    private static void refuse(Call call) {
        try {
            call.callback.refuseCaller();
        } catch (RuntimeException e) {
            LOG.debug("a caller cannot be refused", e);
        }
    }

    private <T> T elsewhere(Callable<T> work, BodyMemory callback, long patience) throws InterruptedException {
        callback.hold();
        Future<T> answer;
        try {
            answer = threads.submit(() -> {
                try {
                    return work.call();
                } finally {
                    callback.letGo();
                    places.release();
                }
            });
        } catch (RejectedExecutionException e) {
            callback.letGo();
            places.release();
            throw new BrokerUnavailableException("the gateway stops", e);
        }
        try {
            return answer.get(patience, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            late();
            throw new BrokerUnavailableException("no commit in time", e);
        } catch (ExecutionException e) {
            throw new BrokerUnavailableException("the broker cannot commit", e.getCause());
        }
    }

    private void late() {
        stalled = true;
        onLate.accept("no commit within " + timeoutMillis + " ms");
    }

    /** The broker has done something: it does not hang. */
    void brokerAnswers() {
        stalled = false;
    }

    /** Takes nothing more, and waits for what is under way, unless the broker hangs. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!places.tryAcquire(MOST_AT_ONCE, timeoutMillis, TimeUnit.MILLISECONDS)) {
                LOG.warn("The broker does not answer: what it was asked to commit is left to it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdown();
        watch.shutdown();
    }
}
