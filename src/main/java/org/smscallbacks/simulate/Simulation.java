package org.smscallbacks.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.gateway.AuthorisedCallbacks;

/** A provider that calls the gateway at a rate, and repeats what is not taken. */
public final class Simulation {

    /** So many callbacks are under way at most, as with a provider that has some connections. */
    private static final int CALLERS = 8;

    private static final long LOOKS_APART_MILLIS = 100;
    private static final int LONGEST_PAUSE = 8;

    /**
     * What is simulated.
     *
     * @param account empty for the provider's first
     * @param examples the folder with a folder of cases for each provider
     * @param address scheme, host and port of the gateway
     * @param rate callbacks in a second
     * @param patience how long an answer is waited for
     * @param pause before a repetition; twice as long before each further one
     * @param silence how long nobody may answer until it ends
     */
    public record Order(
            String provider,
            String account,
            Path examples,
            String address,
            int count,
            double rate,
            long seed,
            Duration patience,
            Duration pause,
            Duration silence) {}

    private final Order order;
    private final BooleanSupplier isStopped;
    private final String account;
    private final CallbackSender sender;
    private final Repeats repeats;
    private final List<PlannedCallback> callbacks;
    private final Tally tally = new Tally();
    private final Semaphore callers = new Semaphore(CALLERS);
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile boolean isDown;

    /**
     * @param isStopped whether it is to end early
     * @throws ConfigurationException when there is no such provider, account or example, or nobody can sign for it
     */
    public Simulation(Settings settings, Order order, BooleanSupplier isStopped) throws IOException {
        this.order = order;
        this.isStopped = isStopped;
        this.repeats = Repeats.of(order.provider());
        var authorised = new AuthorisedCallbacks(settings);
        this.sender = new CallbackSender(authorised, order.address(), order.patience());
        var folder = order.examples().resolve(order.provider());
        var all = Files.isDirectory(folder) ? Sample.in(folder) : List.<Sample>of();
        if (all.isEmpty()) {
            throw new ConfigurationException("there are no examples of " + order.provider() + " in " + order.examples()
                    + ": name their folder with --examples");
        }
        this.account = authorised.account(all.get(0).request("", order.provider(), order.account()));
        this.callbacks = new Plan(order.provider(), account, sendable(all), order.seed()).callbacks(order.count());
    }

    private List<Sample> sendable(List<Sample> samples) {
        var problems = samples.stream()
                .map(sample -> sender.problem(sample.request(sample.text(), order.provider(), account)))
                .toList();
        if (!problems.contains("")) {
            throw new ConfigurationException(
                    order.provider() + "/" + account + " cannot be simulated: " + problems.get(0));
        }
        return samples.stream()
                .filter(sample -> problems.get(samples.indexOf(sample)).isEmpty())
                .toList();
    }

    /** The account that is called for. */
    public String account() {
        return account;
    }

    /**
     * Sends them all, and waits until each is taken or given up.
     *
     * @param progress is told how many are
     */
    public Tally run(IntConsumer progress) throws InterruptedException {
        var pool = Executors.newFixedThreadPool(CALLERS);
        long started = System.nanoTime();
        try {
            for (int i = 0; i < callbacks.size() && !isOver(); i++) {
                waitUntil(started + (long) (TimeUnit.SECONDS.toNanos(1) / order.rate() * i));
                var callback = callbacks.get(i);
                if (isFreeCaller()) {
                    pool.execute(() -> call(callback));
                }
                progress.accept(tally.done());
            }
            pool.shutdown();
            while (!pool.awaitTermination(LOOKS_APART_MILLIS, TimeUnit.MILLISECONDS) && !isStopped.getAsBoolean()) {
                progress.accept(tally.done());
            }
        } finally {
            pool.shutdownNow();
        }
        progress.accept(tally.done());
        return tally;
    }

    /** Whether it has ended before all was sent, since nobody answers. */
    public boolean isGatewayDown() {
        return isDown;
    }

    private boolean isOver() {
        // a late answer does not change what was decided
        if (tally.isSilentFor(order.silence())) {
            isDown = true;
        }
        return isDown || isStopped.getAsBoolean();
    }

    private boolean isFreeCaller() throws InterruptedException {
        while (!callers.tryAcquire(LOOKS_APART_MILLIS, TimeUnit.MILLISECONDS)) {
            if (isOver()) {
                return false;
            }
        }
        return true;
    }

    private void call(PlannedCallback callback) {
        try {
            tally.sent(callback);
            callUntilTaken(callback);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            callers.release();
        }
    }

    private void callUntilTaken(PlannedCallback callback) throws InterruptedException {
        var answer = answered(callback);
        for (int repeated = 0; !repeats.isTaken(answer); repeated++) {
            if (isOver() || !repeats.follow(answer, repeated)) {
                tally.givenUp();
                return;
            }
            waitUntil(System.nanoTime() + order.pause().toNanos() * Math.min(1 << repeated, LONGEST_PAUSE));
            tally.repeated();
            answer = answered(callback);
        }
        tally.taken(callback);
    }

    private Answer answered(PlannedCallback callback) throws InterruptedException {
        var answer = sender.send(callback.request());
        tally.answered(answer);
        return answer;
    }

    /** Until then, or until it is over. */
    private void waitUntil(long nanoTime) throws InterruptedException {
        for (long left = nanoTime - System.nanoTime(); left > 0 && !isOver(); left = nanoTime - System.nanoTime()) {
            never.await(Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOKS_APART_MILLIS)), TimeUnit.NANOSECONDS);
        }
    }
}
