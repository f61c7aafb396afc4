package org.smscallbacks.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.SignatureOutcome;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventType;
import org.smscallbacks.event.Status;
import org.smscallbacks.event.Times;

/** What is counted and timed of callbacks and of their events. */
final class CallbackMeters {

    private static final List<Integer> USUAL_REFUSALS = List.of(400, 401, 500, 503);

    /** From what a subscriber does not notice to the longest that providers keep trying. */
    private static final Duration[] LATENCIES = {
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(6),
        Duration.ofDays(1),
        Duration.ofDays(3)
    };

    private final MeterRegistry meters;
    private final LastCallbacks last;

    /** The registry would look each of them up by all its tags, for every event. */
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

    private final Map<String, Timer> acknowledgements = new ConcurrentHashMap<>();
    private final Map<String, Timer> latencies = new ConcurrentHashMap<>();

    private record Key(String name, List<String> tags) {}

    CallbackMeters(MeterRegistry meters) {
        this.meters = meters;
        this.last = new LastCallbacks(meters, System::nanoTime);
    }

    /** From now on those of these are there, with nothing counted: the first of something is a rise, and not a beginning. */
    void begin(List<Account> accounts, Set<String> providers) {
        last.keep(accounts);
        for (var account : accounts) {
            outcome(account.provider(), account.name(), account.replyStatus());
            USUAL_REFUSALS.forEach(status -> outcome(account.provider(), account.name(), status));
        }
        for (var provider : providers) {
            outcome(provider, CallbackLog.UNKNOWN, 401);
            unrecognised(provider);
            duplicates(provider);
            acknowledgement(provider);
            latency(provider);
            for (var status : Status.values()) {
                events(provider, EventType.DELIVERY_REPORT.text(), status.text());
            }
            events(provider, EventType.INBOUND_MESSAGE.text(), "");
            events(provider, EventType.LINK_CLICK.text(), "");
        }
    }

    /** A caller that was let in is answered, so long after it arrived. */
    void answered(Account account, int status, long nanos) {
        answered(account.provider(), account.name(), status);
        acknowledgement(account.provider()).record(nanos, TimeUnit.NANOSECONDS);
        last.called(account);
    }

    /** A callback is answered. */
    void answered(String provider, String account, int status) {
        outcome(provider, account, status).increment();
    }

    /** Counted by what came of it, so that a clock that is wrong can be told from a wrong secret. */
    void signature(String provider, SignatureOutcome outcome) {
        counter(
                        "sms.signature.failures",
                        "Callbacks of configured accounts whose signature was missing, bad, stale or over another URL",
                        "provider",
                        provider,
                        "reason",
                        outcome.text())
                .increment();
    }

    /** The events of a callback are on disk. */
    void stored(Callback callback) {
        var provider = callback.account().provider();
        for (var event : callback.events()) {
            if (event.isUnrecognised()) {
                unrecognised(provider).increment();
            } else {
                var status = event.data("status");
                events(provider, event.type(), status == null ? "" : status).increment();
                if (Status.DELIVERED.text().equals(status) && !callback.isKnown(event)) {
                    delivered(provider, event);
                }
            }
        }
        duplicates(provider).increment(callback.duplicates());
    }

    /** A provider need not say both times, and its clocks need not agree. */
    private void delivered(String provider, CollectedEvent event) {
        var sent = Times.millis(event.data("sentAt"));
        var done = Times.millis(event.data("doneAt"));
        if (sent.isPresent() && done.isPresent() && done.getAsLong() >= sent.getAsLong()) {
            latency(provider).record(done.getAsLong() - sent.getAsLong(), TimeUnit.MILLISECONDS);
        }
    }

    private Counter outcome(String provider, String account, int status) {
        var outcome = String.valueOf(status);
        return counter(
                "sms.callbacks", "Callbacks answered", "provider", provider, "account", account, "outcome", outcome);
    }

    private Counter events(String provider, String type, String status) {
        return counter(
                "sms.events",
                "Events stored, duplicates included",
                "provider",
                provider,
                "type",
                type,
                "status",
                status);
    }

    private Counter unrecognised(String provider) {
        return counter(
                "sms.unrecognised", "Items and bodies kept because they were not recognised", "provider", provider);
    }

    private Counter duplicates(String provider) {
        return counter("sms.duplicates", "Events the broker had already, accepted again", "provider", provider);
    }

    /** @param tags names and values in turn */
    private Counter counter(String name, String description, String... tags) {
        return counters.computeIfAbsent(
                new Key(name, List.of(tags)),
                key -> Counter.builder(name).description(description).tags(tags).register(meters));
    }

    private Timer acknowledgement(String provider) {
        return acknowledgements.computeIfAbsent(provider, name -> Timer.builder("sms.callback.acknowledge")
                .description("Time from a callback's arrival to its answer")
                .publishPercentileHistogram()
                .tag("provider", name)
                .register(meters));
    }

    private Timer latency(String provider) {
        return latencies.computeIfAbsent(provider, name -> Timer.builder("sms.delivery.latency")
                .description("Time a message took to the handset, as the provider's delivery reports tell it")
                .serviceLevelObjectives(LATENCIES)
                .tag("provider", name)
                .register(meters));
    }
}
