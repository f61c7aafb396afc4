package org.smscallbacks.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;

/** Lines that callers can cause as often as they like: the first few of each kind in a minute, then their number. */
final class SeldomLog {

    private static final int FIRST = 10;
    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final Map<String, Period> periods = new ConcurrentHashMap<>();

    SeldomLog(Logger log) {
        this.log = log;
    }

    /**
     * @param kind of which there are not many, and none that a caller chooses
     * @param detail is said beside it
     */
    void info(String kind, String detail) {
        say(kind, detail, log::info);
    }

    /** The same as a warning. */
    void warn(String kind, String detail) {
        say(kind, detail, log::warn);
    }

    private void say(String kind, String detail, Consumer<String> log) {
        var period = periods.computeIfAbsent(kind, any -> new Period());
        int unsaid = 0;
        synchronized (period) {
            long now = System.nanoTime();
            if (now - period.began > PERIOD_NANOS) {
                unsaid = period.count - FIRST;
                period.began = now;
                period.count = 0;
            }
            period.count++;
            if (period.count > FIRST) {
                return;
            }
        }
        if (unsaid > 0) {
            log.accept(kind + ": " + unsaid + " more before");
        }
        log.accept(kind + detail);
    }

    private static final class Period {

        private long began = System.nanoTime();
        private int count;
    }
}
