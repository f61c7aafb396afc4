package org.smscallbacks.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.AddressRanges;
import org.smscallbacks.config.Credentials;
import org.smscallbacks.config.CustomarySchemes;
import org.smscallbacks.config.Settings;
import org.smscallbacks.config.SignatureOutcome;
import org.smscallbacks.config.SignedRequest;
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

    private static final Logger LOG = LoggerFactory.getLogger(CallbackGuard.class);
    private static final Set<String> GETS = Set.of("GET", "HEAD");
    private static final byte[] NO_BODY = {};

    /** In bytes. Whoever has a wrong URL in the configuration finds out with any callback, and a stranger must not make work. */
    private static final int LONGEST_TO_EXPLAIN = 64 << 10;

    /** Where the request keeps what was found out about its caller. */
    private static final Object ADMISSION = new Object();

    private final Map<String, Account> accounts = new HashMap<>();
    private final Set<String> providers;
    private final Map<String, CustomarySchemes> signing = new HashMap<>();
    private final Set<String> onlySigningProviders = new HashSet<>();
    private final AddressRanges trustedProxies;
    private final String publicUrl;
    private final CallbackLog log;
    private final Credentials nobodys = Credentials.nobodys();

    public CallbackGuard(Settings settings, CallbackLog log) {
        this.providers = settings.providers();
        this.trustedProxies = settings.http().trustedProxies();
        this.publicUrl = settings.http().publicUrl();
        this.log = log;
        settings.accounts().stream()
                .collect(Collectors.groupingBy(Account::provider))
                .forEach((provider, those) -> signing.put(provider, new CustomarySchemes(those)));
        for (var account : settings.accounts()) {
            accounts.put(account.provider() + "/" + account.name(), account);
            if (account.credentials().wantSignature()) {
                if (!account.credentials().wantMoreThanSignature()) {
                    onlySigningProviders.add(account.provider());
                }
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
            admission.refuse(started);
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
        // a GET says what it has to say in its query
        boolean isGet = GETS.contains(method);
        var read = ReceivedRequest.in(request);
        var asItCame = read.packedBody() == null ? body : read.packedBody();
        var signed = isGet && request.query() != null ? request.query().getBytes(StandardCharsets.UTF_8) : asItCame;
        var signature = admission.check(signed);
        if (!(admission.mayCall & signature == SignatureOutcome.GOOD)) {
            admission.refuse(started);
            log.signature(admission.provider, admission.account, signature);
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
        log.accepted(exchange, callback, started);
    }

    /** What was found out about a caller from the request alone. */
    private final class Admission {

        private final HttpServerRequest request;
        private final Caller caller;
        private final String provider;
        private final Account account;
        private final Credentials credentials;
        private final boolean mayCall;

        private Admission(String path, HttpServerRequest request) {
            this.request = request;
            this.caller = new Caller(request, trustedProxies);
            this.provider = part(path, 2);
            this.account = accounts.get(provider + "/" + part(path, 3));
            // callers of unknown accounts are compared with credentials nobody has
            this.credentials = account == null ? nobodys : account.credentials();
            this.mayCall = credentials.matchShown(caller.token(), caller.basic()) & isAllowedFrom();
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

        /** Looked at for all accounts of a provider of which one signs, so that the time to the answer tells nothing. */
        private SignatureOutcome check(byte[] signed) {
            var customary = signing.get(provider);
            if (customary == null || customary.isEmpty()) {
                return SignatureOutcome.GOOD;
            }
            var url = caller.url(account != null && !account.publicUrl().isEmpty() ? account.publicUrl() : publicUrl);
            if (LOG.isDebugEnabled()) {
                LOG.debug("a signature of {} would be over the URL {}", provider, Caller.withoutQuery(url));
            }
            var content = new SignedContent(signed);
            var outcome = check(content, url, customary);
            if (outcome != SignatureOutcome.BAD || !customary.coverUrl()) {
                return outcome;
            }
            if (check(content, Caller.byDefaultPort(url), customary) == SignatureOutcome.GOOD) {
                return SignatureOutcome.GOOD;
            }
            if (signed.length > LONGEST_TO_EXPLAIN) {
                return outcome;
            }
            for (var other : caller.otherUrls()) {
                if (check(content, other, customary) == SignatureOutcome.GOOD) {
                    log.signedOtherUrl(account, Caller.withoutQuery(other), Caller.withoutQuery(url));
                    return SignatureOutcome.URL;
                }
            }
            return outcome;
        }

        private SignatureOutcome check(SignedContent content, String url, CustomarySchemes customary) {
            return credentials.checkSignature(
                    new SignedRequest(
                            GETS.contains(request.method().name()),
                            request::getHeader,
                            url,
                            FormFields.parameters(request.query()),
                            content,
                            content.bytes()),
                    Instant.now(),
                    customary);
        }

        private void refuse(long started) {
            log.refused(provider, account, started);
        }
    }

    private static String part(String path, int number) {
        var parts = path.split("/", 4);
        return parts.length > number ? parts[number] : "";
    }
}
