package org.smscallbacks.operator;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.event.EventProperties;

/** What became of unrecognised events that were replayed: a gateway recognises them, or puts them back with the time it tried. */
public final class ReplayOutcome {

    private static final String TRIED = EventProperties.REPLAYED_AT;
    private static final long LOOK_MILLIS = 500;

    private final QueueControl control;
    private final EventQueue unrecognised;
    private final String replay;
    private final long triedBefore;

    /** Notes, before a replay from the one queue to the other, what was tried so far. */
    public ReplayOutcome(ConnectionFactory connections, String unrecognised, String replay) throws JMSException {
        this.replay = replay;
        this.control = new QueueControl(connections);
        this.unrecognised = new EventQueue(connections, unrecognised);
        var latest = new AtomicLong();
        this.unrecognised.browse(TRIED + " IS NOT NULL", event -> {
            latest.accumulateAndGet(Long.parseLong(event.property(TRIED)), Math::max);
            return true;
        });
        this.triedBefore = latest.get();
    }

    /** Whether no gateway is there to take them. */
    public boolean isNobodyThere() throws JMSException {
        return control.queue(replay).consumers() == 0;
    }

    /**
     * Waits until a gateway has tried all of them.
     *
     * @param progress is told how many still wait
     * @return how many still wait when the time is over or it was stopped; 0 mostly
     */
    public long await(Duration longest, LongConsumer progress, BooleanSupplier stopped)
            throws JMSException, InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (true) {
            long waiting = control.messages(replay);
            progress.accept(waiting);
            if (waiting == 0 || stopped.getAsBoolean() || System.nanoTime() >= end) {
                return waiting;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** How many have been put back since. */
    public int backAgain() throws JMSException {
        var count = new AtomicInteger();
        unrecognised.browse(TRIED + " > " + triedBefore, event -> {
            count.incrementAndGet();
            return true;
        });
        return count.get();
    }
}
