package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** N items in, N events out, each once, however often the provider sends them, whichever way they are stored. */
@ParameterizedClass
@ValueSource(strings = {"embedded", "over-jms"})
class AcknowledgementTest {

    private static TestGateway overJms;

    @Parameter
    private String way;

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(way.equals("embedded") || Home.CHOSEN instanceof HomeInThisJvm, "one home is enough for the way");
        gateway = way.equals("embedded") ? TestGateway.shared() : overJms();
        gateway.queues().drain();
    }

    private static TestGateway overJms() throws Exception {
        if (overJms == null) {
            overJms = TestGateway.withRoutes(BundleTest.ROUTES).start();
        }
        return overJms;
    }

    @AfterAll
    static void stop() {
        if (overJms != null) {
            overJms.close();
            overJms = null;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "infobip, 0", "infobip, 1", "infobip, 2", "infobip, 100", "infobip, 2000",
        "bulkgate, 0", "bulkgate, 1", "bulkgate, 2", "bulkgate, 100", "bulkgate, 2000",
        "webcom-mobi, 0", "webcom-mobi, 1", "webcom-mobi, 2", "webcom-mobi, 100", "webcom-mobi, 2000"
    })
    void makesOneEventOfEachItem(String provider, int count) throws Exception {
        var ids = ids("size-" + count, 0, count);
        assertEquals(200, gateway.post(provider, body(provider, ids)).statusCode());
        assertEquals(ids, storedIds());
    }

    @ParameterizedTest
    @CsvSource({"infobip, 1", "bulkgate, 7", "webcom-mobi, 100"})
    void acceptsARepeatedCallbackAndStoresNothingNew(String provider, int count) throws Exception {
        var body = body(provider, ids("repeated", 0, count));
        assertEquals(200, gateway.post(provider, body).statusCode());
        assertEquals(count, storedIds().size());
        assertEquals(200, gateway.post(provider, body).statusCode());
        assertEquals(List.of(), storedIds());
    }

    @Test
    void storesTheNewItemsOfABatchThatMixesThemWithKnownOnes() throws Exception {
        gateway.post("webcom-mobi", body("webcom-mobi", ids("mixed", 0, 50)));
        storedIds();
        var answer = gateway.post("webcom-mobi", body("webcom-mobi", ids("mixed", 25, 75)));
        assertEquals(200, answer.statusCode());
        assertEquals(50, EventAssert.JSON.readTree(answer.body()).size(), "known ones are safe as well");
        assertEquals(ids("mixed", 50, 75), storedIds());
    }

    @Test
    void acceptsWhatAnotherGatewayStoredAndStoresTheRest() throws Exception {
        gateway.post("infobip", body("infobip", ids("gateways", 50, 100)));
        storedIds();
        try (var other = TestGateway.withRoutes(BundleTest.ROUTES).start()) {
            var answer = other.post("infobip", body("infobip", ids("gateways", 0, 200)));
            assertEquals(200, answer.statusCode());
        }
        var expected = ids("gateways", 0, 50);
        expected.addAll(ids("gateways", 100, 200));
        assertEquals(expected, storedIds());
    }

    @Test
    void storesAnItemThatIsTwiceInABatchOnce() throws Exception {
        var twice = new ArrayList<>(ids("twice", 0, 10));
        twice.addAll(ids("twice", 5, 15));
        assertEquals(200, gateway.post("bulkgate", body("bulkgate", twice)).statusCode());
        assertEquals(ids("twice", 0, 15), storedIds());
    }

    @Test
    void storesAnItemOnceWhenItArrivesManyTimesAtOnce() throws Exception {
        var callbacks = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 32; i++) {
            // overlapping batches: each item is in several of them
            var body = body("infobip", ids("at-once", i % 8, i % 8 + 8));
            callbacks.add(() -> gateway.post("infobip", body).statusCode());
        }
        var pool = Executors.newFixedThreadPool(16);
        try {
            for (var answer : pool.invokeAll(callbacks)) {
                assertEquals(200, answer.get());
            }
        } finally {
            pool.shutdownNow();
        }
        var stored = storedIds();
        assertEquals(new HashSet<>(ids("at-once", 0, 15)), new HashSet<>(stored));
        assertEquals(15, stored.size(), () -> "each once: " + stored);
    }

    @Test
    void tellsTheSameItemOfTwoAccountsApart() throws Exception {
        var body = body("infobip", ids("two-accounts", 0, 1));
        gateway.post("infobip", body);
        var other = java.net.http.HttpRequest.newBuilder(
                        gateway.uri("/callbacks/infobip/own-words?token=" + TestGateway.TOKEN))
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body));
        assertEquals(202, gateway.send(other).statusCode());
        assertEquals(2, storedIds().size());
    }

    @Test
    void storesEveryNewStatusOfAMessage() throws Exception {
        for (var state : List.of("send", "deliver", "read", "send")) {
            gateway.post(
                    "webcom-mobi",
                    "[{\"id_sms\":\"" + way + "-states\",\"time\":\"2024-03-01 12:57:46\",\"state\":\"" + state
                            + "\"}]");
        }
        var stored = storedIds();
        assertEquals(3, stored.size());
        assertTrue(stored.stream().allMatch((way + "-states")::equals));
    }

    private List<String> ids(String prefix, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> way + "-" + prefix + "-" + i)
                .collect(Collectors.toList());
    }

    private static String body(String provider, List<String> ids) {
        return switch (provider) {
            case "infobip" ->
                ids.stream()
                        .map(id -> "{\"messageId\":\"%s\",\"status\":{\"groupName\":\"DELIVERED\",\"id\":5}}"
                                .formatted(id))
                        .collect(Collectors.joining(",", "{\"results\":[", "]}"));
            case "bulkgate" ->
                ids.stream()
                        .map(id ->
                                "{\"smsID\":\"%s\",\"status\":\"1\",\"date\":\"1904111007;1904111011\"}".formatted(id))
                        .collect(Collectors.joining(",", "[", "]"));
            case "webcom-mobi" ->
                ids.stream()
                        .map(id -> "{\"id_sms\":\"%s\",\"state\":\"deliver\",\"time\":\"2024-03-01 12:57:46\"}"
                                .formatted(id))
                        .collect(Collectors.joining(",", "[", "]"));
            default -> throw new IllegalArgumentException(provider);
        };
    }

    private List<String> storedIds() throws Exception {
        var ids = new ArrayList<String>();
        for (var received : gateway.queues().drain()) {
            ids.add(EventAssert.eventIn(received).get("data").get("messageId").asText());
        }
        return ids;
    }
}
