package org.smscallbacks.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.mapping.FormFields;
import org.smscallbacks.mapping.JsonOrXml;

/** What is made for an account is what its guard takes: sent as it was made, and read again. */
class AuthorisedRequestTest {

    private static final Instant NOW = Instant.parse("2026-03-29T10:15:05Z");
    private static final String SECRET = "secret-0123456789abcdef";
    private static final String URL = "https://sms.example.com/callbacks/p/a";
    private static final List<String> BODIES = List.of(
            "{\"id\":\"1\",\"text\":\"Šalter & =\",\"none\":\"\"}",
            " {\"id\" : \"1\"}\n",
            "{}",
            "id=1&text=%C5%A0+%26%3D&none=",
            "id=1\r\n");

    @TempDir
    private Path folder;

    /** Each scheme that a provider's folder has. */
    static Stream<Map.Entry<String, SignatureScheme>> schemes() throws Exception {
        var schemes = new ArrayList<Map.Entry<String, SignatureScheme>>();
        try (var folders = Files.list(Path.of("routes"))) {
            for (var provider : folders.sorted().toList()) {
                var file = new SignatureFile(provider);
                file.names().forEach(name -> schemes.add(Map.entry(provider + " " + name, file.scheme(name))));
            }
        }
        assertTrue(schemes.size() > 5, schemes::toString);
        return schemes.stream();
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void isTakenByEachProvidersScheme(Map.Entry<String, SignatureScheme> scheme) {
        for (var body : BODIES) {
            assertTaken(scheme.getValue(), request(false, URL, body), body);
            assertTaken(scheme.getValue(), request(false, URL + "?a=b%20c&a=", body), body);
        }
        // a hash of the query would have to stand in the query
        if (!scheme.getKey().equals("routes/twilio json")) {
            assertTaken(scheme.getValue(), request(true, URL + "?id=1&text=%C5%A0+x", ""), "a GET");
            assertTaken(scheme.getValue(), request(true, URL, ""), "a GET of nothing");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HMAC_SHA_256", "HMAC_SHA_512", "HMAC_SHA_384", "HMAC_SHA_224", "HMAC_SHA_1", "HMAC_MD5", "MD5"})
    void isTakenWithEachAlgorithm(String algorithm) throws Exception {
        for (var encoding : List.of("hex", "base64")) {
            for (var prefix : List.of("", "v1=")) {
                var scheme = SchemeFile.of(
                        folder,
                        "algorithm=" + algorithm,
                        "signature=header.S",
                        "encoding=" + encoding,
                        "prefix=" + prefix,
                        "timestamp=query.at",
                        "digest=header.Digest",
                        "signed=${query.at}.${header.Digest}.${url}");
                assertTaken(scheme, request(false, URL, "<xml/>"), encoding + " " + prefix);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT_HS256", "JWT_HS384", "JWT_HS512", "JWT_HS512,JWT_HS256"})
    void isTakenWithEachTokenOfASharedSecret(String algorithms) throws Exception {
        var scheme = SchemeFile.of(
                folder,
                "algorithm=" + algorithms,
                "signature=header.S",
                "claim.iss=Acme",
                "claim.url=${url.sha256}",
                "claim.body=${body.sha256}",
                "tolerance=5m");
        assertTaken(scheme, request(false, URL, "{}"), algorithms);
    }

    @ParameterizedTest
    @ValueSource(strings = {"algorithm=ED25519", "algorithm=JWT_RS256"})
    void saysThatOnlyTheProviderHasAPrivateKey(String algorithm) throws Exception {
        var scheme = algorithm.contains("JWT")
                ? SchemeFile.of(folder, algorithm, "signature=header.S", "claim.body=${body.sha256}")
                : SchemeFile.of(folder, algorithm, "signature=header.S", "signed=${body}");
        var key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
        var secret = Base64.getEncoder().encodeToString(key.getEncoded());
        var made = new Credentials(List.of("token-0123456789abcdef"), "", List.of(scheme), List.of(secret))
                .authorised(request(false, URL, "{}"), NOW);
        assertEquals("only the provider has the private key that this signature is made with", made.unsigned());
        assertEquals(URL + "?token=token-0123456789abcdef", made.url());
        assertEquals(List.of(), made.headers());
    }

    @Test
    void saysWhenThereAreNoFieldsToSign() throws Exception {
        var scheme = SchemeFile.of(folder, "signature=field.sig", "signed=${fields.joined}");
        var made = of(scheme).authorised(request(false, URL, "<xml/>"), NOW);
        assertEquals("the signature is over fields, and the body has none", made.unsigned());
    }

    @Test
    void leavesWhatIsShownAlready() throws Exception {
        var scheme = SchemeFile.of(
                folder, "signature=field.sig", "signed=${fields.joined}", "timestamp=field.at", "tolerance=5m");
        var old = of(scheme).authorised(request(false, URL, "at=1700000000"), NOW);
        assertTrue(old.unsigned().startsWith("the signature is stale: "), old::unsigned);
        assertEquals(1, old.fields().size());
        var signed = of(scheme).authorised(request(false, URL, "sig=00"), NOW);
        assertTrue(signed.unsigned().startsWith("the signature is bad: "), signed::unsigned);
    }

    @Test
    void takesTheSchemeThatFits() throws Exception {
        var fields = SchemeFile.of(folder, "signature=field.sig", "signed=${fields.joined}");
        var body = SchemeFile.of(folder, "signature=header.S", "signed=${body}");
        var both = new Credentials(List.of(), "", List.of(fields, body), List.of(SECRET));
        assertEquals(
                "S",
                both.authorised(request(false, URL, "<xml/>"), NOW)
                        .headers()
                        .get(0)
                        .getKey());
        assertEquals(
                "sig",
                both.authorised(request(false, URL, "a=1"), NOW).fields().get(0).getKey());
    }

    @Test
    void showsTokenAndPassword() {
        var credentials = new Credentials(List.of("first/0123456789abcdef", "second"), "us:pass", List.of(), List.of());
        var made = credentials.authorised(request(true, URL + "?a=1", ""), NOW);
        assertEquals(URL + "?a=1&token=first%2F0123456789abcdef", made.url());
        assertEquals(List.of(Map.entry("Authorization", "Basic dXM6cGFzcw==")), made.headers());
        assertEquals(0, made.body().length);
        assertEquals("", made.unsigned());
        assertTrue(credentials.matchShown(made.query().get(0).getValue(), "us:pass"));
    }

    private static Credentials of(SignatureScheme scheme) {
        return new Credentials(List.of("token-0123456789abcdef"), "", List.of(scheme), List.of(SECRET, "next"));
    }

    private static void assertTaken(SignatureScheme scheme, SignedRequest request, String what) {
        var made = of(scheme).authorised(request, NOW);
        assertEquals("", made.unsigned(), what);
        var came = request(request.isGet(), made.url(), new String(made.body(), StandardCharsets.UTF_8));
        var read = new SignedRequest(
                came.isGet(),
                name -> made.headers().stream()
                        .filter(header -> header.getKey().equals(name))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null),
                came.url(),
                came.query(),
                came.content(),
                came.body());
        assertEquals(SignatureOutcome.GOOD, scheme.check(read, List.of(SECRET), NOW), what);
        assertEquals(SignatureOutcome.BAD, scheme.check(read, List.of("another"), NOW), what);
    }

    /** As the guard reads one. */
    private static SignedRequest request(boolean isGet, String url, String body) {
        var query = URI.create(url).getRawQuery();
        var bytes = (isGet ? query == null ? "" : query : body).getBytes(StandardCharsets.UTF_8);
        return new SignedRequest(
                isGet, name -> null, url, FormFields.parameters(query), () -> JsonOrXml.fields(bytes), bytes);
    }
}
