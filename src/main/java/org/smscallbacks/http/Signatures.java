package org.smscallbacks.http;

import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.Credentials;
import org.smscallbacks.config.CustomarySchemes;
import org.smscallbacks.config.Settings;
import org.smscallbacks.config.SignatureOutcome;
import org.smscallbacks.config.SignedRequest;
import org.smscallbacks.mapping.FormFields;

/** Looks at the signatures of callbacks, in a time that does not tell which accounts there are, nor which of them signs. */
final class Signatures {

    private static final Logger LOG = LoggerFactory.getLogger(Signatures.class);

    /** In bytes. Whoever has a wrong URL in the configuration finds out with any callback, and a stranger must not make work. */
    private static final int LONGEST_TO_EXPLAIN = 64 << 10;

    private final Map<String, CustomarySchemes> customary = new HashMap<>();
    private final Map<String, Credentials> strangers = new HashMap<>();
    private final String publicUrl;
    private final CallbackLog log;

    Signatures(Settings settings, CallbackLog log) {
        this.publicUrl = settings.http().publicUrl();
        this.log = log;
        settings.accounts().stream()
                .collect(Collectors.groupingBy(Account::provider))
                .forEach((provider, accounts) -> customary.put(provider, new CustomarySchemes(accounts)));
        customary.forEach((provider, schemes) -> strangers.put(provider, schemes.nobodys()));
    }

    /**
     * What comes of looking at the signature; good where the account wants none.
     *
     * @param account null for a caller who is refused whatever he has signed: the same is done for him
     * @param signed the bytes as they came; of a GET its raw query
     */
    SignatureOutcome check(String provider, Account account, Caller caller, HttpServerRequest request, byte[] signed) {
        var schemes = customary.get(provider);
        if (schemes == null || schemes.isEmpty()) {
            return SignatureOutcome.GOOD;
        }
        var url = caller.url(account != null && !account.publicUrl().isEmpty() ? account.publicUrl() : publicUrl);
        if (LOG.isDebugEnabled()) {
            LOG.debug("a signature of {} would be over the URL {}", provider, Caller.withoutQuery(url));
        }
        var signedRequest = new SignedRequest(
                CallbackGuard.GETS.contains(request.method().name()),
                request::getHeader,
                url,
                FormFields.parameters(request.query()),
                new SignedContent(signed),
                signed);
        var credentials = account == null ? strangers.get(provider) : account.credentials();
        var outcome = credentials.checkSignature(signedRequest, Instant.now(), schemes);
        if (outcome == SignatureOutcome.BAD && schemes.coverUrl()) {
            outcome = ofOtherUrls(credentials, signedRequest, schemes, account, caller);
        }
        if (account != null) {
            log.signature(provider, account, outcome);
        }
        return outcome;
    }

    private SignatureOutcome ofOtherUrls(
            Credentials credentials, SignedRequest signed, CustomarySchemes schemes, Account account, Caller caller) {
        var sameUrl = signed.calledBy(Caller.byDefaultPort(signed.url()));
        if (credentials.checkSignature(sameUrl, Instant.now(), schemes) == SignatureOutcome.GOOD) {
            return SignatureOutcome.GOOD;
        }
        if (signed.body().length <= LONGEST_TO_EXPLAIN) {
            for (var other : caller.otherUrls()) {
                var outcome = credentials.checkSignature(signed.calledBy(other), Instant.now(), schemes);
                if (outcome == SignatureOutcome.GOOD) {
                    log.signedOtherUrl(account, Caller.withoutQuery(other), Caller.withoutQuery(signed.url()));
                    return SignatureOutcome.URL;
                }
            }
        }
        return SignatureOutcome.BAD;
    }
}
