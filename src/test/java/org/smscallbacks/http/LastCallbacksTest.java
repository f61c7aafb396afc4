package org.smscallbacks.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.smscallbacks.config.Account;

class LastCallbacksTest {

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
    private final LastCallbacks last = new LastCallbacks(meters, nanos::get);

    @Test
    void countFromTheStartUntilSomebodyCalls() {
        last.keep(List.of(account("main"), account("other")));
        pass(Duration.ofHours(7));
        assertEquals(25_200, seconds("main"));
        last.called(account("main"));
        pass(Duration.ofMillis(1_500));
        assertEquals(1.5, seconds("main"));
        assertEquals(25_201.5, seconds("other"));
    }

    @Test
    void goOnOverAnEditAndForgetWhatIsConfiguredNoMore() {
        last.keep(List.of(account("main"), account("other")));
        pass(Duration.ofMinutes(1));
        last.keep(List.of(account("main"), account("fresh")));
        assertEquals(60, seconds("main"));
        assertEquals(0, seconds("fresh"));
        assertNull(meters.find("sms.last.callback").tag("account", "other").gauge());
        // its last callback ends after the edit
        last.called(account("other"));
        assertNull(meters.find("sms.last.callback").tag("account", "other").gauge());
        last.keep(List.of(account("other")));
        assertEquals(0, seconds("other"));
    }

    private static Account account(String name) {
        return new Account("infobip", name, null, null, "", 200, "", "");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private double seconds(String account) {
        return meters.get("sms.last.callback").tag("account", account).gauge().value();
    }
}
