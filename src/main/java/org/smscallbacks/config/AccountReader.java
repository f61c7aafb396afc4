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
    private final HmacSignature hmac;
    private final AddressRanges allowFrom;
    private final String timeZone;
    private final int replyStatus;
    private final String replyBody;

    AccountReader(Section keys) {
        this.keys = keys;
        this.tokens = keys.get("token", "", AccountReader::secrets, SECRET);
        this.basic = keys.get("basic", "", AccountReader::login, SECRET);
        this.hmac = new HmacSignature(
                keys.get("hmac.secret", "", AccountReader::secret, SECRET),
                keys.get("hmac.header", "", Values::text),
                keys.get("hmac.algorithm", "", HmacSignature::algorithm),
                keys.get("hmac.encoding", "", HmacSignature::encoding));
        this.allowFrom = keys.get("allow-from", "", AddressRanges::parse);
        this.timeZone = keys.get("time-zone", "", AccountReader::timeZone);
        this.replyStatus = keys.get("reply-status", "200", Values.number(200, 299));
        this.replyBody = keys.get("reply-body", "", Values::text);
    }

    /** @throws ConfigurationException when there is no credential, or a signature is not complete */
    Account account(String provider) {
        var credentials = new Credentials(tokens, basic, signature());
        if (!credentials.any()) {
            var account = keys.prefix().substring(0, keys.prefix().length() - 1);
            throw new ConfigurationException(account + " has no credential: set " + account
                    + ".token, .basic or .hmac.secret, or remove the account");
        }
        return new Account(provider, keys.name(), credentials, allowFrom, timeZone, replyStatus, replyBody);
    }

    private HmacSignature signature() {
        if (keys.has("hmac.secret")) {
            if (!keys.has("hmac.header")) {
                throw keys.wrong("hmac.header", "is missing: name the header that carries the signature");
            }
            return hmac;
        }
        for (var name : List.of("hmac.header", "hmac.algorithm", "hmac.encoding")) {
            if (keys.has(name)) {
                throw keys.wrong(name, "stands alone: set " + keys.prefix() + "hmac.secret as well, or remove it");
            }
        }
        return null;
    }

    private static List<String> secrets(String text) {
        return Values.list(text).stream().map(AccountReader::secret).toList();
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
