package org.smscallbacks.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signature over the raw body, in a header. Infobip offers these algorithms in its notification profiles but publishes
 * neither the header's name nor the encoding, so all three are settings.
 *
 * @param secret the shared key, its UTF-8 bytes are the key
 * @param header the header that carries the signature
 * @param algorithm as <code>javax.crypto.Mac</code> names it
 * @param encoding how the signature is written
 */
public record HmacSignature(String secret, String header, String algorithm, Encoding encoding) {

    /** How a signature is written as text. */
    public enum Encoding {
        HEX,
        BASE64
    }

    /** The names an operator may write; case, dashes and underscores do not matter. */
    private static final List<String> ALGORITHMS =
            List.of("HMAC_SHA_256", "HMAC_SHA_512", "HMAC_SHA_384", "HMAC_SHA_224", "HMAC_SHA_1", "HMAC_MD5");

    /**
     * The algorithm meant by the text, SHA-256 for none.
     *
     * @throws IllegalArgumentException when there is no such algorithm
     */
    static String algorithm(String text) {
        var wanted = normal(text);
        if (wanted.isEmpty()) {
            return "HmacSHA256";
        }
        return ALGORITHMS.stream()
                .map(HmacSignature::normal)
                .filter(name -> name.equals(wanted))
                .map(name -> "Hmac" + name.substring("HMAC".length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is not one of " + String.join(", ", ALGORITHMS)));
    }

    /**
     * The encoding meant by the text, hex for none.
     *
     * @throws IllegalArgumentException when there is no such encoding
     */
    static Encoding encoding(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "hex" -> Encoding.HEX;
            case "base64" -> Encoding.BASE64;
            default -> throw new IllegalArgumentException("is neither hex nor base64");
        };
    }

    /** The signature of the body. */
    byte[] sign(byte[] body) {
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }

    /** The bytes a caller's header stands for; empty when it is missing or malformed. */
    byte[] decode(String text) {
        if (text == null) {
            return new byte[0];
        }
        try {
            return encoding == Encoding.HEX
                    ? HexFormat.of().parseHex(text.strip())
                    : Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static String normal(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    }
}
