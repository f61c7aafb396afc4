package org.smscallbacks.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.SignatureOutcome;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventType;
import org.smscallbacks.event.Status;
import org.smscallbacks.trail.Trail;

/**
 * One line and a few counts for each callback, once it is answered. Never a phone number, a text, a token, or a word the caller
 * chose: a name in the URL that is no account is counted and logged as <code>unknown</code>.
 */
public final class CallbackLog {

    private static final Logger LOG = LoggerFactory.getLogger("org.smscallbacks.callbacks");
    private static final String UNKNOWN = "unknown";
    private static final List<Integer> USUAL_REFUSALS = List.of(400, 401, 500, 503);

    private final MeterRegistry meters;
    private final Trail trail;
    private final SeldomLog refusals = new SeldomLog(LOG);

    /** The registry would look each of them up by all its tags, for every event. */
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

    private final Map<String, Timer> acknowledgements = new ConcurrentHashMap<>();

    private record Key(String name, List<String> tags) {}

    /** @param trail is told of each event as well */
    public CallbackLog(MeterRegistry meters, Trail trail) {
        this.meters = meters;
        this.trail = trail;
    }

    /** From now on the counters of these are there, with nothing counted: the first of something is a rise, and not a beginning. */
    public void begin(List<Account> accounts, Set<String> providers) {
        for (var account : accounts) {
            outcome(account.provider(), account.name(), account.replyStatus());
            USUAL_REFUSALS.forEach(status -> outcome(account.provider(), account.name(), status));
        }
        for (var provider : providers) {
            outcome(provider, UNKNOWN, 401);
            unrecognised(provider);
            duplicates(provider);
            acknowledgements.computeIfAbsent(provider, this::acknowledgement);
            for (var status : Status.values()) {
                events(provider, EventType.DELIVERY_REPORT.text(), status.text());
            }
            events(provider, EventType.INBOUND_MESSAGE.text(), "");
            events(provider, EventType.LINK_CLICK.text(), "");
        }
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
                    "callback {}/{} answered {}: items {}, stored {}, unrecognised {}, duplicates {}, {} ms, id {}",
                    provider,
                    account,
                    status,
                    callback.events().size(),
                    callback.stored(),
                    unrecognised,
                    callback.duplicates(),
                    TimeUnit.NANOSECONDS.toMillis(nanos),
                    callback.id());
            trail.answered(callback, status);
            count(provider, account, status);
            acknowledgements.computeIfAbsent(provider, this::acknowledgement).record(nanos, TimeUnit.NANOSECONDS);
        });
    }

    /** A caller was not let in. */
    void refused(String provider, Account account, long started) {
        var name = account == null ? UNKNOWN : account.name();
        refusals.info(
                "callback " + provider + "/" + name
                        + " refused 401: unknown account, wrong credentials or an address that is not allowed",
                ", " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started) + " ms");
        count(provider, name, 401);
        trail.refused(provider, name, 401);
    }

    /** A signature was wanted, and this is what came of it; counted, so that a clock that is wrong can be told from a wrong secret. */
    void signature(String provider, Account account, SignatureOutcome outcome) {
        if (account != null && outcome != SignatureOutcome.GOOD) {
            counter(
                            "sms.signature.failures",
                            "Callbacks of configured accounts whose signature was missing, bad, stale or over another URL",
                            "provider",
                            provider,
                            "reason",
                            outcome.text())
                    .increment();
        }
    }

    /** A signature was right, but for another URL than the one it was compared with; neither holds a secret. */
    void signedOtherUrl(Account account, String signedUrl, String url) {
        refusals.info(
                "the signature of a callback to " + account.provider() + "/" + account.name() + " is not over its URL",
                ": it is over " + signedUrl + ", and was compared with " + url + "; set sms.account."
                        + account.provider() + "." + account.name() + ".public-url, or sms.http.public-url");
    }

    /** A callback was refused before any route saw it. */
    void refused(int status) {
        refusals.info("callback refused " + status + " before it was read", "");
        count(UNKNOWN, UNKNOWN, status);
        trail.refused(UNKNOWN, UNKNOWN, status);
    }

    /** A caller has gone before all of his callback had arrived. */
    void hungUp() {
        refusals.info("callback not taken: the caller hung up before all of it had arrived", "");
    }

    /** The events of a callback are on disk. */
    public void stored(Callback callback) {
        var provider = callback.account().provider();
        for (var event : callback.events()) {
            if (event.isUnrecognised()) {
                unrecognised(provider).increment();
            } else {
                var status = event.data("status");
                events(provider, event.type(), status == null ? "" : status).increment();
            }
        }
        duplicates(provider).increment(callback.duplicates());
    }

    private void count(String provider, String account, int status) {
        outcome(provider, account, status).increment();
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
        return Timer.builder("sms.callback.acknowledge")
                .description("Time from a callback's arrival to its answer")
                .publishPercentileHistogram()
                .tag("provider", provider)
                .register(meters);
    }

    private static int status(Exchange exchange) {
        var status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE);
        if (status instanceof Integer number) {
            return number;
        }
        // a route can set whatever it likes
        return status != null || exchange.getException() != null ? 500 : 200;
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
