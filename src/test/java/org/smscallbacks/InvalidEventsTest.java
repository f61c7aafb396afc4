package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mapping that was edited so that its events do not fit the schema: they are stored, and counted. */
class InvalidEventsTest {

    private static final String MAPPING = "bulkgate/delivery-report.jslt";
    private static final String LINE = "\"status\": $known.status";
    /** Of its own: the shared gateway takes from the usual one. */
    private static final String REPLAY_QUEUE = "sms.replay.invalid";

    private static final String VALUE = "4711-of-somebody";

    @TempDir
    private Path folder;

    private RoutesCopy routes;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        routes = RoutesCopy.in(folder);
        TestGateway.shared().queues().drain();
        gateway = TestGateway.withRoutes(folder)
                .set("sms.queue.replay", REPLAY_QUEUE)
                .start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"extra\": \"4711-of-somebody\" | /data/extra is no field of the schema",
                "\"parts\": \"4711-of-somebody\" | /data/parts has another type",
                "\"price\": {\"currency\": \"4711-of-somebody\"} | /data/price/amount is missing",
                "\"price\": {\"amount\": \"1\", \"per\": \"4711-of-somebody\"} | /data/price/per has a value that the schema",
            })
    void storesWhatAnEditedMappingWritesAndSaysWhereItDiffers(String field, String misfit) throws Exception {
        assertEquals(0, counted());
        store("before");
        assertEquals(0, counted(), "the shipped mapping's events fit");

        var words = "An event of bulkgate does not fit the schema sms-event.v1.json: " + misfit;
        int before = TestGateway.logged(words).size();
        routes.edit(MAPPING, "\"price\": if ($amount)", field + ", \"sentPrice\": if (false)");
        assertTrue(gateway.gateway().reload());
        var event = store("after-1");
        store("after-2");
        assertTrue(event.contains(VALUE), "stored as it is: " + event);
        assertEquals(2, counted());
        var said = TestGateway.logged(words);
        assertEquals(before + 1, said.size(), "once for each field: " + said);
        assertTrue(said.get(before).contains("the mapping " + MAPPING), said::toString);
        assertFalse(said.get(before).contains(VALUE), said::toString);
    }

    @Test
    void holdsWhatIsReplayedAgainstTheSchemaToo() throws Exception {
        routes.edit(MAPPING, LINE, "\"status\": \"gone\"");
        assertTrue(gateway.gateway().reload());
        var unrecognised = store("replayed");
        assertTrue(unrecognised.contains("the mapping wrote a status that does not exist"), unrecognised);
        assertEquals(0, counted(), "what is unrecognised fits");
        var words = "Items of bulkgate are kept in sms.unrecognised: the mapping wrote a status that does not exist";
        var said = TestGateway.logged(words);
        assertTrue(said.get(said.size() - 1).contains("correct the mapping " + MAPPING), said::toString);

        routes.edit(MAPPING, "\"status\": \"gone\"", "\"extra\": 1, " + LINE);
        assertTrue(gateway.gateway().reload());
        try (var factory = gateway.operator();
                var operator = factory.createContext()) {
            operator.createProducer().send(operator.createQueue(REPLAY_QUEUE), unrecognised);
        }
        await().untilAsserted(() -> assertEquals(1, counted()));
        var received = await().until(() -> gateway.queues().drain(), events -> !events.isEmpty());
        assertTrue(received.get(0).text().contains("\"extra\":1"), received.get(0)::text);
    }

    /** @return the one event that a report becomes */
    private String store(String id) throws Exception {
        var answer =
                gateway.post("bulkgate", "[{\"smsID\":\"" + id + "-" + folder.hashCode() + "\",\"status\":\"1\"}]");
        assertEquals(200, answer.statusCode());
        var events = gateway.queues().drain();
        assertEquals(1, events.size());
        return events.get(0).text();
    }

    private double counted() throws Exception {
        var metrics =
                gateway.get(gateway.managementUri("/observe/metrics")).body().lines();
        var line = metrics.filter(metric -> metric.startsWith("sms_invalid_events_total{provider=\"bulkgate\"}"))
                .findFirst();
        return Double.parseDouble(line.orElseThrow().replaceFirst(".* ", ""));
    }
}
