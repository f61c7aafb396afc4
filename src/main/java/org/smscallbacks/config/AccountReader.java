package org.smscallbacks.config;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads and checks the keys of one account. */
final class AccountReader {

    private static final int SHORTEST_SECRET = 16;

    private final Settings settings;
    private final String prefix;
    private final Map<String, String> keys;

    /** The keys of one account, without their prefix <code>sms.account.&lt;provider&gt;.&lt;account&gt;</code>. */
    AccountReader(Settings settings, String prefix, Map<String, String> keys) {
        this.settings = settings;
        this.prefix = prefix;
        this.keys = keys;
    }

    Account account(String provider, String name) {
        var credentials = new Credentials(tokens(), basic(), hmac());
        if (!credentials.any()) {
            throw settings.wrong(
                    prefix,
                    "has no credential: set " + prefix + ".token, .basic or .hmac.secret, or remove the account");
        }
        return new Account(
                provider,
                name,
                credentials,
                settings.ranges(prefix + ".allow-from"),
                timeZone(),
                keys.containsKey("reply-status") ? settings.number(prefix + ".reply-status", 200, 299) : 200,
                get("reply-body"));
    }

    /** The key that holds the demo secret, or null. */
    String demoKey() {
        return keys.entrySet().stream()
                .filter(entry -> entry.getValue().contains(Settings.DEMO_SECRET))
                .map(entry -> key(entry.getKey()))
                .findFirst()
                .orElse(null);
    }

    private List<String> tokens() {
        var tokens = new ArrayList<String>();
        for (var part : get("token").split(",")) {
            var token = part.strip();
            if (!token.isEmpty()) {
                tokens.add(longEnough("token", token));
            }
        }
        return tokens;
    }

    private String basic() {
        var basic = get("basic");
        if (!basic.isEmpty()) {
            int colon = basic.indexOf(':');
            if (colon < 1) {
                throw settings.wrong(key("basic"), "is not user:password");
            }
            longEnough("basic", basic.substring(colon + 1));
        }
        return basic;
    }

    private HmacSignature hmac() {
        var secret = get("hmac.secret");
        if (secret.isEmpty()) {
            for (var part : List.of("hmac.header", "hmac.algorithm", "hmac.encoding")) {
                if (keys.containsKey(part)) {
                    throw settings.wrong(
                            key(part), "stands alone: set " + key("hmac.secret") + " as well, or remove it");
                }
            }
            return null;
        }
        longEnough("hmac.secret", secret);
        var header = get("hmac.header");
        if (header.isEmpty()) {
            throw settings.wrong(key("hmac.header"), "is missing: name the header that carries the signature");
        }
        var algorithm = HmacSignature.algorithm(get("hmac.algorithm"));
        if (algorithm == null) {
            throw settings.wrong(key("hmac.algorithm"), "is not one of " + String.join(", ", HmacSignature.ALGORITHMS));
        }
        var encoding = HmacSignature.encoding(get("hmac.encoding"));
        if (encoding == null) {
            throw settings.wrong(key("hmac.encoding"), "is neither hex nor base64");
        }
        return new HmacSignature(secret, header, algorithm, encoding);
    }

    private String timeZone() {
        var zone = get("time-zone");
        try {
            return zone.isEmpty() ? "" : ZoneId.of(zone).getId();
        } catch (DateTimeException e) {
            throw settings.wrong(key("time-zone"), "is no time zone: write a name such as Europe/Prague");
        }
    }

    private String longEnough(String part, String secret) {
        if (secret.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET) {
            throw settings.wrong(
                    key(part), "is shorter than " + SHORTEST_SECRET + " bytes: make one with openssl rand -hex 24");
        }
        return secret;
    }

    private String get(String part) {
        return keys.getOrDefault(part, "");
    }

    private String key(String part) {
        return prefix + "." + part;
    }
}
