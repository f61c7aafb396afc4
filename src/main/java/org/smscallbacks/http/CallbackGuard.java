package org.smscallbacks.http;

import io.vertx.core.net.SocketAddress;
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
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.smscallbacks.Account;
import org.smscallbacks.AddressRanges;
import org.smscallbacks.event.Callback;

/**
 * Lets a callback in only with the credentials of its account, from an address the account allows. The path is
 * <code>/callbacks/&lt;provider&gt;/{account}</code>. What the routes need goes into variables (which no caller can set):
 * <code>callback</code>, <code>provider</code>, <code>account</code>, <code>method</code>, <code>query</code> (raw, without the
 * token), <code>replyStatus</code> and <code>replyBody</code>. Throws {@link NotAuthorisedException} for everybody else.
 */
public final class CallbackGuard implements Processor {

    private static final String TOKEN_PARAMETER = "token=";
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final byte[] NO_BODY = {};

    private final Map<String, Account> accounts;
    private final Set<String> signingProviders;
    private final AddressRanges trustedProxies;
    private final CallbackLog log;
    private final Credentials nobodys = Credentials.nobodys();

    public CallbackGuard(Iterable<Account> accounts, AddressRanges trustedProxies, CallbackLog log) {
        this.accounts = new HashMap<>();
        this.signingProviders = new HashSet<>();
        for (var account : accounts) {
            this.accounts.put(account.provider() + "/" + account.name(), account);
            if (account.credentials().wantSignature()) {
                signingProviders.add(account.provider());
            }
        }
        this.trustedProxies = trustedProxies;
        this.log = log;
    }

    @Override
    public void process(Exchange exchange) {
        long started = System.nanoTime();
        var message = exchange.getMessage();
        var provider = providerIn(message.getHeader(Exchange.HTTP_PATH, String.class));
        var account = accounts.get(provider + "/" + message.getHeader("account", String.class));
        var received = message.getBody(byte[].class);
        var body = received == null ? NO_BODY : received;
        boolean mayCall = holdsCredentials(message, provider, account, body) & isAllowedFrom(message, account);
        if (!mayCall) {
            log.refused(exchange, provider, account, started);
            throw new NotAuthorisedException();
        }
        var method = message.getHeader(Exchange.HTTP_METHOD, String.class);
        var query = withoutToken(message.getHeader(Exchange.HTTP_RAW_QUERY, String.class));
        // a GET says what it has to say in its query
        var said = "GET".equals(method) ? query.getBytes(StandardCharsets.UTF_8) : body;
        var callback = new Callback(account, Instant.now(), said);
        exchange.setVariable(Callback.VARIABLE, callback);
        exchange.setVariable("provider", account.provider());
        exchange.setVariable("account", account.name());
        exchange.setVariable("method", method);
        exchange.setVariable("query", query);
        exchange.setVariable("replyStatus", account.replyStatus());
        exchange.setVariable("replyBody", account.replyBody());
        message.setBody(body);
        log.accepted(exchange, callback, started);
    }

    private static String providerIn(String path) {
        var parts = path.split("/", 4);
        return parts.length > 2 ? parts[2] : "";
    }

    private boolean holdsCredentials(Message message, String provider, Account account, byte[] body) {
        var credentials = account == null ? nobodys : account.credentials();
        var authorization = header(message, "Authorization");
        return credentials.match(
                        token(message, authorization),
                        basic(authorization),
                        message.getHeader(credentials.signatureHeader(), String.class),
                        body,
                        signingProviders.contains(provider))
                & account != null;
    }

    private static String token(Message message, String authorization) {
        for (var parameter : parameters(message.getHeader(Exchange.HTTP_RAW_QUERY, String.class))) {
            if (parameter.startsWith(TOKEN_PARAMETER)) {
                return decoded(parameter.substring(TOKEN_PARAMETER.length()));
            }
        }
        return after(BEARER, authorization);
    }

    private static String decoded(String parameter) {
        try {
            return java.net.URLDecoder.decode(parameter, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return parameter;
        }
    }

    private static String basic(String authorization) {
        try {
            return new String(Base64.getDecoder().decode(after(BASIC, authorization)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String after(String scheme, String authorization) {
        return authorization.regionMatches(true, 0, scheme, 0, scheme.length())
                ? authorization.substring(scheme.length()).strip()
                : "";
    }

    private boolean isAllowedFrom(Message message, Account account) {
        if (account == null || account.allowFrom().isEmpty()) {
            return account != null;
        }
        return account.allowFrom().contains(caller(message));
    }

    /** The address of the caller: the last one on the way that no trusted proxy vouches for. */
    private InetAddress caller(Message message) {
        var remote = message.getHeader(VertxPlatformHttpConstants.REMOTE_ADDRESS, SocketAddress.class);
        var address = AddressRanges.addressOf(remote.hostAddress());
        var hops = Arrays.asList(header(message, "X-Forwarded-For").split(","));
        for (int i = hops.size() - 1; i >= 0 && trustedProxies.contains(address); i--) {
            if (!hops.get(i).isBlank()) {
                address = AddressRanges.addressOf(hops.get(i));
            }
        }
        return address;
    }

    /** A header as text; several of one name as one list, in their order. */
    private static String header(Message message, String name) {
        var value = message.getHeader(name);
        return value instanceof List<?> several
                ? several.stream().map(String::valueOf).collect(Collectors.joining(","))
                : value == null ? "" : value.toString();
    }

    private static String withoutToken(String query) {
        return parameters(query).stream()
                .filter(parameter -> !parameter.startsWith(TOKEN_PARAMETER))
                .collect(Collectors.joining("&"));
    }

    private static List<String> parameters(String query) {
        return query == null ? List.of() : Arrays.asList(query.split("&"));
    }
}
