package org.smscallbacks.config;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A signature that is a JSON Web Token (RFC 7519), whose claims say what of the request it is for.
 *
 * @param algorithms those it may be signed with, all of one kind of key; what its header says counts only among these
 * @param token where it stands
 * @param prefix what it begins with, in whatever case
 * @param claims what must be in it: a text of the request, or one that is always the same
 * @param tolerance how far the time of its issue may be from now; null when it need not say
 */
record SignedToken(
        Set<JWSAlgorithm> algorithms,
        RequestPlace token,
        String prefix,
        Map<String, SignedText> claims,
        Duration tolerance)
        implements SignatureScheme {

    private static final String PREFIX = "JWT_";

    /** How far clocks may be apart where a token says from when until when it holds. */
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    /** A key of HMAC that is shorter than its block counts as one filled up with zeros (RFC 2104); the library wants it long. */
    private static final int BLOCK = 64;

    /** Whether an algorithm is one of tokens. */
    static boolean isMeantBy(String algorithm) {
        return algorithm.startsWith(PREFIX);
    }

    /**
     * The algorithms of a list, each as <code>JWT_HS256</code>.
     *
     * @throws IllegalArgumentException when one is unknown, or they need different kinds of keys
     */
    static Set<JWSAlgorithm> algorithms(String list) {
        var algorithms = Values.list(list).stream().map(SignedToken::algorithm).collect(Collectors.toUnmodifiableSet());
        if (kinds().noneMatch(kind -> kind.containsAll(algorithms))) {
            throw new IllegalArgumentException("names algorithms that need different kinds of keys");
        }
        return algorithms;
    }

    private static JWSAlgorithm algorithm(String text) {
        return kinds().flatMap(Set::stream)
                .filter(known -> text.equals(PREFIX + known.getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is not one of "
                        + kinds().flatMap(Set::stream)
                                .map(known -> PREFIX + known)
                                .sorted()
                                .collect(Collectors.joining(", "))));
    }

    private static Stream<Set<JWSAlgorithm>> kinds() {
        return Stream.of(
                JWSAlgorithm.Family.HMAC_SHA,
                JWSAlgorithm.Family.RSA,
                Set.of(JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512));
    }

    @Override
    public void refuseUnusable(String secret) {
        if (!isMac()) {
            try {
                verifier(secret);
            } catch (JOSEException | GeneralSecurityException | RuntimeException e) {
                throw new IllegalArgumentException(
                        "is no public key for " + PREFIX + algorithms.iterator().next()
                                + ": write what stands between the first and the last line of its PEM file, in one line");
            }
        }
    }

    @Override
    public boolean hasPublicKey() {
        return !isMac();
    }

    @Override
    public boolean coversUrl() {
        return claims.values().stream().anyMatch(SignedText::coversUrl);
    }

    @Override
    public void sign(RequestDraft draft, String secret, Instant now) {
        var said = new JWTClaimsSet.Builder().issueTime(Date.from(now));
        claims.forEach((name, text) -> said.claim(name, text(text, draft.request())));
        var algorithm = algorithms.stream()
                .min(Comparator.comparing(JWSAlgorithm::getName))
                .orElseThrow();
        var made = new SignedJWT(new JWSHeader(algorithm), said.build());
        try {
            made.sign(new MACSigner(key(secret)));
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
        draft.add(token, prefix + (prefix.isEmpty() ? "" : " ") + made.serialize());
    }

    @Override
    public SignatureOutcome check(SignedRequest request, List<String> secrets, Instant now) {
        var shown = token.in(request);
        if (shown == null
                || !shown.regionMatches(true, 0, prefix, 0, prefix.length())
                || shown.substring(prefix.length()).isBlank()) {
            return SignatureOutcome.MISSING;
        }
        try {
            var read = SignedJWT.parse(shown.substring(prefix.length()).strip());
            boolean isSigned = false;
            for (var secret : secrets) {
                isSigned |= algorithms.contains(read.getHeader().getAlgorithm()) && read.verify(verifier(secret));
            }
            if (!isSigned || !isFor(request, read.getJWTClaimsSet())) {
                return SignatureOutcome.BAD;
            }
            return holds(read.getJWTClaimsSet(), now) ? SignatureOutcome.GOOD : SignatureOutcome.STALE;
        } catch (ParseException | JOSEException | GeneralSecurityException | RuntimeException e) {
            // whatever the library trips over in it, it is no token of ours
            return SignatureOutcome.BAD;
        }
    }

    private boolean isFor(SignedRequest request, JWTClaimsSet shown) throws ParseException {
        boolean matches = true;
        for (var claim : claims.entrySet()) {
            var value = shown.getStringClaim(claim.getKey());
            // without a body there is nothing to say of it, where the rest of the request is in the URL
            boolean isNotNeeded =
                    value == null && claim.getValue().coversContent() && !request.hasPayload() && coversUrl();
            matches &=
                    isNotNeeded | MessageDigest.isEqual(lowerCase(value), lowerCase(text(claim.getValue(), request)));
        }
        return matches;
    }

    private static String text(SignedText text, SignedRequest request) {
        return new String(text.of(request), StandardCharsets.UTF_8);
    }

    private static byte[] lowerCase(String text) {
        return String.valueOf(text).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }

    private boolean holds(JWTClaimsSet shown, Instant now) {
        var issued = shown.getIssueTime();
        var latest = Date.from(now.plus(LEEWAY));
        var earliest = Date.from(now.minus(LEEWAY));
        return (shown.getExpirationTime() == null || shown.getExpirationTime().after(earliest))
                && (shown.getNotBeforeTime() == null || shown.getNotBeforeTime().before(latest))
                && (tolerance == null
                        ? issued == null || issued.before(latest)
                        : issued != null
                                && Duration.between(issued.toInstant(), now)
                                                .abs()
                                                .compareTo(tolerance)
                                        <= 0);
    }

    private boolean isMac() {
        return JWSAlgorithm.Family.HMAC_SHA.containsAll(algorithms);
    }

    private JWSVerifier verifier(String secret) throws JOSEException, GeneralSecurityException {
        if (isMac()) {
            return new MACVerifier(key(secret));
        }
        if (JWSAlgorithm.Family.RSA.containsAll(algorithms)) {
            return new RSASSAVerifier((RSAPublicKey) publicKey("RSA", secret));
        }
        return new ECDSAVerifier((ECPublicKey) publicKey("EC", secret));
    }

    private static byte[] key(String secret) {
        var key = secret.getBytes(StandardCharsets.UTF_8);
        return key.length < BLOCK ? Arrays.copyOf(key, BLOCK) : key;
    }

    private static PublicKey publicKey(String kind, String secret) throws GeneralSecurityException {
        var encoded = Base64.getDecoder().decode(secret.strip());
        return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded));
    }
}
