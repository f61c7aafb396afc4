package org.smscallbacks.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.event.EventProperties;

/** When, and in which queue, an event waits for its next attempt. */
class RetryTest {

    private static final Instant NOW = Instant.parse("2026-03-29T10:15:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "null | PT0S",
                "'' | PT0S",
                "0 | PT0S",
                "120 | PT2M",
                "' 120 ' | PT2M",
                "000000120 | PT2M",
                "43200 | PT12H",
                "43201 | PT12H",
                "999999999 | PT12H",
                "1000000000 | PT12H",
                "99999999999999999999999999 | PT12H",
                "-5 | PT0S",
                "+5 | PT0S",
                "1.5 | PT0S",
                "1e3 | PT0S",
                "0x10 | PT0S",
                "banana | PT0S",
                "120 seconds | PT0S",
                "'120, 240' | PT0S",
                "\u0661\u0662 | PT0S",
                "Sun, 29 Mar 2026 11:15:00 GMT | PT1H",
                "Sun, 29 Mar 2026 10:15:00 GMT | PT0S",
                "Sun, 29 Mar 2026 10:14:00 GMT | PT0S",
                "Mon, 30 Mar 2026 10:15:00 GMT | PT12H",
                "Fri, 31 Dec 9999 23:59:59 GMT | PT12H",
                "Sun, 06 Nov 1994 08:49:37 GMT | PT0S",
                "Mon, 29 Mar 2026 11:15:00 GMT | PT0S",
                "Sun, 29 Mar 2026 25:15:00 GMT | PT0S",
                "2026-03-29T11:15:00Z | PT0S",
            })
    void readsWhatATargetAsksFor(String retryAfter, Duration wait) {
        assertEquals(wait, NextAttempt.retryAfter(retryAfter, NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, sms.retry.5s",
        "PT0.1S, sms.retry.5s",
        "PT6S, sms.retry.5s",
        "PT6.001S, sms.retry.30s",
        "PT36S, sms.retry.30s",
        "PT37S, sms.retry.2m",
        "PT10M, sms.retry.10m",
        "PT12M1S, sms.retry.30m",
        "PT1H, sms.retry.2h",
        "PT12H, sms.retry.10h",
        "PT12H1S, sms.retry.14h",
        "PT24H, sms.retry.20h",
        "PT28H48M, sms.retry.24h",
        "PT48H, sms.retry.24h",
    })
    void findsTheQueueWhereOthersWaitAsLong(Duration wait, String queue) {
        assertEquals(queue, RetryQueues.queueFor(wait));
    }

    @Test
    void keepsTheWaitsOfTheShippedScheduleInAQueueEach() {
        for (var step : RetryQueues.STEPS) {
            var schedule = new RetrySchedule(List.of(step.time()));
            for (int i = 0; i < 100; i++) {
                assertEquals(step.queue(), RetryQueues.queueFor(schedule.after(1)));
            }
        }
        assertEquals(11, new TreeSet<>(RetryQueues.names()).size());
        assertEquals(Duration.ofHours(24), RetryQueues.LONGEST);
    }

    @Test
    void waitsAFifthLongerAtMostAndEndsWithTheSchedule() {
        var schedule = new RetrySchedule(List.of(Duration.ofSeconds(10), Duration.ofHours(1)));
        var waits = new TreeSet<Duration>();
        for (int i = 0; i < 1_000; i++) {
            waits.add(schedule.after(1));
            var second = schedule.after(2);
            assertTrue(second.compareTo(Duration.ofHours(1)) >= 0);
            assertTrue(second.compareTo(Duration.ofMinutes(72)) <= 0);
        }
        assertTrue(waits.first().compareTo(Duration.ofSeconds(10)) >= 0);
        assertTrue(waits.last().compareTo(Duration.ofSeconds(12)) <= 0);
        assertTrue(waits.size() > 100, "not all the same");
        assertNull(schedule.after(3));
        assertNull(new RetrySchedule(List.of()).after(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 86_400, -86_400})
    void waitsByTheClockItIsGiven(long jump) {
        var now = NOW.plusSeconds(jump);
        var exchange = new DefaultExchange(new DefaultCamelContext());
        var wait = new RetrySchedule(List.of(Duration.ofSeconds(5)));
        var target = new Target("crm", "http://crm", List.of(), wait, wait, null, "");
        exchange.setVariable(
                Delivery.VARIABLE, new Delivery(target, "sms.target.crm", exchange.getMessage(), exchange::getMessage));
        exchange.setVariable("retryAfter", "Mon, 30 Mar 2026 10:16:00 GMT");
        new NextAttempt(Clock.fixed(now, ZoneOffset.UTC)).process(exchange);
        long millis = exchange.getMessage().getHeader(EventProperties.DUE_AT, Long.class) - now.toEpochMilli();
        assertEquals(jump > 0 ? 60_000 : Duration.ofHours(12).toMillis(), millis);
        assertEquals(jump > 0 ? "sms.retry.2m" : "sms.retry.10h", exchange.getVariable("retryQueue"));
    }
}
