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

    private static final long LOOK_EVERY_MILLIS = 100;

    /** While the broker hangs, callers wait this many times shorter: the threads they hold are needed to answer the others. */
    private static final int IMPATIENCE = 10;

    private final long timeoutMillis;
    private final BooleanSupplier mayHang;
    private final Consumer<String> onLate;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);
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

    /** One that is made for a callback, which does not wait for it any longer than until it is due. */
    private record Call(BodyMemory callback, long patienceMillis, long dueNanos, AtomicBoolean isOver) {

        static Call of(BodyMemory callback, long patienceMillis) {
            return new Call(
                    callback,
                    patienceMillis,
                    System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis),
                    new AtomicBoolean());
        }

        long leftNanos() {
            return dueNanos - System.nanoTime();
        }

        /** True for who is the first to say so: it has come to its end, or nobody waits for that. */
        boolean end() {
            return isOver.compareAndSet(false, true);
        }
    }

    /**
     * Gives what the broker answers.
     *
     * @param callback for which it is: what it takes of the memory is let go of when the broker is done with it, which can be after its
     *     caller was told to come again
     * @param onLateAnswer is given what the broker answers after that
     * @throws BrokerUnavailableException when the broker fails, or takes too long: it may then do what it was asked all the same
     */
    <T> T call(Callable<T> work, BodyMemory callback, Consumer<T> onLateAnswer) {
        var call = Call.of(callback, stalled ? timeoutMillis / IMPATIENCE : timeoutMillis);
        try {
            takePlace(call);
            return mayHang.getAsBoolean() ? here(work, call, onLateAnswer) : elsewhere(work, call, onLateAnswer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException("interrupted while waiting for the broker", e);
        }
    }

    /** A broker that is slow is waited for; while it hangs, no place becomes free. */
    private void takePlace(Call call) throws InterruptedException {
        long lookEvery = TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS);
        boolean isTaken;
        do {
            isTaken = !closed && places.tryAcquire(stalled ? 0 : lookEvery, TimeUnit.NANOSECONDS);
        } while (!isTaken && !closed && !stalled && call.leftNanos() > 0);
        if (!isTaken) {
            throw new BrokerUnavailableException(
                    closed ? "the gateway stops" : MOST_AT_ONCE + " callbacks wait for the broker already", null);
        }
    }

    private <T> T here(Callable<T> work, Call call, Consumer<T> onLateAnswer) throws InterruptedException {
        callsInPlace.add(call);
        try {
            return inTime(work.call(), call, onLateAnswer);
        } catch (InterruptedException | BrokerUnavailableException e) {
            throw e;
        } catch (Throwable e) {
            throw new BrokerUnavailableException("the broker cannot commit", e);
        } finally {
            callsInPlace.remove(call);
            places.release();
        }
    }

    private static <T> T inTime(T answer, Call call, Consumer<T> onLateAnswer) {
        if (!call.end()) {
            onLateAnswer.accept(answer);
            throw late(null);
        }
        return answer;
    }

    private static BrokerUnavailableException late(Throwable cause) {
        return new BrokerUnavailableException("no commit in time", cause);
    }

    private void lookForLate() {
        for (var call : callsInPlace) {
            try {
                if (call.leftNanos() < 0 && call.end()) {
                    noteLate(call);
                    call.callback.refuseCaller();
                }
            } catch (RuntimeException e) {
                // the others wait as well
                LOG.debug("a caller cannot be refused", e);
            }
        }
    }

    private <T> T elsewhere(Callable<T> work, Call call, Consumer<T> onLateAnswer) throws InterruptedException {
        call.callback.hold();
        Future<T> answer;
        try {
            answer = threads.submit(() -> {
                try {
                    return inTime(work.call(), call, onLateAnswer);
                } finally {
                    call.callback.letGo();
                    places.release();
                }
            });
        } catch (RejectedExecutionException e) {
            call.callback.letGo();
            places.release();
            throw new BrokerUnavailableException("the gateway stops", e);
        }
        try {
            return await(answer, call);
        } catch (InterruptedException e) {
            call.end();
            throw e;
        } catch (ExecutionException e) {
            throw new BrokerUnavailableException("the broker cannot commit", e.getCause());
        }
    }

    private <T> T await(Future<T> answer, Call call) throws InterruptedException, ExecutionException {
        try {
            return answer.get(call.leftNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (call.end()) {
                noteLate(call);
                throw late(e);
            }
            // it has come this very moment
            return answer.get();
        }
    }

    private void noteLate(Call call) {
        stalled = true;
        onLate.accept("no commit within " + call.patienceMillis + " ms");
    }

    /** Somebody has waited in vain, and nothing has come through since. */
    boolean isStalled() {
        return stalled;
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
