package org.smscallbacks.config;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A signature over a text made of the request.
 *
 * @param signature where it stands
 * @param prefix what it begins with, in whatever case; what does not is no signature
 * @param signed what it is over
 * @param timestamp where the seconds (or milliseconds) since 1970 stand, or null
 * @param tolerance how far they may be from now
 * @param digest where the SHA-256 of the body stands, in hex or Base64, or null
 */
record TextSignature(
        SignatureAlgorithm algorithm,
        RequestPlace signature,
        Encoding encoding,
        String prefix,
        SignedText signed,
        RequestPlace timestamp,
        Duration tolerance,
        RequestPlace digest)
        implements SignatureScheme {

    /** From here on a number is one of milliseconds: as seconds it is the year 5138. */
    private static final long FIRST_MILLISECONDS = 100_000_000_000L;

    private static final int MOST_SIGNATURES = 4;

    /** How a signature is written as text. */
    enum Encoding {
        HEX,
        BASE64;

        /**
         * The encoding meant by the text, hex for none.
         *
         * @throws IllegalArgumentException when there is no such encoding
         */
        static Encoding of(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "", "hex" -> HEX;
                case "base64" -> BASE64;
                default -> throw new IllegalArgumentException("is neither hex nor base64");
            };
        }

        /** The text that stands for bytes. */
        String encode(byte[] bytes) {
            return this == HEX
                    ? HexFormat.of().formatHex(bytes)
                    : Base64.getEncoder().encodeToString(bytes);
        }

        /** The bytes a text stands for; none when it is malformed. */
        byte[] decode(String text) {
            try {
                return this == HEX
                        ? HexFormat.of().parseHex(text)
                        : Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                return new byte[0];
            }
        }
    }

    /** One over the body as it came, in a header. */
    static TextSignature overTheBody(SignatureAlgorithm algorithm, String header, Encoding encoding) {
        return new TextSignature(
                algorithm,
                RequestPlace.of("header." + header),
                encoding,
                "",
                new SignedText("${body}"),
                null,
                Duration.ZERO,
                null);
    }

    @Override
    public void refuseUnusable(String secret) {
        algorithm.refuseUnusable(secret);
    }

    @Override
    public boolean hasPublicKey() {
        return algorithm.hasPublicKey();
    }

    @Override
    public boolean coversUrl() {
        return signed.coversUrl();
    }

    @Override
    public void sign(RequestDraft draft, String secret, Instant now) {
        if (timestamp != null) {
            draft.add(timestamp, String.valueOf(now.getEpochSecond()));
        }
        if (digest != null) {
            draft.add(
                    digest,
                    Encoding.HEX.encode(SignedText.sha256(draft.request().body())));
        }
        draft.add(signature, prefix + encoding.encode(algorithm.made(secret, signed.of(draft.request()))));
    }

    @Override
    public SignatureOutcome check(SignedRequest request, List<String> secrets, Instant now) {
        try {
            return checked(request, secrets, now);
        } catch (UnreadableContentException e) {
            return SignatureOutcome.BAD;
        }
    }

    private SignatureOutcome checked(SignedRequest request, List<String> secrets, Instant now) {
        var shown = signature.in(request);
        // a provider in the middle of a rotation signs with both
        var signatures = Arrays.stream((shown == null ? "" : shown).split(",", MOST_SIGNATURES + 1))
                .limit(MOST_SIGNATURES)
                .map(one -> encoding.decode(withoutPrefix(one.strip())))
                .toList();
        boolean matches = false;
        for (var text : signed.readings(request)) {
            for (var secret : secrets) {
                matches |= algorithm.matches(secret, text, signatures);
            }
        }
        matches &= digest == null || isDigest(digest.in(request), SignedText.sha256(request.body()));
        var age = timestamp == null ? Duration.ZERO : age(timestamp.in(request), now);
        if (shown == null || shown.isBlank() || age == null) {
            return SignatureOutcome.MISSING;
        }
        return !matches
                ? SignatureOutcome.BAD
                : age.compareTo(tolerance) > 0 ? SignatureOutcome.STALE : SignatureOutcome.GOOD;
    }

    private String withoutPrefix(String text) {
        if (text.regionMatches(true, 0, prefix, 0, prefix.length()) && !prefix.isEmpty()) {
            return text.substring(prefix.length());
        }
        var usual = algorithm.usualPrefix();
        if (prefix.isEmpty() && text.regionMatches(true, 0, usual, 0, usual.length())) {
            return text.substring(usual.length());
        }
        return prefix.isEmpty() ? text : "";
    }

    private static boolean isDigest(String shown, byte[] digest) {
        return shown != null
                && (HexFormat.of().formatHex(digest).equalsIgnoreCase(shown.strip())
                        || Base64.getEncoder().encodeToString(digest).equals(shown.strip()));
    }

    /** Null for what is no time. */
    private static Duration age(String seconds, Instant now) {
        try {
            long number = Long.parseLong(seconds == null ? "" : seconds.strip());
            var signedAt = number < FIRST_MILLISECONDS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
            return Duration.between(signedAt, now).abs();
        } catch (NumberFormatException | ArithmeticException | java.time.DateTimeException e) {
            return null;
        }
    }
}
