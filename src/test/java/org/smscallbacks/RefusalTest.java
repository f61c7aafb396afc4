package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused, for every provider alike: with which answer, and what is kept of it. */
class RefusalTest {

    private static final int MAX_BODY = 8 << 20;

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.shared();
        gateway.queues().drain();
    }

    static List<String> providers() throws Exception {
        return List.copyOf(BundleTest.providers());
    }

    @ParameterizedTest
    @MethodSource("providers")
    void keepsWhatIsNeitherJsonNorXml(String provider) throws Exception {
        for (var body : List.of(
                "",
                " ",
                "secret words of a subscriber",
                "{\"results\":[{\"to\":\"420777",
                "<a><b></a>",
                "[1]]",
                "<a/>x")) {
            var answer = gateway.post(provider, body);
            isProblem(400, answer);
            assertFalse(answer.body().contains("secret"), "never echoes the request");
            var kept = onlyEvent();
            assertEquals("sms.unrecognised", kept.get("type").asText());
            assertEquals(body, kept.get("data").get("raw").asText());
            assertFalse(kept.get("data").has("index"));
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void keepsBytesThatAreNoTextAsBase64(String provider) throws Exception {
        byte[] bytes = {'{', (byte) 0xC3, '(', (byte) 0xFF, 0, '}'};
        isProblem(400, gateway.post(provider, bytes));
        assertEquals(
                Base64.getEncoder().encodeToString(bytes),
                onlyEvent().get("data").get("rawBase64").asText());
    }

    @ParameterizedTest
    @MethodSource("providers")
    void keepsAnIdenticalBodyOnce(String provider) throws Exception {
        var body = "{\"cut short by " + provider + "\":";
        isProblem(400, gateway.post(provider, body));
        isProblem(400, gateway.post(provider, body));
        assertEquals(body, onlyEvent().get("data").get("raw").asText());
    }

    @ParameterizedTest
    @MethodSource("providers")
    void keepsAShapeNobodyKnowsAndAcceptsIt(String provider) throws Exception {
        var body = "{\"a shape\":\"nobody at " + provider + " knows\"}";
        assertEquals(200, gateway.post(provider, body).statusCode());
        assertEquals(EventAssert.JSON.readTree(body), onlyEvent().get("data").get("raw"));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesXmlWithADocumentTypeOrEntities(String provider) throws Exception {
        for (var body : List.of(
                "<!DOCTYPE r [<!ENTITY e \"x\">]><r><state id_sms=\"1\">&e;</state></r>",
                "<!DOCTYPE r SYSTEM \"http://127.0.0.1:1/r.dtd\"><r/>",
                "<r>&nothing;</r>")) {
            isProblem(400, gateway.post(provider, body));
            assertEquals(body, onlyEvent().get("data").get("raw").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesWhatIsDeeperLongerOrMoreThanTheLimits(String provider) throws Exception {
        var tooDeep = "[".repeat(65) + "]".repeat(65);
        var tooLong = "[\"" + "x".repeat((1 << 20) + 1) + "\"]";
        var tooMany = "[" + "{},".repeat(10_000) + "{}]";
        var tooDeepXml = "<a>".repeat(65) + "</a>".repeat(65);
        var tooLongXml = "<a b=\"" + "x".repeat((1 << 20) + 1) + "\"/>";
        var tooManyXml = "<a>" + "<state/>".repeat(10_001) + "</a>";
        for (var body : List.of(tooDeep, tooLong, tooMany, tooDeepXml, tooLongXml, tooManyXml)) {
            isProblem(400, gateway.post(provider, body));
            assertEquals(body, onlyEvent().get("data").get("raw").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void takesWhatIsJustWithinTheLimits(String provider) throws Exception {
        for (var body : List.of("[" + "[".repeat(63) + "]".repeat(63) + "]", "[\"" + "x".repeat(1 << 20) + "\"]")) {
            assertEquals(200, gateway.post(provider, body).statusCode());
            onlyEvent();
        }
    }

    @Test
    void refusesMoreNamesAndValuesThanTheMemoryIsFor() throws Exception {
        var items = "[" + "{},".repeat(9_000) + "{}]";
        var body = "[" + (items + ",").repeat(60) + "{}]";
        isProblem(400, gateway.post("infobip", body));
        assertEquals(body, onlyEvent().get("data").get("raw").asText());
    }

    @Test
    void refusesABodyThatNamesItsItemsTwice() throws Exception {
        isProblem(400, gateway.post("infobip", "{\"results\":[{\"a\":1}],\"results\":[]}"));
        onlyEvent();
    }

    @Test
    void storesAnItemWithAnIdOfAnyLength() throws Exception {
        var item = "{\"id_sms\":\"%s\",\"state\":\"deliver\"}";
        var body = "[" + item.formatted("short") + "," + item.formatted("9".repeat(300_000)) + "]";
        assertEquals(200, gateway.post("webcom-mobi", body).statusCode());
        var received = gateway.queues().drain();
        assertEquals(2, received.size());
        assertEquals(
                300_000,
                EventAssert.JSON
                        .readTree(received.get(1).text())
                        .get("subject")
                        .asText()
                        .length());
    }

    @Test
    void readsAQueryWithARawPercentSign() throws Exception {
        try (var socket = new Socket("127.0.0.1", gateway.httpPort())) {
            var line = "GET /callbacks/bulkgate/main?token=" + TestGateway.TOKEN
                    + "&status=10&from=420777123456&message=sleva+50%+dnes HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
            assertTrue(firstLine(socket.getInputStream()).startsWith("HTTP/1.1 200 "));
        }
        assertEquals(
                "sleva+50%+dnes",
                onlyEvent().get("data").get("raw").get("message").asText());
    }

    @Test
    void speaksNoHttp2WhoseStreamsNobodyCounts() throws Exception {
        var http2 = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        var answer = http2.send(
                HttpRequest.newBuilder(gateway.uri("/schemas/sms-event.v1.json"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
    }

    @Test
    void survivesNumbersThatWouldFillTheMemory() throws Exception {
        assertEquals(
                200,
                gateway.post("infobip", "[{\"n\":1E+999999999},{\"n\":1E-999999999}]")
                        .statusCode());
        assertEquals(2, gateway.queues().drain().size());
        for (var number : new String[] {"1e999999999", "-1E-400000"}) {
            assertEquals(200, gateway.post("infobip", number).statusCode());
            assertEquals(1, gateway.queues().drain().size());
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesABodyOverTheLimit(String provider) throws Exception {
        var body = new byte[MAX_BODY + 1];
        isProblem(413, gateway.post(provider, body));
        var chunked = HttpRequest.newBuilder(gateway.callbackUri(provider, "token=" + TestGateway.TOKEN))
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        isProblem(413, gateway.send(chunked));
        assertTrue(gateway.queues().drain().isEmpty());
    }

    @Test
    void refusesABodyOverTheLimitBeforeItHasArrived() throws Exception {
        try (var socket = new Socket("127.0.0.1", gateway.httpPort())) {
            var head = "POST /callbacks/infobip/main HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n";
            socket.getOutputStream().write((head + "[").getBytes(StandardCharsets.US_ASCII));
            assertTrue(firstLine(socket.getInputStream()).startsWith("HTTP/1.1 413 "));
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesOtherMethods(String provider) throws Exception {
        for (var method : List.of("PUT", "DELETE", "PATCH")) {
            var request = HttpRequest.newBuilder(gateway.callbackUri(provider, "token=" + TestGateway.TOKEN))
                    .method(method, HttpRequest.BodyPublishers.ofString("[]"));
            isProblem(405, gateway.send(request));
        }
    }

    @Test
    void knowsNoOtherPath() throws Exception {
        for (var path : List.of(
                "/", "/callbacks", "/callbacks/nobody/main", "/callbacks/infobip", "/callbacks/infobip/main/more")) {
            isProblem(404, gateway.get(gateway.uri(path + "?token=" + TestGateway.TOKEN)));
        }
    }

    @Test
    void readsAnyContentType() throws Exception {
        for (var type : List.of(
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
                "application/xml",
                "nonsense")) {
            var body = "{\"results\":[{\"said to be\":\"" + type + "\",\"filler\":\"" + "x".repeat(20_000) + "\"}]}";
            var request = HttpRequest.newBuilder(gateway.callbackUri("infobip", "token=" + TestGateway.TOKEN))
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            assertEquals(200, gateway.send(request).statusCode(), type);
            assertEquals(
                    type, onlyEvent().get("data").get("raw").get("said to be").asText());
        }
    }

    @Test
    void readsWhatAClientSendsAfterAskingWhetherItMay() throws Exception {
        var request = HttpRequest.newBuilder(gateway.callbackUri("infobip", "token=" + TestGateway.TOKEN))
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofString("{\"results\":[]}"));
        assertEquals(200, gateway.send(request).statusCode());
    }

    @Test
    void keepsNeighboursOfABadItemInTheirOrder() throws Exception {
        var items = IntStream.range(0, 100)
                .mapToObj(i -> i % 10 == 3
                        ? "{\"bad\":" + i + "}"
                        : "{\"id_sms\":\"neighbour-" + i + "\",\"state\":\"deliver\"}")
                .collect(Collectors.joining(",", "[", "]"));
        assertEquals(200, gateway.post("webcom-mobi", items).statusCode());
        var received = gateway.queues().drain();
        assertEquals(
                90,
                received.stream()
                        .filter(r -> r.queue().equals("sms.delivery.final"))
                        .count());
        assertEquals(
                IntStream.range(0, 10).map(i -> i * 10 + 3).boxed().toList(),
                received.stream()
                        .filter(r -> r.queue().equals("sms.unrecognised"))
                        .map(r -> data(r).get("index").asInt())
                        .toList());
    }

    private static com.fasterxml.jackson.databind.JsonNode data(Queues.Received received) {
        try {
            return EventAssert.eventIn(received).get("data");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private com.fasterxml.jackson.databind.JsonNode onlyEvent() throws Exception {
        var received = gateway.queues().drain();
        assertEquals(1, received.size());
        return EventAssert.eventIn(received.get(0));
    }

    private static void isProblem(int status, HttpResponse<String> answer) throws Exception {
        assertEquals(status, answer.statusCode());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        var problem = EventAssert.JSON.readTree(answer.body());
        assertEquals(status, problem.get("status").asInt());
        assertFalse(problem.get("title").asText().isEmpty());
    }

    private static String firstLine(InputStream stream) throws Exception {
        var line = new StringBuilder();
        for (int c = stream.read(); c >= 0 && c != '\n'; c = stream.read()) {
            line.append((char) c);
        }
        return line.toString();
    }
}
