package org.smscallbacks.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Whether what was edited last is in use. While it is not, the gateway runs on what nobody sees in the files any more. */
final class LastEdit {

    /** Why it is refused, or null. */
    private volatile String refusal;

    /** A gauge of it: 1 while it is refused. */
    void measure(MeterRegistry meters) {
        Gauge.builder("sms.edit.refused", () -> refusal == null ? 0 : 1)
                .description("1 while what was edited last is refused: the next start would fail")
                .register(meters);
    }

    /** It is in use. */
    void used() {
        refusal = null;
    }

    /** It is not in use; says why, with the file. */
    void refused(String reason) {
        refusal = reason;
    }

    /** The same in words. */
    String inWords() {
        var reason = refusal;
        return reason == null
                ? "what is in the files is in use"
                : "the last edit is refused, the next start would fail: " + reason;
    }
}
