package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as providers and people really send them: packed, in other charsets, to URLs with slips. */
class OddRequestTest {

    private static final String TOKEN = "?token=" + TestGateway.TOKEN;
    private static final String CYRILLIC = "Привет";

    private final HttpClient http = HttpClient.newHttpClient();
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.shared();
        gateway.queues().drain();
    }

    @ParameterizedTest
    @ValueSource(strings = {"infobip", "bulkgate", "webcom-mobi", "twilio", "vonage", "kannel", "jasmin"})
    void whoeverAsksWhetherTheUrlWorksIsToldSo(String provider) throws Exception {
        for (var method : new String[] {"HEAD", "GET"}) {
            var works = send(method, "/callbacks/" + provider + "/main" + TOKEN, new byte[0]);
            assertEquals(200, works.statusCode(), method);
            assertEquals(
                    401,
                    send(method, "/callbacks/" + provider + "/main", new byte[0])
                            .statusCode());
            assertEquals(
                    401,
                    send(method, "/callbacks/" + provider + "/nobody" + TOKEN, new byte[0])
                            .statusCode());
        }
        var asks = "/callbacks/" + provider + "/main" + TOKEN + "&smsID=only-asked&messageId=only-asked&status=1";
        assertEquals(200, send("HEAD", asks, new byte[0]).statusCode(), "whatever its query says");
        assertTrue(gateway.queues().drain().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "/callbacks/bulkgate/main/?token=TOKEN",
        "/callbacks/bulkgate/main//?token=TOKEN",
        "/callbacks/bulkgate/main?token=TOKEN?a=b",
        "/callbacks/bulkgate/main?a=b&token=TOKEN?c=d&e=f"
    })
    void slipsInTheUrlLoseNothing(String url) throws Exception {
        var path = url.replace("TOKEN", TestGateway.TOKEN);
        assertEquals(200, post(path, report("slip")).statusCode());
        assertEquals(1, gateway.queues().drain().size());
    }

    @Test
    void whatFollowsASecondQuestionMarkIsTheQuery() throws Exception {
        var path = "/callbacks/bulkgate/main" + TOKEN + "?status=1&smsID=question-1&to=420777000165";
        assertEquals(200, send("GET", path, new byte[0]).statusCode());
        var event = EventAssert.eventIn(gateway.queues().drain().get(0));
        assertEquals("question-1", event.at("/data/messageId").asText());
        assertEquals("delivered", event.at("/data/status").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZip", "identity", ""})
    void packedBodiesAreUnpacked(String encoding) throws Exception {
        var body = report("packed" + encoding);
        var sent = encoding.toLowerCase().contains("gzip") ? packed(body) : body;
        assertEquals(
                200,
                post("/callbacks/bulkgate/main" + TOKEN, sent, "Content-Encoding", encoding)
                        .statusCode());
        assertEquals(1, gateway.queues().drain().size());
    }

    @Test
    void aSignatureIsOverTheBytesAsTheyCame() throws Exception {
        var body = packed("{\"results\":[]}".getBytes(StandardCharsets.UTF_8));
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(TestGateway.SIGNING_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        var signature = HexFormat.of().formatHex(mac.doFinal(body));
        assertEquals(
                200,
                post("/callbacks/infobip/signed", body, "Content-Encoding", "gzip", "X-Signature", signature)
                        .statusCode());
        assertEquals(
                401,
                post("/callbacks/infobip/signed", body, "Content-Encoding", "gzip", "X-Signature", signature + "00")
                        .statusCode());
    }

    @Test
    void whatUnpacksToMoreThanTheLimitIsRefused() throws Exception {
        var bomb = packed(new byte[64 << 20]);
        assertTrue(bomb.length < 100_000);
        assertEquals(
                413,
                post("/callbacks/bulkgate/main" + TOKEN, bomb, "Content-Encoding", "gzip")
                        .statusCode());
        assertEquals(
                200, post("/callbacks/bulkgate/main" + TOKEN, report("after")).statusCode());
    }

    @Test
    void whatCannotBeUnpackedIsKept() throws Exception {
        var whole = packed(report("cut"));
        for (var damaged :
                new byte[][] {"[]".getBytes(StandardCharsets.UTF_8), java.util.Arrays.copyOf(whole, whole.length / 2)
                }) {
            int status = post("/callbacks/bulkgate/main" + TOKEN, damaged, "Content-Encoding", "gzip")
                    .statusCode();
            assertTrue(status == 400 || status == 200 && damaged.length == 2, () -> "answered " + status);
        }
        assertEquals(1, gateway.queues().drain().size());
        assertEquals(
                415,
                post("/callbacks/bulkgate/main" + TOKEN, whole, "Content-Encoding", "br")
                        .statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1251,text/xml; charset=windows-1251,200",
        "windows-1251,application/xml;charset=\"Windows-1251\",200",
        "UTF-8,text/xml; charset=windows-1251,200",
        "windows-1251,text/xml; charset=no-such-thing,400",
        "windows-1251,text/xml,400"
    })
    void theCharsetOfTheHeaderDecidesWhereXmlIsNotUtf8(String written, String type, int status) throws Exception {
        var body = "<response><sms id_sms=\"ID\" date_receive=\"2026-03-01 12:55:55\" originator=\"79610000173\">"
                + CYRILLIC + "</sms></response>";
        assertReads(body, written, type, status);
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1251,application/json; charset=windows-1251,200",
        "UTF-8,application/json; charset=windows-1251,200",
        "windows-1251,application/json,400"
    })
    void theCharsetOfTheHeaderDecidesWhereJsonIsNotUtf8(String written, String type, int status) throws Exception {
        assertReads(
                "[{\"id_sms\":\"ID\",\"originator\":\"79610000173\",\"text\":\"" + CYRILLIC + "\"}]",
                written,
                type,
                status);
    }

    private void assertReads(String body, String written, String type, int status) throws Exception {
        var fresh = body.replace("ID", String.valueOf(System.nanoTime()));
        var answer = post(
                "/callbacks/webcom-mobi/main" + TOKEN, fresh.getBytes(Charset.forName(written)), "Content-Type", type);
        assertEquals(status, answer.statusCode());
        var event = EventAssert.eventIn(gateway.queues().drain().get(0));
        assertEquals(status == 200 ? CYRILLIC : "", event.at("/data/text").asText());
    }

    private static byte[] report(String id) {
        return ("[{\"status\":\"1\",\"smsID\":\"" + id + System.nanoTime() + "\",\"to\":\"420777000165\"}]")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    private HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
        return send("POST", path, body, headers);
    }

    private HttpResponse<String> send(String method, String path, byte[] body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(gateway.uri(path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
