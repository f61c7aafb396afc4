package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The alerts and the dashboard that come with the gateway: about metrics it has, and alerts when they should. */
class MonitoringTest {

    private static final Path ALERTS = Path.of("src/main/dist/monitoring/alerts.yml");
    private static final Path SERIES = Path.of("src/test/resources/monitoring/alerts.test.yml");
    private static final Path DASHBOARD = Path.of("src/main/dist/monitoring/dashboard.json");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{ *(?:\\$labels[.])?(\\w+) *}}");
    private static final String PROMTOOL = "promtool";

    @TempDir
    private Path folder;

    @Test
    void asksForNothingThatIsNotExported() throws Exception {
        var shared = TestGateway.shared();
        // a signature that fails is counted when it fails; a queue of dead letters is made when there are some
        shared.post(shared.uri("/callbacks/infobip/signed"), "{}".getBytes(StandardCharsets.UTF_8));
        var name = "sms.dead.monitored";
        try (var operator = shared.operator();
                var context = operator.createContext()) {
            context.createProducer().send(context.createQueue(name), "dead");
            context.createConsumer(context.createQueue(name)).receive();
        }
        try (var withTargets = TestGateway.withBrokerAt(shared.brokerPort())
                .set("sms.target.monitored.url", "http://127.0.0.1:1/")
                .set("sms.target.monitored.secret", TargetGateway.SECRET)
                .start()) {
            // a pause for garbage is counted when there was one
            System.gc();
            await().untilAsserted(() -> {
                var exported = ExportedSeries.read(metrics(shared), metrics(withTargets));
                assertEquals(
                        List.of(),
                        expressions().flatMap(exported::missingFor).distinct().toList());
            });
        }
    }

    private static String metrics(TestGateway gateway) throws Exception {
        return gateway.get(gateway.managementUri("/observe/metrics")).body();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(sms_callback_total[5m])",
                "sms_callbacks_total{result=\"200\"}",
                "sum by (results) (sms_callbacks_total)",
                "sms_callbacks_total{provider=\"infobip\", outcome=\"419\"}",
                "sms_queue_messages{queue=~\"sms[.]dear[.].*\"} > 0"
            })
    void noticesWhatIsNotExported(String expression) throws Exception {
        var exported = ExportedSeries.read(metrics(TestGateway.shared()));
        assertEquals(1, exported.missingFor(expression).count());
    }

    @Test
    void saysWhatToDoAndIsTestedForEachAlert() throws Exception {
        var docs = Files.readString(Path.of("docs/operating.md"));
        var series = Files.readString(SERIES);
        for (var alert : alerts()) {
            var name = alert.path("alert").asText();
            assertTrue(alert.at("/labels/severity").asText().matches("warning|critical"), name);
            for (var annotation : new String[] {"summary", "action"}) {
                assertFalse(alert.at("/annotations/" + annotation).asText().isBlank(), name);
            }
            assertTrue(docs.contains("\n| `" + name + "` |"), name + " is not in the table of docs/operating.md");
            assertTrue(series.contains("alertname=\"" + name + "\""), name + " never fires in " + SERIES);
        }
    }

    @Test
    void namesOnlyLabelsInTheLegendsThatItsQueriesKeep() throws Exception {
        var ids = new HashSet<Integer>();
        for (var panel : dashboard().path("panels")) {
            assertTrue(ids.add(panel.path("id").asInt()), "an id that comes twice");
            for (var target : panel.path("targets")) {
                assertEquals("${datasource}", target.at("/datasource/uid").asText());
                var placeholder =
                        PLACEHOLDER.matcher(target.path("legendFormat").asText());
                while (placeholder.find()) {
                    var label = placeholder.group(1);
                    var expression = target.path("expr").asText();
                    assertTrue(
                            label.equals("instance") || expression.matches("(?s).*by \\([^)]*\\b" + label + "\\b.*"),
                            expression);
                }
            }
        }
    }

    @Test
    void alertsOnRecordedSeriesAndOnNoOthers() throws Exception {
        promtool("check", "rules", "" + ALERTS);
        promtool("test", "rules", "" + SERIES);
    }

    @Test
    void hasOnlyQueriesThatPrometheusCanRead() throws Exception {
        var rules = EventAssert.JSON.createObjectNode();
        var group = rules.putArray("groups").addObject().put("name", "dashboard");
        var record = group.putArray("rules");
        queries().forEach(query -> record.addObject()
                .put("record", "query_" + record.size())
                .put("expr", ExportedSeries.filledIn(query)));
        var file = folder.resolve("dashboard.yml");
        // JSON is YAML
        Files.writeString(file, rules.toString());
        promtool("check", "rules", "" + file);
    }

    private static void promtool(String... arguments) throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROMTOOL))),
                "promtool is not on the PATH: install it with Prometheus, or what the alerts do is not tested");
        var command = new ArrayList<>(List.of(PROMTOOL));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private static Stream<String> expressions() throws IOException {
        return Stream.concat(alerts().stream().map(alert -> alert.path("expr").asText()), queries());
    }

    private static Stream<String> queries() throws IOException {
        return dashboard().findValues("expr").stream().map(JsonNode::asText);
    }

    private static JsonNode dashboard() throws IOException {
        return EventAssert.JSON.readTree(Files.readString(DASHBOARD));
    }

    private static List<JsonNode> alerts() throws IOException {
        var yaml = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(ALERTS));
        var alerts = new ArrayList<JsonNode>();
        EventAssert.JSON.valueToTree(yaml).path("groups").forEach(group -> group.path("rules")
                .forEach(alerts::add));
        assertFalse(alerts.isEmpty());
        return alerts;
    }
}
