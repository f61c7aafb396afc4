package org.smscallbacks.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What a caller must show. Whatever is configured must match: a token (any of them, so that one can be rotated), the basic
 * user and password, a signature. Every kind is always compared, against a random secret where none is configured, so the
 * time taken tells a caller nothing about the account.
 */
public final class Credentials {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final boolean tokenWanted;
    private final boolean basicWanted;
    private final boolean signatureWanted;
    private final String tokenShown;
    private final String basicShown;
    private final List<byte[]> tokens;
    private final byte[] basic;
    private final List<SignatureScheme> schemes;
    private final List<String> signingSecrets;
    private final List<String> nobodysSecrets = List.of(random());

    /**
     * Empty stands for "not configured".
     *
     * @param schemes how a request may be signed, any of them
     * @param signingSecrets those a signature is made with, any of them
     */
    Credentials(List<String> tokens, String basic, List<SignatureScheme> schemes, List<String> signingSecrets) {
        this.tokenWanted = !tokens.isEmpty();
        this.basicWanted = !basic.isEmpty();
        this.signatureWanted = !schemes.isEmpty();
        this.tokenShown = tokenWanted ? tokens.get(0) : "";
        this.basicShown = basic;
        this.tokens = (tokenWanted ? tokens : List.of(random()))
                .stream().map(Credentials::digest).toList();
        this.basic = digest(basicWanted ? basic : random());
        this.schemes = schemes;
        this.signingSecrets = signingSecrets;
    }

    /** For who has nothing to show. */
    public static Credentials none() {
        return new Credentials(List.of(), "", List.of(), List.of());
    }

    /** Credentials nobody has: what the callers of unknown accounts are compared with. */
    public static Credentials nobodys() {
        return nobodys(List.of());
    }

    /** The same, and they want a signature as well. */
    static Credentials nobodys(List<SignatureScheme> schemes) {
        return new Credentials(List.of(random()), "", schemes, List.of(random()));
    }

    /** Whether there is anything to show at all. */
    public boolean any() {
        return tokenWanted || basicWanted || signatureWanted;
    }

    public boolean wantSignature() {
        return signatureWanted;
    }

    public boolean wantMoreThanSignature() {
        return tokenWanted || basicWanted;
    }

    /** Whether token and user:password are right where they are wanted, told in a time that does not depend on how wrong they are. */
    public boolean matchShown(String token, String basic) {
        boolean tokenMatches = false;
        var shownToken = digest(token);
        for (var known : tokens) {
            tokenMatches |= MessageDigest.isEqual(known, shownToken);
        }
        boolean basicMatches = MessageDigest.isEqual(this.basic, digest(basic));
        return (tokenMatches | !tokenWanted) & (basicMatches | !basicWanted);
    }

    /** How a request may be signed, any of them. */
    List<SignatureScheme> schemes() {
        return schemes;
    }

    /**
     * What comes of looking at the signature; good where none is wanted.
     *
     * @param customary the schemes that accounts of this provider have: each is looked at, so that the time to the answer does not tell
     *     which accounts there are, nor which of them has which
     */
    public SignatureOutcome checkSignature(SignedRequest request, Instant now, CustomarySchemes customary) {
        var outcome = SignatureOutcome.MISSING;
        for (var scheme : customary.schemes()) {
            boolean isOurs = schemes.contains(scheme);
            var one = scheme.check(request, isOurs ? signingSecrets : nobodysSecrets, now);
            outcome = isOurs && one.compareTo(outcome) > 0 ? one : outcome;
        }
        return signatureWanted ? outcome : SignatureOutcome.GOOD;
    }

    /**
     * The request as the provider sends it: with the first token, the user and password, and the signature by the first of the secrets
     * and of the schemes that fits it, as far as these are wanted. What the request shows already stays as it is.
     *
     * @param request with the URL as the provider calls it
     */
    public AuthorisedRequest authorised(SignedRequest request, Instant now) {
        var draft = new RequestDraft(request);
        if (tokenWanted) {
            draft.add(RequestPlace.of("query.token"), tokenShown);
        }
        if (basicWanted) {
            var encoded = Base64.getEncoder().encodeToString(basicShown.getBytes(StandardCharsets.UTF_8));
            draft.add(RequestPlace.of("header.Authorization"), "Basic " + encoded);
        }
        if (!signatureWanted) {
            return draft.authorised("");
        }
        if (schemes.get(0).hasPublicKey()) {
            return draft.authorised("only the provider has the private key that this signature is made with");
        }
        return signed(draft, now);
    }

    private AuthorisedRequest signed(RequestDraft draft, Instant now) {
        AuthorisedRequest first = null;
        for (var scheme : schemes) {
            var signed = draft.copy();
            try {
                scheme.sign(signed, signingSecrets.get(0), now);
            } catch (UnreadableContentException e) {
                continue;
            }
            var outcome = scheme.check(signed.request(), signingSecrets, now);
            if (outcome == SignatureOutcome.GOOD) {
                return signed.authorised("");
            }
            first = first == null
                    ? signed.authorised(
                            "the signature is " + outcome.text()
                                    + ": something of it was in the request already and stays, or there is none of this kind of request")
                    : first;
        }
        return first == null ? draft.authorised("the signature is over fields, and the body has none") : first;
    }

    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String random() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
