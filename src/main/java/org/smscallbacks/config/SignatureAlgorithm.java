package org.smscallbacks.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a signature is made: a MAC with a shared secret, the MD5 of the text and the secret behind it, or Ed25519 (RFC 8032), where the
 * secret is the public key.
 *
 * @param name as <code>javax.crypto</code> and <code>java.security</code> know it
 */
record SignatureAlgorithm(String name) {

    private static final String ED25519 = "Ed25519";

    /** What stands before the 32 bytes of a public key, RFC 8410. */
    private static final byte[] KEY_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /** The names an operator may write; case, dashes and underscores do not matter. */
    private static final List<String> NAMES = List.of(
            "HMAC_SHA_256", "HMAC_SHA_512", "HMAC_SHA_384", "HMAC_SHA_224", "HMAC_SHA_1", "HMAC_MD5", "MD5", "ED25519");

    /**
     * The algorithm meant by the text, SHA-256 for none.
     *
     * @throws IllegalArgumentException when there is no such algorithm
     */
    static SignatureAlgorithm of(String text) {
        var wanted = normal(text);
        if (wanted.isEmpty()) {
            return new SignatureAlgorithm("HmacSHA256");
        }
        return NAMES.stream()
                .map(SignatureAlgorithm::normal)
                .filter(name -> name.equals(wanted))
                .map(name -> name.startsWith("HMAC") ? "Hmac" + name.substring("HMAC".length()) : name)
                .map(name -> name.equals("ED25519") ? ED25519 : name)
                .map(SignatureAlgorithm::new)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is not one of " + String.join(", ", NAMES)));
    }

    private static String normal(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    }

    /** What providers write before a signature to name it, such as <code>sha256=</code>; empty where there is no such habit. */
    String usualPrefix() {
        return isMac() ? name.substring("Hmac".length()).toLowerCase(Locale.ROOT) + "=" : "";
    }

    private boolean isMac() {
        return name.startsWith("Hmac");
    }

    /**
     * Refuses what cannot be a secret of this algorithm.
     *
     * @throws IllegalArgumentException which says so
     */
    void refuseUnusable(String secret) {
        if (hasPublicKey()) {
            publicKey(secret);
        }
    }

    /** Whether the secret is a public key, which everybody may know. */
    boolean hasPublicKey() {
        return name.equals(ED25519);
    }

    /** Whether one of these is the signature, told in a time that does not depend on how wrong they are. */
    boolean matches(String secret, byte[] signed, List<byte[]> signatures) {
        try {
            boolean matches = false;
            if (hasPublicKey()) {
                for (var signature : signatures) {
                    matches |= isVerified(secret, signed, signature);
                }
            } else {
                var right = made(secret, signed);
                for (var signature : signatures) {
                    matches |= MessageDigest.isEqual(right, signature);
                }
            }
            return matches;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + name, e);
        }
    }

    /** The signature, where the secret is a shared one. */
    byte[] made(String secret, byte[] signed) {
        var key = secret.getBytes(StandardCharsets.UTF_8);
        try {
            if (isMac()) {
                var mac = Mac.getInstance(name);
                mac.init(new SecretKeySpec(key, name));
                return mac.doFinal(signed);
            }
            var digest = MessageDigest.getInstance(name);
            digest.update(signed);
            return digest.digest(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + name, e);
        }
    }

    private boolean isVerified(String secret, byte[] signed, byte[] signature) throws GeneralSecurityException {
        try {
            var verifying = Signature.getInstance(name);
            verifying.initVerify(publicKey(secret));
            verifying.update(signed);
            return verifying.verify(signature);
        } catch (SignatureException e) {
            return false;
        }
    }

    private static PublicKey publicKey(String secret) {
        try {
            var key = Base64.getDecoder().decode(secret.strip());
            var encoded = Arrays.copyOf(KEY_PREFIX, KEY_PREFIX.length + key.length);
            System.arraycopy(key, 0, encoded, KEY_PREFIX.length, key.length);
            return KeyFactory.getInstance(ED25519).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IllegalArgumentException("is no public key of Ed25519: write its 32 bytes in Base64");
        }
    }
}
