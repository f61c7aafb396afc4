package org.smscallbacks.trail;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.event.Callback;

/**
 * Notes what happens to each event, beside its way: whoever notes something neither waits nor fails. What cannot be written in time, or
 * not at all, is counted (<code>sms.trail.lost</code>).
 */
public final class Trail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Trail.class);

    private static final int MOST_WAITING = 1 << 14;
    private static final int MOST_AT_ONCE = 1_000;
    private static final long FLUSH_MILLIS = 200;
    private static final long SUM_UP_MILLIS = 10_000;
    private static final long TRY_AGAIN_MILLIS = 2_000;
    private static final long LONGEST_END_MILLIS = 5_000;

    private final BlockingQueue<TrailLine> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Map<List<String>, AtomicLong> refused = new ConcurrentHashMap<>();
    private final TrailFile file;
    private final Counter lost;
    private final Thread writer = new Thread(this::write, "trail");
    private final CountDownLatch closing = new CountDownLatch(1);
    private boolean isBroken;
    private long brokenAt;
    private long summedUpAt = System.nanoTime();

    private Trail(TrailFile file, MeterRegistry meters) {
        this.file = file;
        this.lost = Counter.builder("sms.trail.lost")
                .description("Lines of the trail that could not be written")
                .register(meters);
        if (file != null) {
            writer.setDaemon(true);
            writer.setContextClassLoader(Trail.class.getClassLoader());
            writer.start();
        }
    }

    /** Notes in this file; null for nowhere. */
    public static Trail in(TrailFile file, MeterRegistry meters) {
        return new Trail(file, meters);
    }

    /** A callback was answered. */
    public void answered(Callback callback, int answer) {
        if (file == null) {
            return;
        }
        boolean isStored = callback.isStored();
        var now = Instant.now().toString();
        var answered = String.valueOf(answer);
        for (var event : callback.events()) {
            Step step;
            if (!isStored) {
                step = Step.REFUSED;
            } else if (callback.isKnown(event)) {
                step = Step.DUPLICATE;
            } else {
                step = event.isUnrecognised() ? Step.UNRECOGNISED : Step.RECEIVED;
            }
            note(TrailLine.ofEvent(now, step, callback.id(), event, answered));
        }
    }

    /** A callback was not let in, or not taken; there may be very many, and one line stands for those of some seconds. */
    public void refused(String provider, String account, int answer) {
        if (file != null) {
            refused.computeIfAbsent(List.of(provider, account, String.valueOf(answer)), key -> new AtomicLong())
                    .incrementAndGet();
        }
    }

    /** Whether anything is noted: else nobody need make a line. */
    public boolean isOn() {
        return file != null;
    }

    /** Notes a step. */
    public void note(TrailLine line) {
        if (file != null && (closing.getCount() == 0 || !waiting.offer(line))) {
            lost.increment();
        }
    }

    private void write() {
        var lines = new ArrayList<TrailLine>();
        while (closing.getCount() > 0 || !waiting.isEmpty()) {
            waiting.drainTo(lines, MOST_AT_ONCE);
            sumUp(lines);
            write(lines);
            if (lines.size() < MOST_AT_ONCE) {
                rest();
            }
            lines.clear();
        }
        sumUp(lines);
        write(lines);
        file.close();
    }

    /** Not for the next line: to be woken for each would cost more than to write it. */
    private void rest() {
        try {
            closing.await(FLUSH_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }

    private void sumUp(List<TrailLine> lines) {
        if (closing.getCount() > 0 && System.nanoTime() - summedUpAt < TimeUnit.MILLISECONDS.toNanos(SUM_UP_MILLIS)) {
            return;
        }
        summedUpAt = System.nanoTime();
        refused.forEach((of, times) -> {
            long since = times.getAndSet(0);
            if (since > 0) {
                lines.add(TrailLine.ofRefused(of.get(0), of.get(1), Integer.parseInt(of.get(2)), since));
            }
        });
    }

    private void write(List<TrailLine> lines) {
        if (isBroken && System.nanoTime() - brokenAt < TimeUnit.MILLISECONDS.toNanos(TRY_AGAIN_MILLIS)) {
            lost.increment(lines.size());
            return;
        }
        try {
            file.write(lines);
            if (isBroken && !lines.isEmpty()) {
                isBroken = false;
                LOG.info("The trail is written again; {} lines are missing in it", (long) lost.count());
            }
        } catch (IOException | RuntimeException e) {
            lost.increment(lines.size());
            brokenAt = System.nanoTime();
            if (!isBroken) {
                isBroken = true;
                LOG.warn(
                        "The trail in {} cannot be written ({}): what happens to events is not noted until it can; the events"
                                + " themselves are not touched by that",
                        file.folder(),
                        e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
    }

    /** What was noted before is in the file when this returns, unless the disk hangs. */
    @Override
    public void close() {
        closing.countDown();
        try {
            writer.join(LONGEST_END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
