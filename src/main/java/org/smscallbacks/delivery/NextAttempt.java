package org.smscallbacks.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.Priority;

/**
 * Says when and where an event waits for its next attempt: the header <code>dueAt</code> (epoch milliseconds) and the variable
 * <code>retryQueue</code>, which stays unset when the target's schedule is over. What the target asks for with
 * <code>Retry-After</code> (seconds, or an HTTP date) makes the wait longer, never shorter, and not by more than 12 hours.
 */
public final class NextAttempt implements Processor {

    private static final Duration MOST_ASKED_FOR = Duration.ofHours(12);

    private final Clock clock;

    public NextAttempt(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        var delivery = Delivery.of(exchange);
        var message = exchange.getMessage();
        var target = delivery.target();
        boolean interim = Boolean.FALSE.equals(message.getHeader(EventProperties.FINAL, Boolean.class));
        var schedule = interim ? target.retryInterim() : target.retry();
        var wait = schedule.after(delivery.attempts());
        if (wait == null) {
            exchange.removeVariable("retryQueue");
            return;
        }
        var now = clock.instant();
        var askedFor = retryAfter(exchange.getVariable("retryAfter", String.class), now);
        if (askedFor.compareTo(wait) > 0) {
            wait = askedFor;
        }
        message.setHeader("JMSPriority", Priority.WAITING);
        message.setHeader(EventProperties.DUE_AT, now.plus(wait).toEpochMilli());
        exchange.setVariable("retryQueue", RetryQueues.queueFor(wait));
    }

    /** The wait a <code>Retry-After</code> asks for, at most 12 hours; zero when it is absent or makes no sense. */
    static Duration retryAfter(String value, Instant now) {
        var asked = value == null ? Duration.ZERO : asked(value.strip(), now);
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(MOST_ASKED_FOR) > 0 ? MOST_ASKED_FOR : asked;
    }

    private static Duration asked(String value, Instant now) {
        if (value.matches("\\d+")) {
            return value.length() > 9 ? MOST_ASKED_FOR : Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            return Duration.between(
                    now,
                    DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.US).parse(value, Instant::from));
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }
}
