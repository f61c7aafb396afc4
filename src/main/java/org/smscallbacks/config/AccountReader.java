package org.smscallbacks.config;

import static org.smscallbacks.config.Section.Trait.SECRET;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;

/** Reads an account from its section. */
final class AccountReader {

    private static final int SHORTEST_SECRET = 16;

    private final Section keys;
    private final List<String> tokens;
    private final String basic;
    private final List<String> signingSecrets;
    private final List<String> schemes;
    private final String hmacSecret;
    private final String hmacHeader;
    private final SignatureAlgorithm hmacAlgorithm;
    private final TextSignature.Encoding hmacEncoding;
    private final String publicUrl;
    private final AddressRanges allowFrom;
    private final String timeZone;
    private final int replyStatus;
    private final String replyBody;

    AccountReader(Section keys) {
        this.keys = keys;
        this.tokens = keys.get("token", "", AccountReader::secrets, SECRET);
        this.basic = keys.get("basic", "", AccountReader::login, SECRET);
        this.signingSecrets = keys.get("secret", "", AccountReader::secrets, SECRET);
        this.schemes = keys.get("scheme", "", Values::list);
        this.hmacSecret = keys.get("hmac.secret", "", AccountReader::secret, SECRET);
        this.hmacHeader = keys.get("hmac.header", "", Values::text);
        this.hmacAlgorithm = keys.get("hmac.algorithm", "", SignatureAlgorithm::of);
        this.hmacEncoding = keys.get("hmac.encoding", "", TextSignature.Encoding::of);
        this.publicUrl = keys.get("public-url", "", Values::baseUrl);
        this.allowFrom = keys.get("allow-from", "", AddressRanges::parse);
        this.timeZone = keys.get("time-zone", "", AccountReader::timeZone);
        this.replyStatus = keys.get("reply-status", "200", Values.number(200, 299));
        this.replyBody = keys.get("reply-body", "", Values::text);
    }

    /**
     * @param schemes the provider's
     * @throws ConfigurationException when there is no credential, or a signature is not complete
     */
    Account account(String provider, SignatureFile schemes) {
        var credentials = credentials(schemes);
        if (!credentials.any()) {
            var account = keys.prefix().substring(0, keys.prefix().length() - 1);
            throw new ConfigurationException(account + " has no credential: set " + account
                    + ".token, .basic, .secret or .hmac.secret, or remove the account");
        }
        return new Account(provider, keys.name(), credentials, allowFrom, timeZone, replyStatus, replyBody, publicUrl);
    }

    private Credentials credentials(SignatureFile schemes) {
        if (keys.has("secret")) {
            for (var name : List.of("hmac.secret", "hmac.header", "hmac.algorithm", "hmac.encoding")) {
                if (keys.has(name)) {
                    throw keys.wrong(name, "stands beside " + keys.prefix() + "secret: keep one of them");
                }
            }
            var named = named(schemes);
            named.forEach(scheme -> signingSecrets.forEach(secret -> refuseUnusable(scheme, secret)));
            return new Credentials(tokens, basic, named, signingSecrets);
        }
        if (keys.has("scheme")) {
            throw keys.wrong("scheme", "stands alone: set " + keys.prefix() + "secret as well, or remove it");
        }
        if (keys.has("hmac.secret")) {
            if (!keys.has("hmac.header")) {
                throw keys.wrong("hmac.header", "is missing: name the header that carries the signature");
            }
            return new Credentials(
                    tokens,
                    basic,
                    List.of(TextSignature.overTheBody(hmacAlgorithm, hmacHeader, hmacEncoding)),
                    List.of(hmacSecret));
        }
        for (var name : List.of("hmac.header", "hmac.algorithm", "hmac.encoding")) {
            if (keys.has(name)) {
                throw keys.wrong(name, "stands alone: set " + keys.prefix() + "hmac.secret as well, or remove it");
            }
        }
        return new Credentials(tokens, basic, List.of(), List.of());
    }

    private List<SignatureScheme> named(SignatureFile file) {
        var known = file.names();
        var names = keys.has("scheme") || known.size() != 1 ? schemes : List.copyOf(known);
        if (names.isEmpty() || !known.containsAll(names)) {
            throw keys.wrong(
                    "scheme",
                    known.isEmpty()
                            ? "cannot be used: the provider's folder has no signatures.properties"
                            : "is none of the provider's signature schemes: write one or several of "
                                    + String.join(", ", known));
        }
        var schemes = names.stream().map(file::scheme).toList();
        if (schemes.stream().map(SignatureScheme::hasPublicKey).distinct().count() > 1) {
            throw keys.wrong(
                    "scheme",
                    "names schemes with a public key and with a shared secret: with the key, which everybody may know, anybody could sign"
                            + " as the other; give each an account of its own");
        }
        return schemes;
    }

    private void refuseUnusable(SignatureScheme named, String secret) {
        try {
            named.refuseUnusable(secret);
        } catch (IllegalArgumentException e) {
            throw keys.wrong("secret", e.getMessage());
        }
    }

    private static List<String> secrets(String text) {
        var secrets = Values.list(text).stream().map(AccountReader::secret).toList();
        if (secrets.isEmpty() && !text.isEmpty()) {
            throw new IllegalArgumentException("has nothing between its commas");
        }
        return secrets;
    }

    private static String secret(String text) {
        return text.isEmpty() ? text : longEnough(text);
    }

    private static String longEnough(String secret) {
        if (secret.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "is shorter than " + SHORTEST_SECRET + " bytes: make one with openssl rand -hex 24");
        }
        return secret;
    }

    private static String login(String text) {
        int colon = Values.login(text).indexOf(':');
        return colon < 0 ? text : text.substring(0, colon + 1) + longEnough(text.substring(colon + 1));
    }

    private static String timeZone(String text) {
        try {
            return text.isEmpty() ? "" : ZoneId.of(text).getId();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("is no time zone: write a name such as Europe/Prague");
        }
    }
}
