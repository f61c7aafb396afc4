package org.smscallbacks.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures that are JSON Web Tokens. */
class SignedTokenTest {

    private static final String SECRET = "a-secret-of-32-bytes-0123456789a";
    private static final Instant NOW = Instant.parse("2021-07-05T10:00:00Z");
    private static final byte[] BODY = "{\"message_uuid\":\"1\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private String token;
    private String url = "https://example.com/";
    private byte[] body = BODY;

    /** The examples in the tests of messagebird/java-rest-api, RequestValidatorTest, with their secret, which is a short one. */
    @ParameterizedTest
    @CsvSource({
        "/,'',GOOD,eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsImlhdCI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI1OWEyNDRkYy1lOWFkLTRlMjMtOTc3OC0zNzFmYWEyMzhmNzIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.SrhlKJ-ES4Dg8BBXKtop3u92Z_k4L4VjHKsyHWpweGE",
        "/path?bar=1&foo=2,'',GOOD,eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsImlhdCI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiJjOTQ2YWY3Ny1lMTgyLTRlYWEtYjJmZi0xYTU0NWI1ZTk5MWEiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUzZWNlNmMyNjAifQ.wUeGukU50HcPIr8d-zcCpttlGnPE-W57ujVb36AbAYw",
        "/path?bar=1&foo=2,'Hello, World!',GOOD,eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsImlhdCI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI5M2U1NTAwNi1hMGU4LTQ1MjYtYTE5MC1mYTVmZjAwZWExMTYiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUzZWNlNmMyNjAiLCJwYXlsb2FkX2hhc2giOiJkZmZkNjAyMWJiMmJkNWIwYWY2NzYyOTA4MDllYzNhNTMxOTFkZDgxYzdmNzBhNGIyODY4OGEzNjIxODI5ODZmIn0.K6HyLDRdYgQBKN2tBcu0dOSxsfb_lOLaWby3un4rxIc",
        "/,'',STALE,eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsImlhdCI6MTYyNTQ4MjgwMCwiZXhwIjoxNjI1NDgyODYwLCJqdGkiOiJmOWY4YzM4Mi0yNDQ5LTQzMTEtYjcyYi0xZGY3MTY4NzkzMWUiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ._59NNTg0j5YVXCRHgyeJAj8n6rTg1gwTh_I_coe7RDQ",
        "/,'',STALE,eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsImlhdCI6MTYyNTQ3NTYwMCwiZXhwIjoxNjI1NDc1NjYwLCJqdGkiOiI1ZjAyZjUyMi02MDMwLTQ2YzgtYjVhMy0wMTI0NjQ3OGQ4YmMiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.iGUCLsYVQG4iYWe2MkRoLQBBMzq7p_bLy4u0mhC3Jfc",
        "/,'',BAD,eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsImlhdCI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiJhNzVjOTA5Ni1lODIzLTQ0MmItODVmMi03ZDNjOWQ5YjcyNmIiLCJ1cmxfaGFzaCI6IjlmZGExZmNkYzc0YjEwMzUzNjhlNWY2NjhmNTdjOTFlOTk0MTJmZjU5Y2YwM2E0NmNlYjk1YWVhNWU2YjU4ZmQifQ.G4lpxrDOxZs75G1vIJ6J1jVbYS19tx2yq-lkIE-oETY",
        "/,'Hello, World!',BAD,eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsImlhdCI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiIxNDUwMTUzMi05NmYyLTQ2ODQtOTgzMi02OGYwOTUxYWUzNDIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDciLCJwYXlsb2FkX2hhc2giOiIzMjRjYzA2N2IyNTdlZGEwYmNiZDljOGQ4MTgwNzdhMDlhOTU2OGMwZDRjYTA2MDM4ZGVkOGZhZGRmODEzZmQ2In0.rQqiANogDOMafgg_B6p362PuhInAro9lMm2j_vruBA0",
        "/,'',BAD,eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsImlhdCI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiIxNDUwMTUzMi05NmYyLTQ2ODQtOTgzMi02OGYwOTUxYWUzNDIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDciLCJwYXlsb2FkX2hhc2giOiIzMjRjYzA2N2IyNTdlZGEwYmNiZDljOGQ4MTgwNzdhMDlhOTU2OGMwZDRjYTA2MDM4ZGVkOGZhZGRmODEzZmQ2In0.rQqiANogDOMafgg_B6p362PuhInAro9lMm2j_vruBA0",
        "/,'Hello, World!',BAD,eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsImlhdCI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI1OWEyNDRkYy1lOWFkLTRlMjMtOTc3OC0zNzFmYWEyMzhmNzIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.SrhlKJ-ES4Dg8BBXKtop3u92Z_k4L4VjHKsyHWpweGE"
    })
    void isWhatMessageBirdPublishes(String path, String payload, SignatureOutcome outcome, String published)
            throws Exception {
        var scheme = scheme(
                "algorithm=JWT_HS256, JWT_HS384, JWT_HS512",
                "signature=header.MessageBird-Signature-JWT",
                "claim.iss=MessageBird",
                "claim.url_hash=${url.sha256}",
                "claim.payload_hash=${body.sha256}");
        url = "https://example.com" + path;
        body = payload.getBytes(StandardCharsets.UTF_8);
        token = published;
        assertEquals(outcome, check(scheme, "hunter2"));
        assertEquals(outcome, check(scheme, "another", "hunter2"), "while one rotates");
        assertEquals(SignatureOutcome.BAD, check(scheme, "hunter3"));
    }

    /** The claims in "Signed webhooks", developer.vonage.com; Vonage publishes no token with its secret. */
    @Test
    void isOverTheBodyAndNearInTime() throws Exception {
        var scheme = vonage();
        token = "Bearer " + token("HS256", claims().build(), new MACSigner(SECRET));
        assertEquals(SignatureOutcome.GOOD, check(scheme, SECRET));
        token = token.replace("Bearer ", "bearer ");
        assertEquals(SignatureOutcome.GOOD, check(scheme, SECRET));
        body = "{\"message_uuid\":\"2\"}".getBytes(StandardCharsets.UTF_8);
        assertEquals(SignatureOutcome.BAD, check(scheme, SECRET), "another body");
        body = new byte[0];
        assertEquals(SignatureOutcome.BAD, check(scheme, SECRET), "no body");
        body = BODY;
        for (var seconds : new long[] {0, 299, 300, 301, -299, -301, 86_400}) {
            token = "Bearer "
                    + token(
                            "HS256",
                            claims().issueTime(Date.from(NOW.minusSeconds(seconds)))
                                    .build(),
                            new MACSigner(SECRET));
            assertEquals(
                    Math.abs(seconds) > 300 ? SignatureOutcome.STALE : SignatureOutcome.GOOD, check(scheme, SECRET));
        }
        token = "Bearer " + token("HS256", claims().issueTime(null).build(), new MACSigner(SECRET));
        assertEquals(SignatureOutcome.STALE, check(scheme, SECRET), "no time");
        token = "Bearer " + token("HS256", claims().claim("payload_hash", null).build(), new MACSigner(SECRET));
        assertEquals(SignatureOutcome.BAD, check(scheme, SECRET), "of another product, which has no hash");
        token = "Bearer " + token("HS256", claims().issuer("Nobody").build(), new MACSigner(SECRET));
        assertEquals(SignatureOutcome.BAD, check(scheme, SECRET));
    }

    /** What libraries have been caught with: the header of the token has no say in how it is checked. */
    @Test
    void isNeverCheckedAsItsHeaderSays() throws Exception {
        var scheme = vonage();
        token = "Bearer " + new PlainJWT(claims().build()).serialize();
        assertEquals(SignatureOutcome.BAD, check(scheme, SECRET), "none");
        token = "Bearer " + token("HS512", claims().build(), new MACSigner(SECRET.repeat(2)));
        assertEquals(SignatureOutcome.BAD, check(scheme, SECRET.repeat(2)), "an algorithm the file does not name");

        var pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        var publicKey = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
        var rsa = scheme(
                "algorithm=JWT_RS256", "signature=header.A", "prefix=Bearer", "claim.payload_hash=${body.sha256}");
        token = "Bearer " + token("RS256", claims().build(), new RSASSASigner(pair.getPrivate()));
        assertEquals(SignatureOutcome.GOOD, check(rsa, publicKey));
        token = "Bearer " + token("HS256", claims().build(), new MACSigner(publicKey));
        assertEquals(SignatureOutcome.BAD, check(rsa, publicKey), "the public key as a shared secret");
        rsa.refuseUnusable(publicKey);
        assertThrows(IllegalArgumentException.class, () -> rsa.refuseUnusable(SECRET));
    }

    @Test
    void isSignedWithAnEllipticCurve() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        var scheme = scheme("algorithm=JWT_ES256", "signature=header.A", "claim.payload_hash=${body.sha256}");
        var publicKey = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
        scheme.refuseUnusable(publicKey);
        token = token("ES256", claims().build(), new ECDSASigner((ECPrivateKey) pair.getPrivate()));
        assertEquals(SignatureOutcome.GOOD, check(scheme, publicKey));
        body = new byte[] {1};
        assertEquals(SignatureOutcome.BAD, check(scheme, publicKey));
    }

    /** Whatever is changed, cut or doubled in it, it is bad, and never an error of ours. */
    @Test
    void isBadWhenAnythingOfItIsChanged() throws Exception {
        var scheme = vonage();
        var good = token("HS256", claims().build(), new MACSigner(SECRET));
        var changed =
                new ArrayList<String>(List.of(".", "..", "...", "a.b.c", good + ".", good + good, "e30.e30.", "{}"));
        for (int i = 0; i < good.length() - 1; i++) {
            changed.add(good.substring(0, i) + (good.charAt(i) == 'A' ? 'B' : 'A') + good.substring(i + 1));
            changed.add(good.substring(0, i) + good.substring(i + 1));
            changed.add(good.substring(0, i));
        }
        for (var one : changed) {
            if (!one.equals(good)) {
                token = "Bearer " + one;
                var outcome = check(scheme, SECRET);
                assertEquals(one.isEmpty() ? SignatureOutcome.MISSING : SignatureOutcome.BAD, outcome, one);
            }
        }
        for (var missing : new String[] {null, "", "Bearer ", "Basic abc", good}) {
            token = missing;
            assertEquals(SignatureOutcome.MISSING, check(scheme, SECRET));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "algorithm=JWT_HS1",
                "algorithm=JWT_NONE",
                "algorithm=JWT_HS256,JWT_RS256",
                "claim.x=${cookie}",
                "claim.=x",
                "signed=${body}",
                "signature=",
                "tolerance=soon"
            })
    void whatIsNoSchemeIsRefusedWithItsLine(String line) {
        var refused = assertThrows(
                ConfigurationException.class,
                () -> scheme("algorithm=JWT_HS256", "signature=header.A", "claim.payload_hash=${body.sha256}", line));
        assertTrue(
                refused.getMessage().contains("signatures.properties: s." + line.split("=")[0]), refused::getMessage);
    }

    @Test
    void oneThatIsForNoRequestIsRefused() {
        assertThrows(
                ConfigurationException.class,
                () -> scheme("algorithm=JWT_HS256", "signature=header.A", "claim.iss=Vonage"));
        assertThrows(
                ConfigurationException.class, () -> scheme("signature=header.A", "signed=${body}", "claim.iss=Vonage"));
    }

    private SignatureScheme vonage() throws IOException {
        return scheme(
                "algorithm=JWT_HS256",
                "signature=header.Authorization",
                "prefix=Bearer",
                "claim.iss=Vonage",
                "claim.payload_hash=${body.sha256}",
                "tolerance=5m");
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("Vonage")
                .issueTime(Date.from(NOW))
                .jwtID("c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5")
                .claim("payload_hash", HexFormat.of().formatHex(SignedText.sha256(BODY)))
                .claim("api_key", "a1b2c3d");
    }

    private static String token(String algorithm, JWTClaimsSet claims, JWSSigner signer) throws Exception {
        var token = new SignedJWT(new JWSHeader(JWSAlgorithm.parse(algorithm)), claims);
        token.sign(signer);
        return token.serialize();
    }

    private SignatureScheme scheme(String... lines) throws IOException {
        return SchemeFile.of(folder, lines);
    }

    private SignatureOutcome check(SignatureScheme scheme, String... secrets) {
        var request = new SignedRequest(false, name -> token, url, List.of(), List::of, body);
        return scheme.check(request, List.of(secrets), NOW);
    }
}
