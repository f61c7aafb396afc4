package org.smscallbacks.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long an event waits after each failed attempt.
 *
 * @param waits the wait after the first attempt, the second, and so on; after the last one nothing is tried any more
 */
public record RetrySchedule(List<Duration> waits) {

    /** Some of those that failed together come back together no more. */
    private static final double JITTER = 0.2;

    /** The wait after so many attempts, with up to 20 % more at random; null when the schedule is over. */
    Duration after(int attempts) {
        if (attempts > waits.size()) {
            return null;
        }
        long millis = waits.get(attempts - 1).toMillis();
        return Duration.ofMillis(
                millis + (long) (millis * JITTER * ThreadLocalRandom.current().nextDouble()));
    }

    /** The longest that a wait of this step can become by chance. */
    static Duration longest(Duration step) {
        return Duration.ofMillis((long) (step.toMillis() * (1 + JITTER)));
    }
}
