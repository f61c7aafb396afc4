package org.smscallbacks.delivery;

import java.time.Duration;
import java.util.List;

/**
 * The queues in which events wait for their next attempt: one for each step, for all targets. All that is in one waits about as
 * long, so it is nearly in the order in which it comes due: only the head need be looked at, and the rest can stay on disk.
 */
public final class RetryQueues {

    /** One of them. */
    record Step(String queue, Duration time) {}

    static final List<Step> STEPS = List.of(
            new Step("sms.retry.5s", Duration.ofSeconds(5)),
            new Step("sms.retry.30s", Duration.ofSeconds(30)),
            new Step("sms.retry.2m", Duration.ofMinutes(2)),
            new Step("sms.retry.10m", Duration.ofMinutes(10)),
            new Step("sms.retry.30m", Duration.ofMinutes(30)),
            new Step("sms.retry.2h", Duration.ofHours(2)),
            new Step("sms.retry.5h", Duration.ofHours(5)),
            new Step("sms.retry.10h", Duration.ofHours(10)),
            new Step("sms.retry.14h", Duration.ofHours(14)),
            new Step("sms.retry.20h", Duration.ofHours(20)),
            new Step("sms.retry.24h", Duration.ofHours(24)));

    /** The longest wait there can be. */
    public static final Duration LONGEST = STEPS.get(STEPS.size() - 1).time();

    private RetryQueues() {}

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
