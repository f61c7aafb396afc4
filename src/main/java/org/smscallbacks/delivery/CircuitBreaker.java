package org.smscallbacks.delivery;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a target that fails from being called by all consumers at once. After a few failures in a row it is open: only one event at
 * a time gets through, as a probe, and after each further failure the next one waits longer; the others wait here with their event,
 * which stays the broker's until its transaction ends. One success closes it again.
 */
final class CircuitBreaker {

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

    private static final int MOST_FAILURES = 5;
    /** A target that fails now and then says so only now and then. */
    private static final Duration WARNINGS_APART = Duration.ofMinutes(1);

    private static final long FIRST_WAIT_MILLIS = 1_000;
    private static final long LONGEST_WAIT_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final int LONGEST_DOUBLING = 10;

    /** A consumer that is stopped while it waits here is noticed so soon. */
    private static final long LOOK_AROUND_MILLIS = 250;

    private final String target;
    private int failures;
    private long nextWarning = System.nanoTime();
    private boolean probing;
    private int urgentWaiting;
    private long nextProbe;

    CircuitBreaker(String target) {
        this.target = target;
    }

    /** Waits until the target may be called, the urgent ones first; null when <code>wanted</code> ends before that. */
    synchronized Permit acquire(boolean urgent, BooleanSupplier wanted) {
        urgentWaiting += urgent ? 1 : 0;
        try {
            while (isOpen() && (probing || System.nanoTime() - nextProbe < 0 || urgentWaiting > 0 && !urgent)) {
                if (!wanted.getAsBoolean()) {
                    return null;
                }
                wait(LOOK_AROUND_MILLIS);
            }
            probing = isOpen();
            return new Permit(probing);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            urgentWaiting -= urgent ? 1 : 0;
        }
    }

    /** Whether only one event at a time gets through. */
    synchronized boolean isOpen() {
        return failures >= MOST_FAILURES;
    }

    /** The right to call the target once; whoever has it says what came of it. */
    final class Permit {

        private final boolean probe;

        private Permit(boolean probe) {
            this.probe = probe;
        }

        /** The call was answered in a way that shows the target at work. */
        void succeeded() {
            synchronized (CircuitBreaker.this) {
                if (isOpen()) {
                    LOG.info("Target {} answers again", target);
                }
                failures = 0;
                end();
            }
        }

        /** The target is not at work; <code>how</code> that showed is for the log. */
        void failed(String how) {
            synchronized (CircuitBreaker.this) {
                failures++;
                warn(how);
                int doublings = Math.min(Math.max(0, failures - MOST_FAILURES), LONGEST_DOUBLING);
                long millis = Math.min(FIRST_WAIT_MILLIS << doublings, LONGEST_WAIT_MILLIS);
                nextProbe = System.nanoTime() + Duration.ofMillis(millis).toNanos();
                end();
            }
        }

        /** There was no call after all. */
        void unused() {
            synchronized (CircuitBreaker.this) {
                end();
            }
        }

        private void end() {
            if (probe) {
                probing = false;
            }
            CircuitBreaker.this.notifyAll();
        }

        private void warn(String how) {
            if (failures == MOST_FAILURES) {
                LOG.warn(
                        "Target {} failed {} times in a row ({}): one event at a time is tried from now on, the others"
                                + " wait in its queue",
                        target,
                        MOST_FAILURES,
                        how);
            } else if (failures == 1 && System.nanoTime() - nextWarning >= 0) {
                nextWarning = System.nanoTime() + WARNINGS_APART.toNanos();
                LOG.warn("Target {} fails ({}): the event is tried again later", target, how);
            }
        }
    }
}
