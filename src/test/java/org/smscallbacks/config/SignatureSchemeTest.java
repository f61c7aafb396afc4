package org.smscallbacks.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemes as text: what vendors publish is right, and whatever is changed of it is not. */
class SignatureSchemeTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final String SECRET = "secret-0123456789abcdef";

    @TempDir
    private Path folder;

    private final Map<String, String> headers = new HashMap<>();
    private final List<Map.Entry<String, String>> query = new ArrayList<>();
    private List<Map.Entry<String, String>> form = new ArrayList<>();
    private String url = "https://sms.example.com/callbacks/p/a";
    private byte[] body = {};
    private boolean isGet;

    /** The example in "Validating Signatures from Twilio", twilio.com/docs/usage/security. */
    @Test
    void isWhatTwilioPublishes() throws Exception {
        var scheme = scheme(
                "algorithm=HMAC_SHA_1",
                "signature=header.X-Twilio-Signature",
                "encoding=base64",
                "signed=${url}${form.sorted}");
        url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        form.add(Map.entry("To", "+18005551212"));
        form.add(Map.entry("Digits", "1234"));
        form.add(Map.entry("CallSid", "CA1234567890ABCDE"));
        form.add(Map.entry("From", "+14158675309"));
        form.add(Map.entry("Caller", "+14158675309"));
        headers.put("X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        assertEquals(SignatureOutcome.GOOD, check(scheme, "12345"));

        form.add(Map.entry("Digits", "5"));
        assertEquals(SignatureOutcome.BAD, check(scheme, "12345"), "a doubled parameter");
        form.remove(5);
        url = url.replace("bar=2", "bar=3");
        assertEquals(SignatureOutcome.BAD, check(scheme, "12345"), "another URL");
        url = "https://mycompany.com/myapp.php?bar=2&foo=1";
        assertEquals(SignatureOutcome.BAD, check(scheme, "12345"), "reordered");
    }

    /** RFC 4231, test case 2, in the ways in which it is written. */
    @ParameterizedTest
    @CsvSource({
        "hex,'',5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843,GOOD",
        "hex,'',5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843,GOOD",
        "hex,'',sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843,GOOD",
        "hex,SHA256=,sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843,GOOD",
        "hex,v1=,'v1=00,v1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',GOOD",
        "base64,'',W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=,GOOD",
        "hex,v1=,5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843,BAD",
        "hex,'',5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3842,BAD",
        "hex,'',5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec38,BAD",
        "hex,'','not hex',BAD",
        "hex,'','',MISSING",
        "hex,'',' ',MISSING"
    })
    void isReadInTheWaysItIsWritten(String encoding, String prefix, String shown, SignatureOutcome outcome)
            throws Exception {
        var scheme = scheme("signature=header.S", "encoding=" + encoding, "prefix=" + prefix, "signed=${body}");
        body = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
        headers.put("S", shown);
        assertEquals(outcome, check(scheme, "Jefe"));
        assertEquals(outcome, check(scheme, "next", "Jefe"), "while one rotates");
    }

    /** RFC 8032, section 7.1, test 2. */
    @Test
    void isEd25519() throws Exception {
        var scheme = scheme("algorithm=ed25519", "signature=header.S", "signed=${body}");
        var key = Base64.getEncoder()
                .encodeToString(
                        HexFormat.of().parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
        body = new byte[] {0x72};
        headers.put(
                "S",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        assertEquals(SignatureOutcome.GOOD, check(scheme, key));
        body = new byte[] {0x73};
        assertEquals(SignatureOutcome.BAD, check(scheme, key));
        headers.put("S", "00");
        assertEquals(SignatureOutcome.BAD, check(scheme, key));
        assertThrows(IllegalArgumentException.class, () -> scheme.refuseUnusable("no key at all, but long"));
    }

    /** Telnyx signs the time, a bar and the body. */
    @Test
    void isOverATimeThatMustBeNear() throws Exception {
        var scheme = scheme(
                "algorithm=ED25519",
                "signature=header.telnyx-signature-ed25519",
                "encoding=base64",
                "timestamp=header.telnyx-timestamp",
                "signed=${header.telnyx-timestamp}|${body}");
        var keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var encoded = keys.getPublic().getEncoded();
        var key = Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        body = "{}".getBytes(StandardCharsets.UTF_8);
        for (var sent : new long[] {0, 299, 300, 301, -299, -301, 86_400}) {
            var time = String.valueOf(NOW.getEpochSecond() - sent);
            var signing = Signature.getInstance("Ed25519");
            signing.initSign(keys.getPrivate());
            signing.update((time + "|{}").getBytes(StandardCharsets.UTF_8));
            headers.put("telnyx-timestamp", time);
            headers.put("telnyx-signature-ed25519", Base64.getEncoder().encodeToString(signing.sign()));
            assertEquals(
                    Math.abs(sent) > 300 ? SignatureOutcome.STALE : SignatureOutcome.GOOD, check(scheme, key), time);
        }
        headers.put("telnyx-timestamp", String.valueOf(NOW.getEpochSecond()));
        assertEquals(SignatureOutcome.BAD, check(scheme, key), "an old one with a new time");
        for (var time : new String[] {null, "", "soon", "99999999999999999999"}) {
            headers.put("telnyx-timestamp", time);
            assertEquals(SignatureOutcome.MISSING, check(scheme, key));
        }
    }

    /** Bird: the time, the URL, and the bytes of a digest, a line each. Twilio's JSON: the digest stands in the URL. */
    @Test
    void isOverWhatTheTextSays() throws Exception {
        var digest = HexFormat.of().formatHex(SignedText.sha256("{}".getBytes(StandardCharsets.UTF_8)));
        var parts = Map.of(
                "${header.T}\\n${url}\\n${body.sha256.bytes}",
                "1700000000\n" + url + "?a=2&b=&a=1\n",
                "${url.without-query}${query.sorted}",
                url + "a2a1b",
                "<${query.a}>${body.sha256}",
                "<2>" + digest);
        body = "{}".getBytes(StandardCharsets.UTF_8);
        headers.put("T", "1700000000");
        query.addAll(List.of(Map.entry("a", "2"), Map.entry("b", ""), Map.entry("a", "1")));
        url = url + "?a=2&b=&a=1";
        for (var part : parts.entrySet()) {
            var signed = new String(
                    new SignedText(part.getKey().replace("\\n", "\n")).of(request()), StandardCharsets.ISO_8859_1);
            assertTrue(signed.startsWith(part.getValue()), signed);
        }
        var scheme = scheme("signature=header.S", "signed=${url}", "digest=query.bodySHA256");
        headers.put("S", "00");
        assertEquals(SignatureOutcome.BAD, check(scheme, SECRET));
    }

    /** The examples in the tests of vonage-java-sdk, RequestSigningTest: MD5 with the secret behind the text, and HMAC. */
    @ParameterizedTest
    @CsvSource({
        "MD5,7d43241108912b32cc315b48ce681acf",
        "HMAC_SHA_256,8d1b0428276b6a070578225914c3502cc0687a454dfbbbb370c76a14234cb546"
    })
    void isWhatVonagePublishesForSms(String algorithm, String signature) throws Exception {
        var scheme = scheme(
                "algorithm=" + algorithm,
                "signature=field.sig",
                "timestamp=field.timestamp",
                "signed=${fields.joined}");
        for (boolean get : new boolean[] {true, false}) {
            isGet = get;
            var fields = get ? query : form;
            fields.add(Map.entry("timestamp", "2100"));
            fields.add(Map.entry("sig", signature));
            fields.add(Map.entry("b", "bananas"));
            fields.add(Map.entry("a", "alphabet"));
            assertEquals(SignatureOutcome.GOOD, checkAt2100(scheme, "abcde"));
            fields.add(Map.entry("empty", ""));
            assertEquals(SignatureOutcome.GOOD, checkAt2100(scheme, "abcde"), "Vonage's libraries leave it out");
            assertEquals(SignatureOutcome.BAD, checkAt2100(scheme, "abcdf"));
            fields.add(Map.entry("a", "alphabet"));
            assertEquals(SignatureOutcome.BAD, checkAt2100(scheme, "abcde"), "a doubled parameter");
        }
    }

    private SignatureOutcome checkAt2100(SignatureScheme scheme, String secret) {
        return scheme.check(request(), List.of(secret), Instant.ofEpochSecond(2100));
    }

    /** An & or = in a name or a value is an underscore. */
    @Test
    void isOverFieldsWithoutTheirSeparators() {
        isGet = true;
        query.addAll(List.of(Map.entry("b=", "1&2=3"), Map.entry("a", "é"), Map.entry("sig", "x"), Map.entry("c", "")));
        var readings = new SignedText("${fields.joined}", "field.sig")
                .readings(request()).stream()
                        .map(text -> new String(text, StandardCharsets.UTF_8))
                        .toList();
        assertEquals(List.of("&a=é&b_=1_2_3&c=", "&a=é&b_=1_2_3"), readings);
    }

    @ParameterizedTest
    @CsvSource({
        "signed=${cookie},is no part of a request",
        "signature=cookie.a,is no part of a request",
        "algorithm=rot13,is not one of",
        "encoding=base32,is neither hex nor base64",
        "tolerance=soon,stands alone",
        "signed=,leaves open what the request says",
        "signed=$body,leaves open what the request says",
        "signed=${header.X},leaves open what the request says",
        "signed=${form.sorted},leaves open what the request says",
        "timestamp=header.T,is not signed",
        "signature=,is no part of a request"
    })
    void whatIsNoSchemeIsRefusedWithItsLine(String line, String words) {
        var refused =
                assertThrows(ConfigurationException.class, () -> scheme("signature=header.S", "signed=${body}", line));
        assertTrue(
                refused.getMessage().contains("signatures.properties: s." + line.split("=")[0]), refused::getMessage);
        assertTrue(refused.getMessage().contains(words), refused::getMessage);
    }

    /** A line that is changed below another one would change nothing. */
    @Test
    void aLineThatStandsTwiceIsRefused() throws IOException {
        Files.writeString(
                folder.resolve("signatures.properties"),
                "s.signature=header.S\ns.signed=${body}\ns.signed=${url}${body}\n");
        assertTrue(assertThrows(ConfigurationException.class, () -> new SignatureFile(folder))
                .getMessage()
                .contains("line 3: s.signed stands in line 2 as well"));
    }

    /** A body that is no form says nothing name by name: what was signed for nothing would hold for anything. */
    @Test
    void overAFormIsBadForAnyOtherBody() throws Exception {
        var scheme =
                scheme("algorithm=HMAC_SHA_1", "signature=header.S", "encoding=base64", "signed=${url}${form.sorted}");
        url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        var mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec("12345".getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        headers.put("S", Base64.getEncoder().encodeToString(mac.doFinal(url.getBytes(StandardCharsets.UTF_8))));
        assertEquals(SignatureOutcome.GOOD, check(scheme, "12345"), "an empty form");
        form = null;
        assertEquals(SignatureOutcome.BAD, check(scheme, "12345"));
    }

    /** Each costs work, and the field they stand in can be as long as the body. */
    @Test
    void ofManySignaturesOnlyTheFirstAreTried() throws Exception {
        var scheme = scheme("signature=header.S", "signed=${body}");
        body = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
        var right = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        headers.put("S", "00,".repeat(3) + right);
        assertEquals(SignatureOutcome.GOOD, check(scheme, "Jefe"));
        headers.put("S", "00,".repeat(4) + right);
        assertEquals(SignatureOutcome.BAD, check(scheme, "Jefe"));
    }

    @Test
    void aKeyNobodyKnowsIsRefused() {
        assertThrows(ConfigurationException.class, () -> scheme("signature=header.S", "singed=${body}"));
    }

    private SignatureScheme scheme(String... lines) throws IOException {
        return SchemeFile.of(folder, lines);
    }

    private SignatureOutcome check(SignatureScheme scheme, String... secrets) {
        return scheme.check(request(), List.of(secrets), NOW);
    }

    private SignedRequest request() {
        return new SignedRequest(
                isGet, headers::get, url, query, () -> form, body.length == 0 && !isGet ? new byte[] {1} : body);
    }
}
