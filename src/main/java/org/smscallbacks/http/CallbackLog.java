package org.smscallbacks.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.SignatureOutcome;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.trail.Trail;

/**
 * One line and a few counts for each callback, once it is answered. Never a phone number, a text, a token, or a word the caller
 * chose: a name in the URL that is no account is counted and logged as <code>unknown</code>.
 */
public final class CallbackLog {

    private static final Logger LOG = LoggerFactory.getLogger("org.smscallbacks.callbacks");

    /** The account of whoever is none, and the provider of a callback that was not read. */
    static final String UNKNOWN = "unknown";

    private static final int UNAVAILABLE = 503;

    private final CallbackMeters meters;
    private final Trail trail;
    private final SeldomLog refusals = new SeldomLog(LOG);

    /** @param trail is told of each event as well */
    public CallbackLog(MeterRegistry meters, Trail trail) {
        this.meters = new CallbackMeters(meters);
        this.trail = trail;
    }

    /** From now on the meters of these are there, with nothing counted. */
    public void begin(List<Account> accounts, Set<String> providers) {
        meters.begin(accounts, providers);
    }

    /**
     * A caller was let in; <code>started</code> is <code>System.nanoTime()</code> of its arrival.
     *
     * @return is told of the status by whoever answers before the route is at its end
     */
    IntConsumer accepted(Exchange exchange, Callback callback, long started) {
        var isAnswered = new AtomicBoolean();
        IntConsumer onAnswer = status -> {
            if (!isAnswered.compareAndSet(false, true)) {
                return;
            }
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
            meters.answered(callback.account(), status, nanos);
        };
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                onAnswer.accept(status(done));
            }
        });
        return onAnswer;
    }

    /** A caller was not let in; <code>reason</code> has no word of his. */
    void refused(String provider, Account account, String reason, long started) {
        var name = account == null ? UNKNOWN : account.name();
        refusals.info(
                "callback " + provider + "/" + name + " refused 401: " + reason,
                ", " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started) + " ms");
        meters.answered(provider, name, 401);
        trail.refused(provider, name, 401);
    }

    /** A signature was wanted, and this is what came of it; counted, so that a clock that is wrong can be told from a wrong secret. */
    void signature(String provider, Account account, SignatureOutcome outcome) {
        if (account != null && outcome != SignatureOutcome.GOOD) {
            meters.signature(provider, outcome);
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
        meters.answered(UNKNOWN, UNKNOWN, status);
        trail.refused(UNKNOWN, UNKNOWN, status);
    }

    /** A caller has gone before all of his callback had arrived. */
    void hungUp() {
        refusals.info("callback not taken: the caller hung up before all of it had arrived", "");
    }

    /** The events of a callback are on disk. */
    public void stored(Callback callback) {
        meters.stored(callback);
    }

    /** The events of a callback are on disk after all; its caller was refused, and is expected to come again. */
    public void storedLate(Callback callback) {
        meters.stored(callback);
        if (!callback.isReplay()) {
            trail.answered(callback, UNAVAILABLE);
        }
    }

    private static int status(Exchange exchange) {
        var status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE);
        if (status instanceof Integer number) {
            return number;
        }
        // a route can set whatever it likes
        return status != null || exchange.getException() != null ? 500 : 200;
    }
}
