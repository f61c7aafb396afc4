package org.smscallbacks.delivery;

import static org.smscallbacks.config.Section.Trait.SECRET;

import com.standardwebhooks.Webhook;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Section;
import org.smscallbacks.config.Sections;
import org.smscallbacks.config.Values;

/** Reads how a target is called that has a URL of HTTP. */
final class ReceiverReader {

    private static final String AUTHORIZATION = "Authorization";
    private static final Set<String> OWN_HEADERS = Set.of(
            "content-type",
            "content-length",
            "host",
            "transfer-encoding",
            "connection",
            "user-agent",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature");

    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

    /** The Standard Webhooks specification asks for 24 to 64 bytes. */
    private static final int SHORTEST_SECRET = 24;

    private static final int LONGEST_SECRET = 64;
    private static final String SECRET_PREFIX = "whsec_";
    private static final String HOW_TO_MAKE_ONE = "make one with: echo whsec_$(openssl rand -base64 32)";

    private final Section keys;
    private final Supplier<String> login;
    private final Supplier<List<Webhook>> signers;
    private final Supplier<Duration> timeout;
    private final Supplier<String> bearer;
    private final Supplier<String> trustStore;
    private final Supplier<String> trustStorePassword;

    /** @param login <code>user:password</code>, or nothing */
    ReceiverReader(Section keys, Supplier<String> login) {
        this.keys = keys;
        this.login = login;
        this.signers = keys.later("secret", "", ReceiverReader::signers, SECRET);
        this.timeout = keys.later("timeout", "15s", ReceiverReader::timeout);
        this.bearer = keys.later("bearer", "", ReceiverReader::headerValue, SECRET);
        this.trustStore = keys.later("trust-store", "", Values::text);
        this.trustStorePassword = keys.later("trust-store-password", "", Values::text, SECRET);
    }

    /** @throws ConfigurationException when it cannot be called like that */
    Receiver receiver(String url) {
        var address = address(url);
        if (signers.get().isEmpty()) {
            throw keys.wrong("secret", "is missing: every call is signed with it; " + HOW_TO_MAKE_ONE);
        }
        return new Receiver(address, signers.get(), headers(), timeout.get(), tls());
    }

    private URI address(String url) {
        try {
            var address = new URI(url);
            if (address.getHost() == null || address.getRawFragment() != null) {
                throw keys.wrong("url", "is no complete URL: write https://host/path, without a #fragment");
            }
            if (address.getRawUserInfo() != null) {
                throw keys.wrong("url", "has credentials in it: use " + keys.prefix() + "basic");
            }
            return address;
        } catch (URISyntaxException e) {
            // its message quotes the URL, which may hold a token
            throw keys.wrong("url", "is no URL: " + e.getReason() + " at character " + (e.getIndex() + 1));
        }
    }

    private Map<String, String> headers() {
        var basic = login.get();
        var token = bearer.get();
        if (!basic.isEmpty() && basic.indexOf(':') < 1) {
            throw keys.wrong("basic", "is not user:password");
        }
        var headers = new LinkedHashMap<String, String>();
        for (var key : keys.namesFrom(Sections.HEADER)) {
            var name = key.substring(Sections.HEADER.length());
            if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw keys.wrong(key, "is a header the gateway sets itself: remove it");
            }
            if (name.equalsIgnoreCase(AUTHORIZATION) && !(basic + token).isEmpty()) {
                throw keys.wrong(
                        key, "cannot stand beside " + keys.prefix() + "basic or bearer: a call has one Authorization");
            }
            headers.put(name, keys.get(key, "", ReceiverReader::headerValue, SECRET));
        }
        if (!basic.isEmpty() && !token.isEmpty()) {
            throw keys.wrong("bearer", "cannot stand beside " + keys.prefix() + "basic: a call has one Authorization");
        }
        if (!basic.isEmpty()) {
            var login = Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8));
            headers.put(AUTHORIZATION, "Basic " + login);
        }
        if (!token.isEmpty()) {
            headers.put(AUTHORIZATION, "Bearer " + token);
        }
        return headers;
    }

    private SSLContext tls() {
        if (trustStore.get().isEmpty()) {
            return null;
        }
        var file = Path.of(trustStore.get());
        if (!Files.isReadable(file)) {
            throw keys.wrong("trust-store", "names no file that can be read: " + file.toAbsolutePath());
        }
        try {
            return SSLContexts.custom()
                    .loadTrustMaterial(file, trustStorePassword.get().toCharArray())
                    .build();
        } catch (IOException | GeneralSecurityException e) {
            throw keys.wrong(
                    "trust-store",
                    "cannot be read as a key store (JKS or PKCS12) with " + keys.prefix() + "trust-store-password: "
                            + e.getMessage());
        }
    }

    private static Duration timeout(String text) {
        var timeout = Values.timeIn(text);
        if (timeout == null || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("is not a time up to 5m: write 15s, 500ms or 1m");
        }
        return timeout;
    }

    private static List<Webhook> signers(String text) {
        return Values.list(text).stream().map(ReceiverReader::signer).toList();
    }

    private static Webhook signer(String text) {
        try {
            var secret = Base64.getDecoder()
                    .decode(text.startsWith(SECRET_PREFIX) ? text.substring(SECRET_PREFIX.length()) : text);
            if (secret.length >= SHORTEST_SECRET && secret.length <= LONGEST_SECRET) {
                return new Webhook(secret);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "is not the base64 of " + SHORTEST_SECRET + " to " + LONGEST_SECRET + " bytes: " + HOW_TO_MAKE_ONE);
    }

    private static String headerValue(String text) {
        if (text.chars().anyMatch(character -> character < ' ' || character > '~')) {
            throw new IllegalArgumentException("has characters that no HTTP header may hold");
        }
        return text;
    }
}
