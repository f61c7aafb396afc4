package org.smscallbacks.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
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
    private final boolean hmacWanted;
    private final List<byte[]> tokens;
    private final byte[] basic;
    private final HmacSignature hmac;

    /** Empty, or null for the signature, stands for "not configured". */
    public Credentials(List<String> tokens, String basic, HmacSignature hmac) {
        this.tokenWanted = !tokens.isEmpty();
        this.basicWanted = !basic.isEmpty();
        this.hmacWanted = hmac != null;
        this.tokens = (tokenWanted ? tokens : List.of(random()))
                .stream().map(Credentials::digest).toList();
        this.basic = digest(basicWanted ? basic : random());
        this.hmac =
                hmacWanted ? hmac : new HmacSignature(random(), "Signature", "HmacSHA256", HmacSignature.Encoding.HEX);
    }

    /** Credentials nobody has: what the callers of unknown accounts are compared with. */
    public static Credentials nobodys() {
        return new Credentials(List.of(random()), "", null);
    }

    /** Whether there is anything to show at all. */
    public boolean any() {
        return tokenWanted || basicWanted || hmacWanted;
    }

    public boolean wantSignature() {
        return hmacWanted;
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

    /**
     * Whether the signature is right where it is wanted.
     *
     * @param sign whether to compute it even where none is wanted: true when any account of the provider wants one
     */
    public boolean matchSignature(String signature, byte[] body, boolean sign) {
        boolean matches = sign && MessageDigest.isEqual(hmac.sign(body), hmac.decode(signature));
        return matches | !hmacWanted;
    }

    public String signatureHeader() {
        return hmac.header();
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
