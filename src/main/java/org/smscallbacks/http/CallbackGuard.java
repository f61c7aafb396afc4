package org.smscallbacks.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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
    private static final String TOKEN_PARAMETER = "token=";
    private static final Pattern SECOND_QUESTION_MARK = Pattern.compile("((?:^|&)token=[^&?]*)\\?");
    private static final Set<String> GETS = Set.of("GET", "HEAD");
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final byte[] NO_BODY = {};

    /** Where the request keeps what was found out about its caller. */
    private static final Object ADMISSION = new Object();

    private final Map<String, Account> accounts = new HashMap<>();
    private final Set<String> providers;
    private final Set<String> signingProviders = new HashSet<>();
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
        for (var account : settings.accounts()) {
            accounts.put(account.provider() + "/" + account.name(), account);
            if (account.credentials().wantSignature()) {
                signingProviders.add(account.provider());
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
        var query = withoutToken(request.query());
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
        private final String provider;
        private final Account account;
        private final Credentials credentials;
        private final boolean mayCall;

        private Admission(String path, HttpServerRequest request) {
            this.request = request;
            this.provider = part(path, 2);
            this.account = accounts.get(provider + "/" + part(path, 3));
            // callers of unknown accounts are compared with credentials nobody has
            this.credentials = account == null ? nobodys : account.credentials();
            this.mayCall = credentials.matchShown(token(request), basic(request)) & isAllowedFrom(request, account);
        }

        private boolean isProven() {
            return mayCall
                    && (credentials.wantMoreThanSignature()
                            || !account.allowFrom().isEmpty());
        }

        private SignatureOutcome check(byte[] signed) {
            var url = url();
            if (LOG.isDebugEnabled() && signingProviders.contains(provider)) {
                LOG.debug("a signature of {} would be over the URL {}", provider, url.replaceFirst("\\?.*", "?…"));
            }
            var signedRequest = new SignedRequest(
                    request::getHeader,
                    url,
                    FormFields.parameters(request.query()),
                    () -> FormFields.parameters(new String(signed, StandardCharsets.UTF_8)),
                    signed);
            return credentials.checkSignature(signedRequest, Instant.now(), signingProviders.contains(provider));
        }

        /** As the provider calls it. */
        private String url() {
            var configured = account != null && !account.publicUrl().isEmpty() ? account.publicUrl() : publicUrl;
            var uri = ReceivedRequest.in(request).uriAsItCame();
            if (!configured.isEmpty()) {
                return configured + uri;
            }
            boolean isProxied = trustedProxies.contains(
                    AddressRanges.addressOf(request.remoteAddress().hostAddress()));
            var scheme = isProxied ? request.getHeader("X-Forwarded-Proto") : null;
            var host = isProxied ? request.getHeader("X-Forwarded-Host") : null;
            return (scheme == null ? "http" : scheme) + "://" + (host == null ? request.getHeader("Host") : host) + uri;
        }

        private void refuse(long started) {
            log.refused(provider, account, started);
        }
    }

    private static String part(String path, int number) {
        var parts = path.split("/", 4);
        return parts.length > number ? parts[number] : "";
    }

    private static String token(HttpServerRequest request) {
        for (var parameter : parameters(request.query())) {
            if (parameter.startsWith(TOKEN_PARAMETER)) {
                return FormFields.decoded(parameter.substring(TOKEN_PARAMETER.length()));
            }
        }
        return authorization(request, BEARER);
    }

    private static String basic(HttpServerRequest request) {
        try {
            return new String(Base64.getDecoder().decode(authorization(request, BASIC)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String authorization(HttpServerRequest request, String scheme) {
        var authorization = request.getHeader("Authorization");
        return authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length())
                ? authorization.substring(scheme.length()).strip()
                : "";
    }

    private boolean isAllowedFrom(HttpServerRequest request, Account account) {
        if (account == null || account.allowFrom().isEmpty()) {
            return account != null;
        }
        return account.allowFrom().contains(caller(request));
    }

    /** The address of the caller: the last one on the way that no trusted proxy vouches for. */
    private InetAddress caller(HttpServerRequest request) {
        var address = AddressRanges.addressOf(request.remoteAddress().hostAddress());
        var hops = String.join(",", request.headers().getAll("X-Forwarded-For")).split(",");
        for (int i = hops.length - 1; i >= 0 && trustedProxies.contains(address); i--) {
            if (!hops[i].isBlank()) {
                address = AddressRanges.addressOf(hops[i]);
            }
        }
        return address;
    }

    private static String withoutToken(String query) {
        return parameters(query).stream()
                .filter(parameter -> !parameter.startsWith(TOKEN_PARAMETER))
                .collect(Collectors.joining("&"));
    }

    /** Who appends "?status=1" to a URL that ends with its token means another parameter. */
    private static List<String> parameters(String query) {
        return query == null
                ? List.of()
                : Arrays.asList(
                        SECOND_QUESTION_MARK.matcher(query).replaceFirst("$1&").split("&"));
    }
}
