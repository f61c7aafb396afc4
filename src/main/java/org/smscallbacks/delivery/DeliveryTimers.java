package org.smscallbacks.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;

/** The attempts to deliver, counted and timed by target and outcome. */
final class DeliveryTimers {

    /** What is usual: counted from the start, so that the first failure is a rise and not a beginning. */
    private static final List<String> USUAL = List.of(
            "unreachable",
            "timeout",
            "tls",
            "broken",
            "failed",
            "400",
            "401",
            "403",
            "404",
            "429",
            "500",
            "502",
            "503",
            "504");

    private DeliveryTimers() {}

    /** The one of this target and outcome. */
    static Timer of(MeterRegistry meters, Target target, String status) {
        return Timer.builder("sms.target.delivery")
                .description("Attempts to deliver an event, and the time they took")
                .tag("target", target.name())
                .tag("status", status)
                .register(meters);
    }

    /** From now on those of this target that are usual are there, with nothing counted. */
    static void begin(MeterRegistry meters, Target target) {
        of(meters, target, target.receiver() == null ? Delivery.DELIVERED : "200");
        USUAL.stream()
                .filter(status -> target.receiver() != null || !Character.isDigit(status.charAt(0)))
                .forEach(status -> of(meters, target, status));
    }
}
