package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may call, and that everybody else learns nothing. */
class GuardTest {

    private static final String NOTHING_NEW = "{\"results\":[]}";

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.shared();
        gateway.queues().drain();
    }

    @ParameterizedTest
    @CsvSource({
        "token=" + TestGateway.TOKEN,
        "token=" + TestGateway.OTHER_TOKEN,
        "a=b&token=test-token-01%3234%35%36789&c"
    })
    void letsInWithAnyTokenOfTheAccount(String query) throws Exception {
        assertEquals(200, post("infobip/main?" + query, NOTHING_NEW).statusCode());
    }

    @Test
    void takesNoCallersWordForAReplay() throws Exception {
        // signing accounts: the guard alone decides, in the route
        for (var name : List.of("callback", "variable.callback", "CamelVariable.callback")) {
            assertEquals(
                    401,
                    post("infobip/signed?" + name + "=replay", NOTHING_NEW, name, "replay")
                            .statusCode());
        }
    }

    @Test
    void letsInWithTheTokenAsBearer() throws Exception {
        assertEquals(
                200,
                post("infobip/main", NOTHING_NEW, "Authorization", "Bearer " + TestGateway.TOKEN)
                        .statusCode());
    }

    @Test
    void letsInWithUserAndPassword() throws Exception {
        assertEquals(
                200,
                post("infobip/basic", NOTHING_NEW, "Authorization", basic("caller", TestGateway.PASSWORD))
                        .statusCode());
        assertEquals(
                401,
                post("infobip/basic", NOTHING_NEW, "Authorization", basic("caller", "wrong"))
                        .statusCode());
        assertEquals(
                401,
                post("infobip/basic", NOTHING_NEW, "Authorization", "Basic %%%").statusCode());
    }

    @Test
    void letsInWithASignatureOverTheBodyAsItCame() throws Exception {
        var body = "{\"results\": [ ] }\n";
        var signature = HexFormat.of().formatHex(sign("HmacSHA256", body));
        assertEquals(200, post("infobip/signed", body, "X-Signature", signature).statusCode());
        assertEquals(
                200,
                post("infobip/signed", body, "x-signature", signature.toUpperCase())
                        .statusCode());
        assertEquals(
                401,
                post("infobip/signed", body + " ", "X-Signature", signature).statusCode());
        assertEquals(401, post("infobip/signed", body, "X-Signature", "not hex").statusCode());
        assertEquals(401, post("infobip/signed", body).statusCode());
    }

    @Test
    void wantsAllThatIsConfigured() throws Exception {
        var signature = Base64.getEncoder().encodeToString(sign("HmacSHA512", "[]"));
        var withToken = "bulkgate/signed?token=" + TestGateway.TOKEN;
        assertEquals(200, post(withToken, "[]", "X-Signature", signature).statusCode());
        assertEquals(401, post(withToken, "[]").statusCode());
        assertEquals(
                401, post("bulkgate/signed", "[]", "X-Signature", signature).statusCode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 | 200",
                "2001:db8::7 | 200",
                "198.51.100.1 | 401",
                "203.0.113.9, 127.0.0.9 | 200",
                "203.0.113.9, 198.51.100.1 | 401",
                "banana | 401",
                "'' | 401"
            })
    void believesOnlyTrustedProxiesWhereTheCallerIs(String forwardedFor, int status) throws Exception {
        var answer = post("infobip/nearby?token=" + TestGateway.TOKEN, NOTHING_NEW, "X-Forwarded-For", forwardedFor);
        assertEquals(status, answer.statusCode());
    }

    @Test
    void answersUnknownAccountsLikeWrongCredentials() throws Exception {
        var answers = new ArrayList<HttpResponse<String>>();
        for (var provider : BundleTest.providers()) {
            int first = answers.size();
            answers.add(post(provider + "/main", NOTHING_NEW));
            answers.add(post(provider + "/main?token=wrong", NOTHING_NEW));
            answers.add(post(provider + "/main?token=", NOTHING_NEW));
            answers.add(post(provider + "/nobody?token=" + TestGateway.TOKEN, NOTHING_NEW));
            answers.add(post(provider + "/main%2Fmore?token=" + TestGateway.TOKEN, NOTHING_NEW));
            var headers = answers.get(first).headers().map().keySet();
            for (var answer : answers.subList(first, answers.size())) {
                assertEquals(headers, answer.headers().map().keySet(), () -> answer.uri()
                        .getPath());
            }
        }
        for (var answer : answers) {
            assertEquals(401, answer.statusCode());
            assertEquals(answers.get(0).body(), answer.body());
            assertEquals(List.of("Bearer realm=\"callbacks\""), answer.headers().allValues("WWW-Authenticate"));
        }
        assertTrue(gateway.queues().drain().isEmpty());
    }

    @Test
    void saysInTheLogOnlyWhyItRefused() throws Exception {
        var answers = new HashSet<String>();
        for (var call : List.of(
                "infobip/nobody?token=wrong",
                "infobip/nearby?token=wrong",
                "infobip/nearby?token=" + TestGateway.TOKEN,
                "infobip/signed")) {
            answers.add(post(call, NOTHING_NEW).body());
        }
        post("infobip/signed", NOTHING_NEW, "X-Signature", "00");
        assertEquals(1, answers.size(), "the caller learns nothing");
        for (var line : List.of(
                "infobip/unknown refused 401: there is no such account",
                "infobip/nearby refused 401: wrong credentials",
                "infobip/nearby refused 401: its credentials are right, and allow-from does not have its address",
                "infobip/signed refused 401: it is not signed",
                "infobip/signed refused 401: wrong signature")) {
            assertFalse(TestGateway.logged("callback " + line).isEmpty(), line);
        }
    }

    @Test
    void believesNoAddressInTheQuery() throws Exception {
        var query = "infobip/nearby?X-Forwarded-For=203.0.113.9&token=" + TestGateway.TOKEN;
        assertEquals(
                401, post(query, NOTHING_NEW, "X-Forwarded-For", "198.51.100.1").statusCode());
        assertEquals(401, post(query, NOTHING_NEW).statusCode());
    }

    @Test
    void takesNoCredentialFromAParameterNamedLikeAHeader() throws Exception {
        var query = "infobip/main?Authorization=Bearer+" + TestGateway.TOKEN;
        assertEquals(401, post(query, NOTHING_NEW).statusCode());
    }

    @Test
    void wantsASignatureOverTheQueryOfAGet() throws Exception {
        var query = "status=1&smsID=signed-get&token=" + TestGateway.TOKEN;
        var uri = gateway.uri("/callbacks/bulkgate/signed?" + query);
        var right = Base64.getEncoder().encodeToString(sign("HmacSHA512", query));
        var ofNothing = Base64.getEncoder().encodeToString(sign("HmacSHA512", ""));
        assertEquals(
                200,
                gateway.send(HttpRequest.newBuilder(uri).header("X-Signature", right))
                        .statusCode());
        assertEquals(
                401,
                gateway.send(HttpRequest.newBuilder(uri).header("X-Signature", ofNothing))
                        .statusCode());
    }

    @Test
    void takesParametersNamedLikeItsOwn() throws Exception {
        var query = "bulkgate/main?account=other&provider=other&token=" + TestGateway.TOKEN;
        assertEquals(200, post(query, "[]").statusCode());
    }

    @Test
    void readsNoBodyOfAStranger() throws Exception {
        try (var socket = new Socket("127.0.0.1", gateway.httpPort())) {
            var head =
                    "POST /callbacks/bulkgate/main?token=wrong HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            var answer = new byte["HTTP/1.1 401".length()];
            assertEquals(answer.length, socket.getInputStream().readNBytes(answer, 0, answer.length));
            assertEquals("HTTP/1.1 401", new String(answer, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void answersInTheWordsOfTheAccount() throws Exception {
        var answer = post("infobip/own-words?token=" + TestGateway.TOKEN, NOTHING_NEW);
        assertEquals(202, answer.statusCode());
        assertEquals("PŘIJATO", answer.body());
    }

    @Test
    void readsTimesInTheZoneOfTheAccount() throws Exception {
        var item = "[{\"status\":\"1\",\"smsID\":\"zone-of-the-account\",\"date\":\"2407010900;2407010905\"}]";
        post("bulkgate/moscow?token=" + TestGateway.TOKEN, item);
        var event = EventAssert.eventIn(gateway.queues().drain().get(0));
        assertEquals("2024-07-01T06:05:00.000Z", event.get("time").asText());
    }

    @Test
    void takesNoOrdersFromHeaders() throws Exception {
        var answer = post(
                "infobip/main?token=" + TestGateway.TOKEN + "&CamelHttpResponseCode=500",
                NOTHING_NEW,
                "CamelHttpResponseCode",
                "500",
                "X-Any",
                "echo?",
                "provider",
                "other");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.headers().firstValue("X-Any").isEmpty());
    }

    private HttpResponse<String> post(String accountAndQuery, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(gateway.uri("/callbacks/" + accountAndQuery))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return gateway.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sign(String algorithm, String body) throws Exception {
        var mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(TestGateway.SIGNING_KEY.getBytes(StandardCharsets.UTF_8), algorithm));
        return mac.doFinal(body.getBytes(StandardCharsets.UTF_8));
    }
}
