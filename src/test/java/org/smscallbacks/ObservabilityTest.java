package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator can see from outside. */
class ObservabilityTest {

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.shared();
    }

    @Test
    void isAliveAndReady() throws Exception {
        for (var path : new String[] {"", "/live", "/ready"}) {
            // not while a commit takes more than two seconds
            await().untilAsserted(() -> {
                var answer = gateway.get(gateway.managementUri("/observe/health" + path));
                assertEquals(200, answer.statusCode());
                assertEquals(
                        "UP",
                        EventAssert.JSON.readTree(answer.body()).get("status").asText());
            });
        }
        var ready = gateway.get(gateway.managementUri("/observe/health/ready")).body();
        assertTrue(ready.contains("the broker commits"), ready);
        var live = gateway.get(gateway.managementUri("/observe/health/live")).body();
        assertTrue(live.contains("embedded-broker"), live);
    }

    @Test
    void countsWhatHappens() throws Exception {
        gateway.queues().drain();
        var before = metrics();
        var batch =
                "[{\"id_sms\":\"counted-1\",\"state\":\"deliver\"},{\"id_sms\":\"counted-2\",\"state\":\"expired\"},{}]";
        gateway.post("webcom-mobi", batch);
        gateway.post("webcom-mobi", batch);
        gateway.post("webcom-mobi", "not json");
        gateway.send(java.net.http.HttpRequest.newBuilder(gateway.uri("/callbacks/webcom-mobi/nobody-we-know"))
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("[]")));

        grows(before, "sms_callbacks_total{account=\"main\",outcome=\"200\",provider=\"webcom-mobi\"}", 2);
        grows(before, "sms_callbacks_total{account=\"main\",outcome=\"400\",provider=\"webcom-mobi\"}", 1);
        grows(before, "sms_callbacks_total{account=\"unknown\",outcome=\"401\",provider=\"webcom-mobi\"}", 1);
        grows(
                before,
                "sms_events_total{provider=\"webcom-mobi\",status=\"delivered\",type=\"sms.delivery-report\"}",
                2);
        grows(before, "sms_events_total{provider=\"webcom-mobi\",status=\"expired\",type=\"sms.delivery-report\"}", 2);
        grows(before, "sms_unrecognised_total{provider=\"webcom-mobi\"}", 3);
        grows(before, "sms_duplicates_total{provider=\"webcom-mobi\"}", 3);
        grows(before, "sms_callback_acknowledge_seconds_count{provider=\"webcom-mobi\"}", 3);
        assertFalse(metrics().keySet().stream().anyMatch(name -> name.contains("nobody-we-know")));
        grows(before, "sms_queue_messages{queue=\"sms.delivery.final\"}", 2);
        assertTrue(metrics().keySet().stream().anyMatch(name -> name.startsWith("camel_routes_running")), "the routes");
        gateway.queues().drain();
    }

    /** Of what was delivered only, of a repetition once, and of what has two times that can be. */
    @Test
    void timesDeliveriesByTheClocksOfTheProvider() throws Exception {
        var before = metrics();
        var results = List.of(
                report("latency-1", "DELIVERED", "2026-03-29T10:15:02.000+0000", "2026-03-29T10:15:05.500+0000"),
                report("latency-2", "DELIVERED", "2026-03-29T10:15:02.000+0000", "2026-03-29T10:15:01.000+0000"),
                report("latency-3", "DELIVERED", "2026-03-29T10:15:02.000+0000", "yesterday"),
                report("latency-4", "EXPIRED", "2026-03-29T10:15:02.000+0000", "2026-03-31T10:15:02.000+0000"));
        var batch = "{\"results\":[" + String.join(",", results) + "]}";
        assertEquals(200, gateway.post("infobip", batch).statusCode());
        assertEquals(200, gateway.post("infobip", batch).statusCode());
        var name = "sms_delivery_latency_seconds_%s{provider=\"infobip\"%s}";
        grows(before, name.formatted("count", ""), 1);
        grows(before, name.formatted("sum", ""), 3.5);
        grows(before, name.formatted("bucket", ",le=\"2.0\""), 0);
        grows(before, name.formatted("bucket", ",le=\"5.0\""), 1);
        grows(before, name.formatted("bucket", ",le=\"259200.0\""), 1);
        assertEquals(
                14,
                metrics().keySet().stream()
                        .filter(metric -> metric.startsWith("sms_delivery_latency_seconds_bucket{provider=\"infobip\""))
                        .count());
        gateway.queues().drain();
    }

    private static String report(String id, String status, String sentAt, String doneAt) {
        return """
                {"messageId":"%s","to":"420700000001","sentAt":"%s","doneAt":"%s","status":{"groupName":"%s"}}""".formatted(id, sentAt, doneAt, status);
    }

    @Test
    void beginsEveryCounterAtNothing() throws Exception {
        try (var fresh = TestGateway.withBrokerAt(TestGateway.freePort())
                .set("sms.target.counted.url", "http://127.0.0.1:1/")
                .set("sms.target.counted.secret", TargetGateway.SECRET)
                .set("sms.target.file.url", "file:target/nothing")
                .start()) {
            var metrics = metrics(fresh);
            for (var name : List.of(
                    "sms_callbacks_total{account=\"own-words\",outcome=\"202\",provider=\"infobip\"}",
                    "sms_callbacks_total{account=\"main\",outcome=\"200\",provider=\"bulkgate\"}",
                    "sms_callbacks_total{account=\"main\",outcome=\"400\",provider=\"bulkgate\"}",
                    "sms_callbacks_total{account=\"main\",outcome=\"401\",provider=\"bulkgate\"}",
                    "sms_callbacks_total{account=\"main\",outcome=\"503\",provider=\"webcom-mobi\"}",
                    "sms_callbacks_total{account=\"unknown\",outcome=\"401\",provider=\"webcom-mobi\"}",
                    "sms_events_total{provider=\"infobip\",status=\"buffered\",type=\"sms.delivery-report\"}",
                    "sms_events_total{provider=\"infobip\",status=\"\",type=\"sms.inbound-message\"}",
                    "sms_unrecognised_total{provider=\"bulkgate\"}",
                    "sms_duplicates_total{provider=\"bulkgate\"}",
                    "sms_callback_acknowledge_seconds_count{provider=\"infobip\"}",
                    "sms_delivery_latency_seconds_count{provider=\"infobip\"}",
                    "sms_target_delivery_seconds_count{status=\"503\",target=\"counted\"}",
                    "sms_target_delivery_seconds_count{status=\"timeout\",target=\"counted\"}",
                    "sms_target_delivery_seconds_count{status=\"delivered\",target=\"file\"}")) {
                assertEquals(0.0, metrics.get(name), name);
            }
            assertTrue(metrics.get("sms_last_callback_seconds{account=\"main\",provider=\"infobip\"}") > 0);
        }
    }

    @Test
    void keepsManagementOffThePublicPort() throws Exception {
        assertEquals(404, gateway.get(gateway.uri("/observe/health")).statusCode());
        assertEquals(404, gateway.get(gateway.uri("/observe/metrics")).statusCode());
    }

    private void grows(Map<String, Double> before, String name, double by) {
        // a callback is counted once it is answered, so a moment after its answer
        await().untilAsserted(() ->
                assertEquals(by, metrics().getOrDefault(name, 0.0) - before.getOrDefault(name, 0.0), name));
    }

    private Map<String, Double> metrics() throws Exception {
        return metrics(gateway);
    }

    private static Map<String, Double> metrics(TestGateway gateway) throws Exception {
        var metrics = new TreeMap<String, Double>();
        var text = gateway.get(gateway.managementUri("/observe/metrics")).body();
        for (var line : text.split("\n")) {
            int space = line.lastIndexOf(' ');
            if (!line.startsWith("#") && space > 0) {
                metrics.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            }
        }
        return metrics;
    }
}
