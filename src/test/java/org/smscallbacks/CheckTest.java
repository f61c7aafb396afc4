package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** <code>sms check</code>, before a start and beside a gateway that runs. That it refuses each broken route is in {@link EditedRoutesTest}. */
class CheckTest {

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void copyConfig() throws Exception {
        TestGateway.copyConfig(folder, TestGateway.freePort());
        data = folder.resolve("data");
        set("sms.broker.data", data.toString());
    }

    @Test
    void takesWhatIsShippedAndTouchesNothing() throws Exception {
        // as beside a gateway that runs: its ports are taken
        TestGateway.copyConfig(folder, TestGateway.shared().brokerPort());
        set("sms.broker.data", data.toString());
        var checked = check();
        assertEquals(0, checked.code(), checked::toString);
        assertEquals("The gateway would start with this configuration.\n", checked.out());
        assertFalse(Files.exists(data), "no broker, no trail");
        assertEquals(
                "{\"ok\":true}\n",
                Terminal.with("--config", folder.toString())
                        .run("check", "--json")
                        .out());
    }

    @Test
    void saysWhatAStartWouldRefuse() throws Exception {
        set("sms.http.prot", "8080");
        refuses("sms.http.prot");
    }

    @Test
    void looksAtTheBrokersFiles() throws Exception {
        var file = folder.resolve("broker.xml");
        var text = Files.readString(file);
        Files.writeString(file, text.replace("<address-full-policy>PAGE", "<address-full-policy>DROP"));
        refuses("has DROP as address-full-policy");
        Files.writeString(file, text.replace("</core>", ""));
        var stderr = System.err;
        var stray = new ByteArrayOutputStream();
        System.setErr(new PrintStream(stray, true));
        try {
            refuses("broker.xml line ");
            refuses("broker.xml line ", "queues");
        } finally {
            System.setErr(stderr);
        }
        assertEquals("", stray.toString(), "what the parser would print itself");
        Files.delete(file);
        refuses("broker.xml");
    }

    @Test
    void looksAtTheRoutes() throws Exception {
        var routes = RoutesCopy.in(folder.resolve("routes"));
        set("sms.routes", "file:" + routes.folder());
        assertEquals(0, check().code());
        routes.edit("webcom-mobi/delivery-report.jslt", "\"type\":", "\"type\"");
        refuses("webcom-mobi/delivery-report.jslt:");
    }

    @Test
    void warnsOfWhatIsMostLikelyASlip() throws Exception {
        var routes = RoutesCopy.in(folder.resolve("routes"));
        set("sms.routes", "file:" + routes.folder());
        assertEquals(List.of(), warnings(), "the shipped ones");
        routes.edit("routing/route-event.camel.yaml", "{{sms.queue.delivery.final}}", "sms.delivery.finl");
        routes.edit("kannel/statuses.csv", "1,any,delivered,", "1,any,deliverd,");
        routes.edit("bulkgate/delivery-report.jslt", "\"status\": \"expired\"", "\"status\": \"expird\"");
        var file = folder.resolve("application.properties");
        Files.writeString(file, Files.readString(file).replace("sms.account.twilio.demo.token", "# "));
        routes.edit("jasmin/jasmin.camel.yaml", "/callbacks/jasmin/", "/callbacks/jasmine/");
        var warnings = warnings();
        assertEquals(5, warnings.size(), warnings::toString);
        assertContains(
                warnings,
                "step route-event-to-final: queue sms.delivery.finl is written nowhere else: is"
                        + " sms.delivery.final meant?");
        assertContains(warnings, "kannel/statuses.csv line 2: \"deliverd\" is no status");
        assertContains(warnings, "bulkgate/delivery-report.jslt line 10: \"expird\" is no status");
        assertContains(warnings, "No account is configured of twilio");
        assertContains(warnings, "Accounts of jasmin are configured, and no route begins at /callbacks/jasmin/");
    }

    @Test
    void refusesAQueueThatCannotBe() throws Exception {
        var routes = RoutesCopy.in(folder.resolve("routes"));
        set("sms.routes", "file:" + routes.folder());
        routes.edit("routing/route-event.camel.yaml", "{{sms.queue.inbound}}", "{{sms.queue.inbound}}, sms.target.crm");
        refuses("step route-event-to-inbound: the route named a queue that cannot be");
        refuses("\" sms.target.crm\" is a queue of the gateway's own");
    }

    @Test
    void leavesAVariableOfThatNameToWhoTakesFromAQueue() throws Exception {
        var routes = RoutesCopy.in(folder.resolve("routes"));
        set("sms.routes", "file:" + routes.folder());
        Files.writeString(routes.folder().resolve("own.camel.yaml"), """
                - route:
                    id: own
                    from:
                      uri: jms:app.in
                      steps:
                        - setVariable:
                            id: own-queue
                            name: queue
                            expression:
                              constant:
                                expression: sms.target.crm
                        - toD:
                            id: own-to
                            uri: jms:${variable.queue}
                """);
        assertEquals(List.of(), warnings());
    }

    @Test
    void looksAtTargets() throws Exception {
        set("sms.target.crm.url", "https://crm.example.com/events");
        set("sms.target.crm.events", "sms.no-such-type");
        refuses("sms.target.crm.events");
    }

    private void set(String key, String value) throws Exception {
        var setting = new Properties();
        setting.putAll(Map.of(key, value));
        TestGateway.write(setting, folder.resolve("application.properties"));
    }

    private void refuses(String words) {
        refuses(words, "check");
    }

    private void refuses(String words, String command) {
        var checked = Terminal.with("--config", folder.toString()).run(command);
        assertEquals(2, checked.code(), checked::toString);
        assertTrue(checked.err().startsWith("sms: ") && checked.err().contains(words), checked::toString);
        assertEquals(1, checked.err().lines().count(), checked::toString);
    }

    /** What a check says beside its answer. */
    private List<String> warnings() throws Exception {
        int before = Home.CHOSEN.log().size();
        var checked = check();
        assertEquals(0, checked.code(), checked::toString);
        var log = Home.CHOSEN.log();
        return log.subList(before, log.size()).stream()
                .filter(line -> line.contains(" WARN "))
                .toList();
    }

    private static void assertContains(List<String> lines, String words) {
        assertTrue(lines.stream().anyMatch(line -> line.contains(words)), () -> words + " in " + lines);
    }

    private Terminal.Output check() {
        return Terminal.with("--config", folder.toString()).run("check");
    }
}
