package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers who would have the memory for bodies to themselves. The gateway is one more, for its time limit is short. */
class BodyMemoryTest {

    /** An account whose callers show nothing but a signature over the body. */
    private static final String STRANGER = "/callbacks/infobip/signed";

    private static final String KNOWN = "/callbacks/bulkgate/main?token=" + TestGateway.TOKEN;
    private static final int ATTACKERS = 30;
    private static final int LARGEST = 8 << 20;

    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = TestGateway.withRoutes(BundleTest.ROUTES)
                .set("sms.http.body-timeout", "2s")
                .start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({STRANGER + ",1", STRANGER + ",30", KNOWN + ",30"})
    void whoAnnouncesMuchKeepsNobodyOut(String path, int callers) throws Exception {
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < callers; i++) {
                sockets.add(announce(path, LARGEST));
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(200, others());
            }
            for (var socket : sockets) {
                assertEquals("HTTP/1.1 408", answer(socket), "too slow");
            }
        } finally {
            close(sockets);
        }
    }

    @ParameterizedTest
    @CsvSource({STRANGER, KNOWN})
    void whoNeverEndsKeepsNobodyOut(String path) throws Exception {
        var threads = Executors.newCachedThreadPool();
        var attacks = new ArrayList<Future<String>>();
        for (int i = 0; i < ATTACKERS; i++) {
            attacks.add(threads.submit(() -> sendWithoutEnd(path)));
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(200, others());
        }
        for (var attack : attacks) {
            assertTrue(
                    List.of("HTTP/1.1 503", "HTTP/1.1 413", "HTTP/1.1 408", "").contains(attack.get()), attack.get());
        }
        threads.shutdown();
        assertNothingIsBooked();
    }

    /** Chunks, until it is told that it is enough; empty when the connection ended under it. */
    private static String sendWithoutEnd(String path) throws IOException {
        var chunk = ("4000\r\n" + " ".repeat(0x4000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (var socket = new Socket("127.0.0.1", gateway.httpPort())) {
            send(socket, "POST " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int sent = 0; sent <= LARGEST && socket.getInputStream().available() == 0; sent += chunk.length) {
                socket.getOutputStream().write(chunk);
            }
            return answer(socket);
        } catch (SocketException e) {
            return "";
        }
    }

    @ParameterizedTest
    @CsvSource({"/callbacks/bulkgate/nobody", "/nowhere"})
    void whoGoesOnAfterTheAnswerIsCutOffAndWhoEndsIsNot(String path) throws Exception {
        try (var going = announce(path, LARGEST);
                var ending = new Socket("127.0.0.1", gateway.httpPort())) {
            send(ending, "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[");
            send(ending, "]");
            var said = new BufferedReader(new InputStreamReader(going.getInputStream(), StandardCharsets.US_ASCII));
            await().until(() -> said.readLine() == null);
            var asked = ending.getInputStream();
            assertTrue(answer(ending).startsWith("HTTP/1.1 40"));
            asked.skipNBytes(asked.available());
            send(ending, "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals("HTTP/1.1 200", answer(ending));
        }
    }

    @Test
    void whatEndsEarlyIsForgotten() throws Exception {
        for (int i = 0; i < 5; i++) {
            for (var path : List.of(STRANGER, KNOWN, "/openapi.json", "/nowhere")) {
                try (var socket = announce(path, LARGEST)) {
                    send(socket, " ".repeat(LARGEST / 2));
                } catch (SocketException e) {
                    // refused before all was sent
                }
            }
        }
        assertNothingIsBooked();
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 2|Content-Length: 3, 400",
        "Content-Length: 2|Transfer-Encoding: chunked, 400",
        "Content-Length: -1, 400",
        "Content-Length: two, 400",
        "Content-Length: 9999999|Expect: 100-continue, 413",
        "Content-Length: 2|Expect: tea, 417"
    })
    void refusesABodyItCannotCount(String headers, String status) throws Exception {
        try (var socket = new Socket("127.0.0.1", gateway.httpPort())) {
            send(socket, "POST " + KNOWN + " HTTP/1.1\r\nHost: x\r\n" + headers.replace("|", "\r\n") + "\r\n\r\n");
            assertEquals("HTTP/1.1 " + status, answer(socket));
        }
    }

    @Test
    void aChunkThatLiesIsNoCallback() throws Exception {
        try (var socket = new Socket("127.0.0.1", gateway.httpPort())) {
            send(
                    socket,
                    "POST " + KNOWN
                            + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[]]\r\n0\r\n\r\n");
            assertEquals("", answer(socket));
        }
    }

    @Test
    void whoAsksWithoutListeningKeepsNobodyOut() throws Exception {
        try (var socket = new Socket("127.0.0.1", gateway.httpPort())) {
            var requests = "GET /asyncapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000);
            var attack = Executors.newSingleThreadExecutor().submit(() -> {
                for (int i = 0; i < 100; i++) {
                    send(socket, requests);
                }
                return null;
            });
            for (int i = 0; i < 20; i++) {
                assertEquals(200, others());
            }
            await().until(attack::isDone);
            assertThrows(ExecutionException.class, attack::get, "the connection is closed");
        }
    }

    @Test
    void requestsInARowAreAnsweredInTheirOrder() throws Exception {
        try (var socket = new Socket("127.0.0.1", gateway.httpPort())) {
            var body = "[{\"status\":\"1\",\"smsID\":\"row\",\"to\":\"420777000165\"}]";
            for (int i = 0; i < 20; i++) {
                send(
                        socket,
                        "POST " + (i % 2 == 0 ? KNOWN : "/callbacks/bulkgate/main")
                                + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
            var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            var statuses = new ArrayList<String>();
            while (statuses.size() < 20) {
                var line = answers.readLine();
                if (line.contains("HTTP/1.1 ")) {
                    statuses.add(line.substring(line.indexOf("HTTP/1.1 ") + 9, line.indexOf("HTTP/1.1 ") + 12));
                }
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(i % 2 == 0 ? "200" : "401", statuses.get(i));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONS * HTTP/1.1|Host: x",
        "GET foo HTTP/1.1|Host: x",
        "CONNECT a:1 HTTP/1.1|Host: x",
        "GET / HTTP/1.1"
    })
    void whatIsNoRequestLeavesNobodyWaiting(String lines) throws Exception {
        try (var socket = new Socket("127.0.0.1", gateway.httpPort())) {
            send(socket, lines.replace("|", "\r\n") + "\r\n\r\n");
            assertTrue(answer(socket).matches("HTTP/1.1 4.."));
        }
    }

    @ParameterizedTest
    @CsvSource({"/callbacks/%zz/main", "/callbacks/bulkgate/%zz", "/%"})
    void aPathThatCannotBeDecodedIsNoErrorOfOurs(String path) throws Exception {
        try (var socket = new Socket("127.0.0.1", gateway.httpPort())) {
            send(socket, "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[]");
            assertEquals("HTTP/1.1 400", answer(socket));
        }
    }

    @Test
    void aCallerWhoHangsUpIsNoErrorInTheLog() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var socket = announce(KNOWN, 1_000)) {
                socket.setSoLinger(true, 0);
                send(socket, i % 2 == 0 ? "[" : "[" + " ".repeat(998));
            }
        }
        await().until(() -> !TestGateway.logged("the caller hung up").isEmpty());
        assertEquals(List.of(), TestGateway.logged("Unhandled exception in router"));
    }

    /** The largest body there may be is taken, of one whose credentials are proven and of one who has to sign it. */
    private static void assertNothingIsBooked() throws Exception {
        var largest = ("[" + " ".repeat(LARGEST - 2) + "]").getBytes(StandardCharsets.US_ASCII);
        await().until(() -> gateway.post("bulkgate", largest).statusCode() == 200);
        await().until(() -> gateway.post(gateway.uri(STRANGER), largest).statusCode() == 401);
        assertEquals(200, others());
    }

    private static int others() throws Exception {
        return gateway.post("webcom-mobi", "[]".getBytes(StandardCharsets.US_ASCII))
                .statusCode();
    }

    private static Socket announce(String path, int length) throws IOException {
        var socket = new Socket("127.0.0.1", gateway.httpPort());
        send(socket, "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n[");
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The first words of what is answered; empty when the connection is closed without. */
    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }
}
