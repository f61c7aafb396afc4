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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        var path = "/callbacks/twilio/signed?reference=a%20b&c";
        var form = "To=%2B447700900199&MessageStatus=sent&MessageSid=SM-signed&Empty=&Body=%C5%99+%26+r";
        var signed =
                "https://sms.example.com" + path + "Bodyř & rEmptyMessageSidSM-signedMessageStatussentTo+447700900199";
        assertEquals(200, twilio(path, form, signed));
        assertEquals(200, twilio(path, form, signed.replace(".com/", ".com:443/")), "Twilio's libraries take both");
        assertEquals(401, twilio(path, form, signed.replace(".com/", ".com:80/")));
        assertEquals(401, twilio(path, form + "&More=1", signed));
        assertEquals(401, twilio(path, form + "&To=%2B447700900199", signed), "doubled");
        assertEquals(401, twilio("/callbacks/twilio/signed?reference=a+b&c", form, signed), "another query");
        assertEquals(401, post(path, form, new String[] {"X-Twilio-Signature", ""}));
        gateway.queues().drain();
    }

    @Test
    void ofAGetOfTwilio() throws Exception {
        var path = "/callbacks/twilio/signed?MessageStatus=sent&MessageSid=SM-get";
        assertEquals(200, get(path, "https://sms.example.com" + path));
        assertEquals(401, get(path, "https://sms.example.com" + path + "MessageSidSM-getMessageStatussent"));
        assertEquals(401, get(path + "&To=1", "https://sms.example.com" + path));
        gateway.queues().drain();
    }

    /** Right, but over the URL that the request shows, not over the one that is configured: the operator is told. */
    @Test
    void ofAnotherUrlIsToldApart() throws Exception {
        var path = "/callbacks/twilio/signed?MessageStatus=sent&MessageSid=SM-url";
        double before = failures("twilio", "url");
        assertEquals(401, get(path, gateway.uri(path).toString()));
        assertEquals(401, get(path, gateway.uri(path).toString().replace("http:", "https:")));
        assertEquals(before + 2, failures("twilio", "url"));
    }

    @Test
    void ofEventStreams() throws Exception {
        var sha256 = sha256(BODY);
        var path = "/callbacks/twilio/signed?bodySHA256=" + sha256;
        assertEquals(200, twilio(path, BODY, "https://sms.example.com" + path));
        assertEquals(401, twilio(path, BODY + " ", "https://sms.example.com" + path), "another body");
        assertEquals(
                401,
                twilio("/callbacks/twilio/signed", BODY, "https://sms.example.com/callbacks/twilio/signed"),
                "without the digest");
        gateway.queues().drain();
    }

    /** A signature over the URL alone, for whatever is sent to it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"data\":{\"messageSid\":\"SM-forged\",\"messageStatus\":\"DELIVERED\"}}]",
                "<x><MessageSid>SM-forged</MessageSid><MessageStatus>delivered</MessageStatus></x>",
                "{\"MessageSid\":\"SM-forged\",\"MessageStatus\":\"delivered\"}",
                "\"text\"",
                "MessageSid=SM-forged&MessageStatus=delivered"
            })
    void ofAnUrlDoesNotHoldForABody(String body) throws Exception {
        var path = "/callbacks/twilio/signed?MessageSid=SM-real&MessageStatus=sent";
        assertEquals(401, twilio(path, body, "https://sms.example.com" + path));
        var withDigest = "/callbacks/twilio/signed?bodySHA256=" + sha256(BODY);
        assertEquals(401, twilio(withDigest, body, "https://sms.example.com" + withDigest));
    }

    /** As many fields as 8 MiB have, from somebody who has no secret: an answer, and the next one is served. */
    @Test
    void ofMoreFieldsThanACallbackHas() throws Exception {
        assertEquals(401, post("/callbacks/twilio/signed", "a=&".repeat(2_500_000), new String[] {"A", "b"}));
        assertEquals(401, post("/callbacks/vonage/signed", "a=&".repeat(2_500_000), new String[] {"A", "b"}));
        assertEquals(400, gateway.post("twilio", "a=&".repeat(10_001)).statusCode(), "nor with credentials");
        gateway.queues().drain();
    }

    @Test
    void ofTheSmsApiOfVonage() throws Exception {
        long now = Instant.now().getEpochSecond();
        var fields = "messageId=V-signed&msisdn=447700900198&status=delivered&timestamp=" + now;
        var sig = "&sig=" + HexFormat.of().formatHex(hmac("&" + fields));
        assertEquals(200, vonageGet(fields + sig));
        assertEquals(200, vonageGet(fields + sig.toUpperCase().replace("SIG", "sig")));
        assertEquals(200, vonageGet(sig + "&network-code=&" + fields), "reordered, and an empty one");
        assertEquals(200, post("/callbacks/vonage/signed", fields + sig, new String[] {"A", "b"}), "a form");
        var json = "{\"messageId\":\"V-signed\",\"msisdn\":\"447700900198\",\"status\":\"delivered\",\"timestamp\":"
                + now + ",\"sig\":\"" + sig.substring(5) + "\"}";
        assertEquals(200, post("/callbacks/vonage/signed", json, new String[] {"A", "b"}), "as JSON");
        assertEquals(401, vonageGet(fields), "missing");
        assertEquals(401, vonageGet(fields.replace("delivered", "failed") + sig), "tampered");
        assertEquals(401, vonageGet(fields + "&status=failed" + sig), "doubled");
        assertEquals(401, vonageGet(fields + "&text=%20" + sig), "with a blank field more");
        double stale = failures("vonage", "stale");
        var late = fields.replace(String.valueOf(now), String.valueOf(now - 400));
        assertEquals(401, vonageGet(late + "&sig=" + HexFormat.of().formatHex(hmac("&" + late))), "replayed");
        assertEquals(stale + 1, failures("vonage", "stale"));
        gateway.queues().drain();
    }

    @Test
    void ofTheMessagesApiOfVonage() throws Exception {
        var body = "{\"message_uuid\":\"V-token\",\"status\":\"delivered\"}";
        long now = Instant.now().getEpochSecond();
        assertEquals(200, vonageToken(body, now, sha256(body)));
        assertEquals(401, vonageToken(body + " ", now, sha256(body)), "tampered");
        assertEquals(401, vonageToken(body, now - 400, sha256(body)), "replayed");
        assertEquals(401, vonageToken(body, now, ""), "for no body");
        assertEquals(401, vonageToken(null, now, sha256("")), "for an empty body, with a query instead");
        assertEquals(401, post("/callbacks/vonage/signed", body, new String[] {"Authorization", "Bearer a.b.c"}));
        assertEquals(401, post("/callbacks/vonage/signed", body, new String[] {"A", "b"}), "missing");
        gateway.queues().drain();
    }

    private int vonageToken(String body, long issuedAt, String hash) throws Exception {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        var header = encoder.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
        var claims = "{\"iss\":\"Vonage\",\"iat\":" + issuedAt + ",\"payload_hash\":\"" + hash + "\"}";
        var signed = header + "." + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        var token = "Bearer " + signed + "." + encoder.encodeToString(hmac(signed));
        if (body != null) {
            return post("/callbacks/vonage/signed", body, new String[] {"Authorization", token});
        }
        var get = HttpRequest.newBuilder(
                gateway.uri("/callbacks/vonage/signed?messageId=V-forged&msisdn=447700900198&status=delivered"));
        return http.send(get.header("Authorization", token).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private int vonageGet(String query) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(gateway.uri("/callbacks/vonage/signed?" + query))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private int get(String path, String signed) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(gateway.uri(path))
                                .header(
                                        "X-Twilio-Signature",
                                        Base64.getEncoder().encodeToString(hmac("HmacSHA1", signed)))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private double failures(String provider, String reason) throws Exception {
        var line = "sms_signature_failures_total{provider=\"" + provider + "\",reason=\"" + reason + "\"} ";
        return http.send(
                        HttpRequest.newBuilder(gateway.managementUri("/observe/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body()
                .lines()
                .filter(one -> one.startsWith(line))
                .mapToDouble(one -> Double.parseDouble(one.substring(line.length())))
                .sum();
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
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
