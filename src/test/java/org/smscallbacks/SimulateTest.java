package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.smscallbacks.config.Settings;
import org.smscallbacks.operator.command.SmsCommand;

/** <code>sms simulate</code>: a provider that calls, and a gateway that answers, or does not. */
class SimulateTest {

    private static final List<String> QUICK =
            List.of("--examples", "src/test/resources/fixtures", "--rate", "100", "--pause", "0s", "--json");

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.shared();
        gateway.queues().drain();
    }

    static Set<String> providers() throws Exception {
        return Project.THIS.providers();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void sendsWhatEveryGatewayTakesAndUnderstands(String provider) throws Exception {
        var shown = simulate(provider, "--account", "main", "--count", "40");
        assertEquals(0, shown.code(), shown::toString);
        var summary = summary(shown);
        assertEquals(40, summary.get("sent").asInt(), shown::toString);
        assertEquals(Set.of("200"), names(summary.get("answers")), shown::toString);
        assertEquals(40, summary.at("/answers/200").asInt());
        assertEquals(0, summary.get("repeated").asInt());
        var received = gateway.queues().drain();
        assertTrue(received.stream().noneMatch(event -> event.queue().equals("sms.unrecognised")), () -> "" + received);
        var messages = new ArrayList<String>();
        for (var event : received) {
            messages.add(EventAssert.eventIn(event).at("/data/messageId").asText());
        }
        assertFalse(summary.get("messages").isEmpty());
        summary.get("messages").forEach(message -> assertTrue(messages.contains(message.asText()), message::asText));
    }

    @ParameterizedTest
    @CsvSource({
        "infobip, basic",
        "infobip, signed",
        "infobip, hub",
        "infobip, exchange",
        "twilio, signed",
        "vonage, signed",
        "bulkgate, signed"
    })
    void signsAsTheProviderDoes(String provider, String account) throws Exception {
        var shown = simulate(provider, "--account", account, "--count", "15");
        assertEquals(0, shown.code(), shown::toString);
        assertEquals(15, summary(shown).at("/answers/200").asInt(), shown::toString);
        assertNoSecretIn(shown);
        gateway.queues().drain();
    }

    @Test
    void saysWhatToTypeNext() throws Exception {
        var arguments = arguments("kannel", "--account", "main", "--count", "12", "--seed", "4711");
        arguments.remove("--json");
        var shown = run(arguments);
        assertEquals(0, shown.code(), shown::toString);
        assertTrue(
                shown.out()
                        .startsWith("12 callbacks of kannel/main sent to http://127.0.0.1:" + gateway.httpPort()
                                + " (--seed 4711): "),
                shown::toString);
        assertTrue(shown.out().contains("\nanswered 200: 12; repeated 0, given up 0\n"), shown::toString);
        assertTrue(shown.out().contains("\n  bin/sms find "), shown::toString);
        assertTrue(shown.err().contains("12 of 12 callbacks"), shown::toString);
        assertNoSecretIn(shown);
        gateway.queues().drain();
    }

    /** As that provider does: see repeats.properties. */
    @ParameterizedTest
    @CsvSource({
        "vonage,   503, 5",
        "vonage,   401, 0",
        "infobip,  401, 5",
        "bulkgate, 500, 3",
        "jasmin,   200, 3",
        "webcom-mobi, 400, 4",
        "kannel, 302, 5"
    })
    void repeatsWhatAGatewayRefusesAndGivesUp(String provider, int status, int repeats) throws Exception {
        try (var other = new OtherGateway(call -> status)) {
            var shown = simulate(provider, "--count", "4", "--url", other.url());
            assertEquals(4, shown.code(), shown::toString);
            var summary = summary(shown);
            assertEquals(4, summary.get("givenUp").asInt(), shown::toString);
            assertEquals(4 * repeats, summary.get("repeated").asInt(), shown::toString);
            assertEquals(4 + 4 * repeats, summary.at("/answers/" + status).asInt(), shown::toString);
            assertTrue(summary.get("messages").isEmpty(), shown::toString);
            assertTrue(shown.err().contains("4 callbacks were not taken"), shown::toString);
            assertNoSecretIn(shown);
        }
    }

    @Test
    void repeatsUntilItIsTaken() throws Exception {
        try (var other = new OtherGateway(call -> call < 3 ? 503 : 200)) {
            var shown = simulate("infobip", "--count", "6", "--url", other.url());
            assertEquals(0, shown.code(), shown::toString);
            var summary = summary(shown);
            assertEquals(2, summary.get("repeated").asInt(), shown::toString);
            assertEquals(6, summary.at("/answers/200").asInt(), shown::toString);
            assertEquals(0, summary.get("givenUp").asInt(), shown::toString);
        }
    }

    @Test
    void endsWhereNobodyListens() throws Exception {
        assertNobodyAnswers(
                simulate("infobip", "--url", "http://127.0.0.1:" + TestGateway.freePort(), "--silence", "0s"));
    }

    @Test
    void endsWhereAGatewayHangs() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var url = "http://127.0.0.1:" + silent.getLocalPort();
            assertNobodyAnswers(simulate("infobip", "--url", url, "--timeout", "1s", "--silence", "0s"));
        }
    }

    @Test
    void endsWhereAGatewayHangsInTheMiddleOfItsAnswer() throws Exception {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var url = "http://127.0.0.1:" + server.getLocalPort();
            var answering = new Thread(() -> answerInPart(server));
            answering.start();
            assertNobodyAnswers(simulate("infobip", "--url", url, "--timeout", "1s", "--silence", "0s"));
        }
    }

    private static void answerInPart(ServerSocket server) {
        var open = new ArrayList<Socket>();
        try {
            while (true) {
                var socket = server.accept();
                open.add(socket);
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nO".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    @Test
    void endsWhenTheGatewayDies() throws Exception {
        try (var other = new OtherGateway(call -> 200)) {
            other.diesAfter(5);
            var shown = simulate("infobip", "--url", other.url(), "--silence", "0s");
            assertNobodyAnswers(shown);
            assertTrue(summary(shown).at("/answers/200").asInt() >= 1, shown::toString);
        }
    }

    @Test
    void endsWhenItIsStopped() throws Exception {
        var command = new SmsCommand[1];
        try (var other = new OtherGateway(call -> {
            command[0].stop();
            return 200;
        })) {
            command[0] = command();
            var arguments = arguments("infobip", "--count", "10000", "--url", other.url());
            var shown = Terminal.with().run(command[0], new StringWriter(), arguments.toArray(String[]::new));
            assertEquals(4, shown.code(), shown::toString);
            assertTrue(shown.err().contains("interrupted"), shown::toString);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody                                        | there are no examples of nobody",
                "infobip --account nobody                      | there is no account nobody of infobip",
                "infobip --examples src/test                   | there are no examples of infobip in ",
                "infobip --count 0                             | --count is from 1 to 10000",
                "infobip --count 10001                         | --count is from 1 to 10000",
                "infobip --rate 0                              | --rate is from 0.1 to 100",
                "infobip --rate NaN                            | --rate is from 0.1 to 100",
                "infobip --rate 101                            | --rate is from 0.1 to 100",
                "infobip --timeout 0s                          | --timeout is at least 1s",
                "infobip --url ftp://127.0.0.1                 | --url is scheme, host and port only",
                "infobip --url http://127.0.0.1/callbacks      | --url is scheme, host and port only",
                "infobip --url http://caller@127.0.0.1         | --url is scheme, host and port only",
                "infobip --url http://127.0.0.1:99999          | --url is scheme, host and port only",
            })
    void saysWhatIsWrong(String line, String said) throws Exception {
        var shown = simulate(line.split(" +"));
        assertEquals(2, shown.code(), shown::toString);
        assertTrue(shown.err().contains(said), shown::toString);
        assertNoSecretIn(shown);
    }

    private static void assertNobodyAnswers(Terminal.Output shown) throws Exception {
        assertEquals(4, shown.code(), shown::toString);
        assertTrue(shown.err().contains("nobody answers at http://127.0.0.1:"), shown::toString);
        assertTrue(summary(shown).at("/answers/none").asInt() >= 1, shown::toString);
        assertNoSecretIn(shown);
    }

    private static void assertNoSecretIn(Terminal.Output shown) {
        for (var secret : List.of(
                TestGateway.TOKEN, TestGateway.PASSWORD, TestGateway.SIGNING_KEY, Settings.DEMO_SECRET, "token=")) {
            assertFalse(shown.toString().contains(secret), shown::toString);
        }
    }

    private Terminal.Output simulate(String... arguments) throws Exception {
        return run(arguments(arguments));
    }

    /** What comes later overrides what came before. */
    private static List<String> arguments(String... own) {
        var given = List.of(own);
        var usual = given.contains("--examples") ? QUICK.subList(2, QUICK.size()) : QUICK;
        if (given.contains("--rate")) {
            usual = usual.stream()
                    .filter(word -> !Set.of("--rate", "100").contains(word))
                    .toList();
        }
        return new ArrayList<>(Stream.of(List.of("simulate"), given, usual)
                .flatMap(List::stream)
                .toList());
    }

    private Terminal.Output run(List<String> arguments) throws Exception {
        return Terminal.with().run(command(), new StringWriter(), arguments.toArray(String[]::new));
    }

    /** With the configuration of the shared gateway. */
    private SmsCommand command() {
        return new SmsCommand(gateway::configured);
    }

    private static JsonNode summary(Terminal.Output shown) throws Exception {
        return EventAssert.JSON.readTree(shown.out());
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** One that answers what it likes. */
    private static final class OtherGateway implements AutoCloseable {

        private final HttpServer server;
        private final AtomicInteger calls = new AtomicInteger();
        private volatile int last = Integer.MAX_VALUE;

        /** @param answers the status for each call, counted from 1 */
        OtherGateway(IntUnaryOperator answers) throws Exception {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.createContext("/", exchange -> {
                int call = calls.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                if (call <= last) {
                    exchange.sendResponseHeaders(answers.applyAsInt(call), -1);
                }
                exchange.close();
            });
            server.start();
        }

        /** From then on connections break. */
        void diesAfter(int calls) {
            last = calls;
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
