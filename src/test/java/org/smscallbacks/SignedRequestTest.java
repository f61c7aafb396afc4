package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callbacks signed as providers sign them, by the schemes in their folders. */
class SignedRequestTest {

    private static final String BODY = "{\"results\":[]}";

    private final HttpClient http = HttpClient.newHttpClient();
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.shared();
    }

    @Test
    void ofANotificationProfile() throws Exception {
        var signature = HexFormat.of().formatHex(hmac(BODY));
        assertEquals(200, post("hub", "X-Hub-Signature", "SHA256=" + signature));
        assertEquals(200, post("hub", "x-hub-signature", "sha256=" + signature.toUpperCase()));
        assertEquals(401, post("hub", "X-Hub-Signature", signature), "without its prefix");
        assertEquals(401, post("hub", "X-Hub-Signature", "SHA1=" + signature));
        assertEquals(401, post("hub", "X-Signature", "SHA256=" + signature), "in another header");
        assertEquals(
                401, post("hub", "X-Hub-Signature", "SHA256=" + HexFormat.of().formatHex(hmac(BODY + " "))));
        // an account with the keys of before
        assertEquals(200, post("signed", "X-Signature", "SHA256=" + signature));
    }

    @Test
    void ofASubscription() throws Exception {
        var now = Instant.now();
        assertEquals(200, exchange(now, now));
        assertEquals(200, exchange(now.minus(Duration.ofMinutes(4)), now.minus(Duration.ofMinutes(4))));
        assertEquals(401, exchange(now.minus(Duration.ofMinutes(6)), now.minus(Duration.ofMinutes(6))), "replayed");
        assertEquals(401, exchange(now.plus(Duration.ofMinutes(6)), now.plus(Duration.ofMinutes(6))));
        assertEquals(401, exchange(now.minus(Duration.ofMinutes(6)), now), "replayed with a new time");
        assertEquals(
                401,
                post("exchange", "X-Ib-Exchange-Req-Signature", HexFormat.of().formatHex(hmac(BODY))),
                "without a time");
        var metrics = http.send(
                        HttpRequest.newBuilder(gateway.managementUri("/observe/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        for (var reason : new String[] {"bad", "stale", "missing"}) {
            assertEquals(
                    true,
                    metrics.contains("sms_signature_failures_total{provider=\"infobip\",reason=\"" + reason + "\"}"),
                    reason);
        }
    }

    private int exchange(Instant signedAt, Instant sentAt) throws Exception {
        return post(
                "exchange",
                "X-Ib-Exchange-Req-Timestamp",
                String.valueOf(sentAt.toEpochMilli()),
                "X-Ib-Exchange-Req-Signature",
                HexFormat.of().formatHex(hmac(signedAt.toEpochMilli() + BODY)));
    }

    @Test
    void ofVoice() throws Exception {
        assertEquals(
                200, post("voice", "X-Ib-Hmac-Signature", Base64.getEncoder().encodeToString(hmac(BODY))));
        assertEquals(401, post("voice", "X-Ib-Hmac-Signature", HexFormat.of().formatHex(hmac(BODY))));
    }

    @Test
    void ofAFormOfTwilio() throws Exception {
        var path = "/callbacks/twilio/form?reference=a%20b&c";
        var form = "To=%2B447700900199&MessageStatus=sent&MessageSid=SM-signed&Empty=&Body=%C5%99+%26+r";
        var signed =
                "https://sms.example.com" + path + "Bodyř & rEmptyMessageSidSM-signedMessageStatussentTo+447700900199";
        assertEquals(200, twilio(path, form, signed));
        assertEquals(401, twilio(path, form, signed.replace("https", "http")), "not the public URL");
        assertEquals(401, twilio(path, form + "&More=1", signed));
        assertEquals(401, twilio("/callbacks/twilio/form?reference=a+b&c", form, signed), "another query");
        gateway.queues().drain();
    }

    @Test
    void ofEventStreams() throws Exception {
        var sha256 = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(BODY.getBytes(StandardCharsets.UTF_8)));
        var path = "/callbacks/twilio/json?bodySHA256=" + sha256;
        assertEquals(200, twilio(path, BODY, "https://sms.example.com" + path));
        assertEquals(401, twilio(path, BODY + " ", "https://sms.example.com" + path), "another body");
        assertEquals(
                401,
                twilio("/callbacks/twilio/json", BODY, "https://sms.example.com/callbacks/twilio/json"),
                "without the digest");
        gateway.queues().drain();
    }

    private int twilio(String path, String body, String signed) throws Exception {
        var signature = Base64.getEncoder().encodeToString(hmac("HmacSHA1", signed));
        return post(path, body, new String[] {"X-Twilio-Signature", signature});
    }

    private int post(String account, String... headers) throws Exception {
        return post("/callbacks/infobip/" + account, BODY, headers);
    }

    private int post(String path, String body, String[] headers) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(gateway.uri(path))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .headers(headers)
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static byte[] hmac(String text) throws Exception {
        return hmac("HmacSHA256", text);
    }

    private static byte[] hmac(String algorithm, String text) throws Exception {
        var mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(TestGateway.SIGNING_KEY.getBytes(StandardCharsets.UTF_8), algorithm));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
