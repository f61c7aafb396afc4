package org.smscallbacks.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.Account;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;

/**
 * One line and a few counts for each callback, once it is answered. Never a phone number, a text, a token, or a word the caller
 * chose: a name in the URL that is no account is counted and logged as <code>unknown</code>.
 */
public final class CallbackLog {

    private static final Logger LOG = LoggerFactory.getLogger("org.smscallbacks.callbacks");
    private static final String UNKNOWN = "unknown";

    private final MeterRegistry meters;

    /** The registry would look each of them up by all its tags, for every event. */
    private final Map<Answer, Counter> answers = new ConcurrentHashMap<>();

    private final Map<String, Timer> acknowledgements = new ConcurrentHashMap<>();
    private final Map<Kind, Counter> events = new ConcurrentHashMap<>();
    private final Map<String, Counter> unrecognised = new ConcurrentHashMap<>();
    private final Map<String, Counter> duplicates = new ConcurrentHashMap<>();

    private record Answer(String provider, String account, int status) {}

    private record Kind(String provider, String type, String status) {}

    public CallbackLog(MeterRegistry meters) {
        this.meters = meters;
    }

    /** A caller was let in; <code>started</code> is <code>System.nanoTime()</code> of its arrival. */
    void accepted(Exchange exchange, Callback callback, long started) {
        onAnswer(exchange, () -> {
            var status = status(exchange);
            long nanos = System.nanoTime() - started;
            var provider = callback.account().provider();
            var account = callback.account().name();
            long unrecognised = callback.events().stream()
                    .filter(CollectedEvent::isUnrecognised)
                    .count();
            LOG.info(
                    "callback {}/{} answered {}: items {}, stored {}, unrecognised {}, duplicates {}, {} ms",
                    provider,
                    account,
                    status,
                    callback.events().size(),
                    callback.stored(),
                    unrecognised,
                    callback.duplicates(),
                    TimeUnit.NANOSECONDS.toMillis(nanos));
            count(provider, account, status);
            acknowledgements.computeIfAbsent(provider, this::acknowledgement).record(nanos, TimeUnit.NANOSECONDS);
        });
    }

    /** A caller was not let in. */
    void refused(String provider, Account account, long started) {
        var name = account == null ? UNKNOWN : account.name();
        LOG.info(
                "callback {}/{} refused 401: unknown account, wrong credentials or an address that is not allowed, {} ms",
                provider,
                name,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
        count(provider, name, 401);
    }

    /** A callback was refused before any route saw it. */
    void refused(int status) {
        LOG.info("callback refused {} before it was read", status);
        count(UNKNOWN, UNKNOWN, status);
    }

    /** The events of a callback are on disk. */
    public void stored(Callback callback) {
        var provider = callback.account().provider();
        for (var event : callback.events()) {
            if (event.isUnrecognised()) {
                unrecognised.computeIfAbsent(provider, this::unrecognised).increment();
            } else {
                var status = event.data("status");
                events.computeIfAbsent(new Kind(provider, event.type(), status == null ? "" : status), this::events)
                        .increment();
            }
        }
        duplicates.computeIfAbsent(provider, this::duplicates).increment(callback.duplicates());
    }

    private void count(String provider, String account, int status) {
        answers.computeIfAbsent(new Answer(provider, account, status), this::answers)
                .increment();
    }

    private Counter answers(Answer answer) {
        return Counter.builder("sms.callbacks")
                .description("Callbacks answered")
                .tag("provider", answer.provider)
                .tag("account", answer.account)
                .tag("outcome", String.valueOf(answer.status))
                .register(meters);
    }

    private Timer acknowledgement(String provider) {
        return Timer.builder("sms.callback.acknowledge")
                .description("Time from a callback's arrival to its answer")
                .publishPercentileHistogram()
                .tag("provider", provider)
                .register(meters);
    }

    private Counter events(Kind kind) {
        return Counter.builder("sms.events")
                .description("Events stored, duplicates included")
                .tag("provider", kind.provider)
                .tag("type", kind.type)
                .tag("status", kind.status)
                .register(meters);
    }

    private Counter unrecognised(String provider) {
        return Counter.builder("sms.unrecognised")
                .description("Items and bodies kept because they were not recognised")
                .tag("provider", provider)
                .register(meters);
    }

    private Counter duplicates(String provider) {
        return Counter.builder("sms.duplicates")
                .description("Events the broker had already, accepted again")
                .tag("provider", provider)
                .register(meters);
    }

    private static int status(Exchange exchange) {
        var status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        return status != null ? status : exchange.getException() != null ? 500 : 200;
    }

    private static void onAnswer(Exchange exchange, Runnable action) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                action.run();
            }
        });
    }
}
