package org.smscallbacks.delivery;

import java.time.Duration;
import java.util.List;
import org.smscallbacks.event.QueueNames;

/**
 * The queues in which events wait for their next attempt: one for each step, for all targets. All that is in one waits about as
 * long, so it is nearly in the order in which it comes due: only the head need be looked at, and the rest can stay on disk.
 */
public final class RetryQueues {

    /** Gateways whose clocks differ by so little are nothing to speak of. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(10);

    /** One of them. */
    record Step(String queue, Duration time) {

        /** Whether an event that has come into this queue by now can be due only then. */
        boolean explains(Duration wait) {
            return wait.compareTo(RetrySchedule.longest(time).plus(CLOCKS_DIFFER)) <= 0;
        }
    }

    static final List<Step> STEPS = List.of(
            step("5s", Duration.ofSeconds(5)),
            step("30s", Duration.ofSeconds(30)),
            step("2m", Duration.ofMinutes(2)),
            step("10m", Duration.ofMinutes(10)),
            step("30m", Duration.ofMinutes(30)),
            step("2h", Duration.ofHours(2)),
            step("5h", Duration.ofHours(5)),
            step("10h", Duration.ofHours(10)),
            step("14h", Duration.ofHours(14)),
            step("20h", Duration.ofHours(20)),
            step("24h", Duration.ofHours(24)));

    /** The longest wait there can be. */
    public static final Duration LONGEST = STEPS.get(STEPS.size() - 1).time();

    private RetryQueues() {}

    private static Step step(String name, Duration time) {
        return new Step(QueueNames.RETRY + name, time);
    }

    /** Their names. */
    public static List<String> names() {
        return STEPS.stream().map(Step::queue).toList();
    }

    /** Where an event waits so long: with others that wait as long or longer, so that none of them has to wait for it. */
    static String queueFor(Duration wait) {
        for (var step : STEPS) {
            if (wait.compareTo(RetrySchedule.longest(step.time())) <= 0) {
                return step.queue();
            }
        }
        return STEPS.get(STEPS.size() - 1).queue();
    }
}
