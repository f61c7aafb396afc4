package org.smscallbacks.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.AddressRanges;
import org.smscallbacks.config.Credentials;
import org.smscallbacks.config.Settings;
import org.smscallbacks.config.SignatureOutcome;
import org.smscallbacks.event.Callback;
import org.smscallbacks.mapping.FormFields;

/**
 * Lets a callback in only with the credentials of its account, from an address the account allows. The path is
 * <code>/callbacks/&lt;provider&gt;/&lt;account&gt;</code>. What the routes need goes into variables (which no caller can set):
 * <code>callback</code>, <code>provider</code>, <code>account</code>, <code>method</code>, <code>query</code> (raw, without the
 * token), <code>replyStatus</code> and <code>replyBody</code>. Throws {@link NotAuthorisedException} for everybody else.
 *
 * <p>It asks the request itself: among Camel's headers there are query parameters as well.
 */
public final class CallbackGuard implements Processor {

    /** They say what they have to say in their query. */
    static final Set<String> GETS = Set.of("GET", "HEAD");

    private static final byte[] NO_BODY = {};

    private static final Map<SignatureOutcome, String> WRONG_SIGNATURE = Map.of(
            SignatureOutcome.MISSING, "it is not signed",
            SignatureOutcome.BAD, "wrong signature",
            SignatureOutcome.URL, "its signature is right for another URL",
            SignatureOutcome.STALE, "its signature is of another time");

    /** Where the request keeps what was found out about its caller. */
    private static final Object ADMISSION = new Object();

    private final Map<String, Account> accounts = new HashMap<>();
    private final Set<String> providers;
    private final Set<String> onlySigningProviders = new HashSet<>();
    private final AddressRanges trustedProxies;
    private final Signatures signatures;
    private final CallbackLog log;
    private final Credentials nobodys = Credentials.nobodys();

    public CallbackGuard(Settings settings, CallbackLog log) {
        this.providers = settings.providers();
        this.trustedProxies = settings.http().trustedProxies();
        this.signatures = new Signatures(settings, log);
        this.log = log;
        for (var account : settings.accounts()) {
            accounts.put(account.provider() + "/" + account.name(), account);
            if (!account.credentials().wantMoreThanSignature()) {
                onlySigningProviders.add(account.provider());
            }
        }
    }

    /**
     * Whether this caller may go on to send a body, asked before it is read; everybody may where an account has nothing but a signature
     * over the body, since the time to the answer would tell it from others. What was found out is kept with the request, for
     * {@link #process}.
     */
    boolean admits(String path, HttpServerRequest request) {
        long started = System.nanoTime();
        var admission = new Admission(path, request);
        ((HttpServerRequestInternal) request).context().putLocal(ADMISSION, admission);
        boolean isRefused = !admission.mayCall
                && providers.contains(admission.provider)
                && !onlySigningProviders.contains(admission.provider);
        if (isRefused) {
            admission.refuse(SignatureOutcome.GOOD, started);
        }
        return !isRefused;
    }

    /** The account this caller has proven to be without a word of his body, or null. */
    Account proven(HttpServerRequest request) {
        Admission admission = ((HttpServerRequestInternal) request).context().getLocal(ADMISSION);
        return admission.isProven() ? admission.account : null;
    }

    @Override
    public void process(Exchange exchange) {
        if (Callback.of(exchange) != null) {
            // a replay: what a caller says becomes headers and a body, never a variable; those only Java here sets
            return;
        }
        long started = System.nanoTime();
        var message = exchange.getMessage(HttpMessage.class);
        var request = message.getRequest();
        Admission admission = ((HttpServerRequestInternal) request).context().getLocal(ADMISSION);
        var method = request.method().name();
        var received = message.getBody(byte[].class);
        var body = received == null ? NO_BODY : received;
        boolean isGet = GETS.contains(method);
        var read = ReceivedRequest.in(request);
        var asItCame = read.packedBody() == null ? body : read.packedBody();
        var signed = isGet && request.query() != null ? request.query().getBytes(StandardCharsets.UTF_8) : asItCame;
        var signature = admission.check(signed);
        if (!(admission.mayCall & signature == SignatureOutcome.GOOD)) {
            admission.refuse(signature, started);
            throw new NotAuthorisedException();
        }
        // a HEAD only asks whether the URL works, whatever its query says
        var query = method.equals("HEAD") ? "" : admission.caller.queryWithoutToken();
        var said = isGet ? query.getBytes(StandardCharsets.UTF_8) : body;
        var memory = read.booking();
        var callback = new Callback(admission.account, Instant.now(), said, memory);
        callback.charset(read.charset());
        callback.query(FormFields.read(query));
        callback.enter(exchange, method, query);
        message.setBody(body);
        // the caller may hang up before
        memory.hold();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                memory.letGo();
            }
        });
        read.accepted(log.accepted(exchange, callback, started));
    }

    /** What was found out about a caller from the request alone. */
    private final class Admission {

        private final HttpServerRequest request;
        private final Caller caller;
        private final String provider;
        private final Account account;
        private final Credentials credentials;
        private final boolean isShown;
        private final boolean mayCall;

        private Admission(String path, HttpServerRequest request) {
            this.request = request;
            this.caller = new Caller(request, trustedProxies);
            this.provider = part(path, 2);
            this.account = accounts.get(provider + "/" + part(path, 3));
            // callers of unknown accounts are compared with credentials nobody has
            this.credentials = account == null ? nobodys : account.credentials();
            this.isShown = credentials.matchShown(caller.token(), caller.basic());
            this.mayCall = isShown & isAllowedFrom();
        }

        private boolean isAllowedFrom() {
            return account != null
                    && (account.allowFrom().isEmpty() || account.allowFrom().contains(caller.address()));
        }

        private boolean isProven() {
            return mayCall
                    && (credentials.wantMoreThanSignature()
                            || !account.allowFrom().isEmpty());
        }

        private SignatureOutcome check(byte[] signed) {
            return signatures.check(provider, mayCall ? account : null, caller, request, signed);
        }

        /** @param signature what came of looking at it */
        private void refuse(SignatureOutcome signature, long started) {
            log.refused(provider, account, reason(signature), started);
        }

        /** For the log alone: the caller is told the same whatever it is. */
        private String reason(SignatureOutcome signature) {
            if (account == null) {
                return "there is no such account";
            }
            if (!isShown) {
                return "wrong credentials";
            }
            return mayCall
                    ? WRONG_SIGNATURE.get(signature)
                    : "its credentials are right, and allow-from does not have its address";
        }
    }

    private static String part(String path, int number) {
        var parts = path.split("/", 4);
        return parts.length > number ? parts[number] : "";
    }
}
