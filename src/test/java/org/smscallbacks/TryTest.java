package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** <code>sms try</code> of one callback. */
class TryTest {

    private static final String SAMPLE = "routes/infobip/sample.json";

    @TempDir
    private Path folder;

    private RoutesCopy routes;

    @BeforeEach
    void copyConfigAndRoutes() throws Exception {
        TestGateway.copyConfig(folder, TestGateway.freePort());
        routes = RoutesCopy.in(folder.resolve("routes"));
        set("sms.broker.data", folder.resolve("data").toString());
        set("sms.routes", "file:" + routes.folder());
    }

    @Test
    void saysWhatWouldBecomeOfEachSample() throws Exception {
        for (var provider : BundleTest.providers()) {
            var sample = samples(provider);
            var tried = attempt(provider, sample.toString());
            assertEquals(0, tried.code(), tried::toString);
            assertTrue(tried.out().contains("\nanswer: 200 "), tried::toString);
        }
        assertFalse(Files.exists(folder.resolve("data")), "no broker, no trail");
    }

    @Test
    void showsEventsQueuesTargetsAndTheAnswer() throws Exception {
        set("sms.target.crm.url", "https://crm.example.com/events");
        set("sms.target.crm.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        set("sms.target.crm.events", "sms.delivery-report:buffered");
        var tried = json(0, "infobip", SAMPLE);
        assertTrue(tried.path("ok").booleanValue());
        assertEquals(
                "{\"status\":200,\"contentType\":\"text/plain\",\"body\":\"OK\"}",
                tried.get("answer").toString());
        assertEquals(2, tried.get("events").size());
        var buffered = tried.at("/events/1");
        assertEquals("[\"sms.delivery.interim\"]", buffered.get("queues").toString());
        assertEquals("[\"sms.target.crm.urgent\"]", buffered.get("targets").toString());
        assertEquals("infobip/delivery-report.jslt", buffered.get("mapping").textValue());
        assertEquals("own-id-000042", buffered.at("/event/subject").textValue());
        assertEquals("+385*******02", buffered.at("/event/data/to").textValue());
        assertEquals("[]", tried.at("/events/0/targets").toString());
        assertEquals(
                "+385915550102",
                json(0, "infobip", SAMPLE, "--reveal")
                        .at("/events/1/event/data/to")
                        .textValue());
    }

    @Test
    void takesFormsQueriesAndStdin() throws Exception {
        var get = json(0, "bulkgate", "--query", "smsID=4711&status=1&token=not-in-the-event");
        assertEquals("4711", get.at("/events/0/event/data/messageId").textValue());
        assertFalse(get.toString().contains("not-in-the-event"), get::toString);

        var form = json(0, "jasmin", "--form", "id=4711", "--form", "message_status=DELIVRD", "--form", "level=2");
        assertEquals("4711", form.at("/events/0/event/data/messageId").textValue());

        var query = folder.resolve("report.query");
        Files.writeString(query, "smsID=4712&status=1\n");
        assertEquals(
                "4712",
                json(0, "bulkgate", query.toString())
                        .at("/events/0/event/data/messageId")
                        .textValue());

        var in = System.in;
        System.setIn(new ByteArrayInputStream(Files.readAllBytes(Path.of(SAMPLE))));
        try {
            assertEquals(2, json(0, "infobip", "-").get("events").size());
        } finally {
            System.setIn(in);
        }
    }

    @Test
    void readsTheCharsetOfAHeader() throws Exception {
        var body = folder.resolve("reply.json");
        Files.write(
                body,
                "[{\"status\":\"10\",\"from\":\"385915550102\",\"message\":\"Šalter\"}]".getBytes("windows-1250"));
        var tried = json(
                0, "bulkgate", body.toString(), "--header", "content-type: application/json; charset=windows-1250");
        assertEquals("Šalter", tried.at("/events/0/event/data/text").textValue());
        refuses("has no colon", "bulkgate", body.toString(), "--header", "Content-Type");
    }

    @Test
    void showsOneOfTwoEqualEventsAsKnown() throws Exception {
        var body = folder.resolve("twice.json");
        Files.writeString(body, "[{\"smsID\":\"1\",\"status\":\"1\"},{\"smsID\":\"1\",\"status\":\"1\"}]");
        var tried = json(0, "bulkgate", body.toString());
        assertFalse(tried.at("/events/0/known").booleanValue());
        assertTrue(tried.at("/events/1/known").booleanValue());
    }

    @Test
    void saysWhatIsMissingOnTheCommandLine() throws Exception {
        refuses("nowhere.json is not there", "infobip", "nowhere.json");
        refuses(folder + " is no file", "infobip", folder.toString());
        refuses("say which provider", "infobip");
        refuses("--form a has no equals sign", "infobip", "--form", "a");
        refuses("either a file or --form", "infobip", SAMPLE, "--form", "a=b");
        refuses("there is no account nobody of infobip: there are demo", "infobip", SAMPLE, "--account", "nobody");
        refuses("--all stands alone", "infobip", SAMPLE, "--all", "examples");
        var nobodys = refuses("there is no provider acme: ", "acme", SAMPLE);
        assertTrue(nobodys.contains(String.join(", ", BundleTest.providers())), nobodys);
    }

    @Test
    void answersWhatIsTooLargeAsAGatewayWould() throws Exception {
        set("sms.http.max-body", "1KiB");
        var large = folder.resolve("large.json");
        Files.writeString(large, " ".repeat(1025));
        var tried = json(1, "infobip", large.toString());
        assertEquals(413, tried.at("/answer/status").intValue());
        assertEquals(": the body is larger than sms.http.max-body: 1 KiB", problem(tried, "/problems/0"));
        Files.writeString(large, "[]" + " ".repeat(1022));
        assertEquals(
                200, json(0, "infobip", large.toString()).at("/answer/status").intValue());
    }

    @Test
    void keepsWhatIsNoText() throws Exception {
        var binary = folder.resolve("picture.json");
        Files.write(binary, new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, (byte) 0xFF, (byte) 0xD8});
        var tried = json(1, "infobip", binary.toString());
        assertEquals(400, tried.at("/answer/status").intValue());
        assertEquals("[\"sms.unrecognised\"]", tried.at("/events/0/queues").toString());
        assertTrue(tried.at("/events/0/event/data").has("rawBase64"), tried::toString);
        assertTrue(problem(tried, "/events/0/problems/0").contains("is not JSON"), tried::toString);
    }

    @Test
    void saysWhyACallbackOfAnotherProviderIsNotRecognised() throws Exception {
        var tried = attempt("infobip", "routes/bulkgate/sample.json");
        assertEquals(1, tried.code(), tried::toString);
        assertTrue(tried.out().contains("PROBLEM neither a delivery report (status)"), tried::toString);
        assertTrue(tried.out().contains("queue: sms.unrecognised"), tried::toString);
    }

    @Test
    void saysWhichMethodNobodyTakes() throws Exception {
        routes.edit("infobip/infobip.camel.yaml", "GET,HEAD,POST", "POST");
        var tried = json(1, "infobip", "--query", "a=b");
        assertEquals(405, tried.at("/answer/status").intValue());
        assertEquals(": no route takes a GET at /callbacks/infobip/demo", problem(tried, "/problems/0"));
    }

    @Test
    void namesTheLineOfWhatDoesNotFitTheSchema() throws Exception {
        routes.edit("infobip/delivery-report.jslt", "\"parts\": $parts", "\"parts\": \"two\"");
        assertProblem("infobip/delivery-report.jslt", "\"parts\": \"two\"", "/data/parts has another type");
    }

    @Test
    void namesTheLineOfAStatusThatDoesNotExist() throws Exception {
        routes.change(
                "bulkgate/delivery-report.jslt",
                text -> text.replaceAll("\"status\": [^,]+,", "\"status\": \"lost\","));
        var tried = json(1, "bulkgate", "routes/bulkgate/sample.json");
        assertEquals(
                routes.folder() + "/bulkgate/delivery-report.jslt line "
                        + lineOf("bulkgate/delivery-report.jslt", "\"lost\"")
                        + ": the mapping wrote a status that does not exist: lost",
                problem(tried, "/events/0/problems/0"));
    }

    @Test
    void namesTheLineOfATableWithSuchAStatus() throws Exception {
        routes.change("jasmin/statuses.csv", text -> text.replaceAll("undelivered", "lost"));
        var problem = problem(json(1, "jasmin", "routes/jasmin/sample.form"), "/events/0/problems/0");
        assertEquals(
                routes.folder() + "/jasmin/statuses.csv line " + lineOf("jasmin/statuses.csv", "lost")
                        + ": the mapping wrote a status that does not exist: lost",
                problem);
    }

    @Test
    void namesTheStepThatNamedAQueueWhichCannotBe() throws Exception {
        var router = "routing/route-event.camel.yaml";
        var constant = "constant:\n                          expression: \"{{sms.queue.delivery.final}}\"";
        var bad =
                "language:\n                          language: jslt\n                          expression: '\"app.*\"'";
        routes.edit(router, constant, bad);
        var tried = json(1, "webcom-mobi", sampleOf("webcom-mobi"));
        var place = tried.at("/events/0/problems/0/place").textValue();
        assertEquals(
                routes.folder() + "/" + router + " line " + lineOf(router, "- setVariable:")
                        + ", step route-event-to-final",
                place);
    }

    @Test
    void notesAQueueThatIsAllButAKnownOne() throws Exception {
        routes.edit("routing/route-event.camel.yaml", "{{sms.queue.delivery.final}}", "sms.delivery.finl, app.final");
        var tried = json(0, "webcom-mobi", sampleOf("webcom-mobi"));
        assertEquals(1, tried.get("notes").size(), tried::toString);
        var note = tried.at("/notes/0").textValue();
        assertTrue(
                note.endsWith("step route-event-to-final: queue sms.delivery.finl is written nowhere else:"
                        + " is sms.delivery.final meant?"),
                note);
    }

    @Test
    void needsNoFileOfTheBroker() throws Exception {
        Files.delete(folder.resolve("broker.xml"));
        assertEquals(
                "[]",
                json(0, "webcom-mobi", sampleOf("webcom-mobi")).get("notes").toString());
    }

    @Test
    void notesAProviderWithoutAnAccount() throws Exception {
        var file = folder.resolve("application.properties");
        Files.writeString(file, Files.readString(file).replace("sms.account.infobip.demo.token", "# "));
        var tried = attempt("infobip", SAMPLE);
        assertEquals(0, tried.code(), tried::toString);
        assertTrue(tried.out().contains("\nnote: no account of infobip is configured"), tried::toString);
    }

    @Test
    void namesTheStepOfAnItemThatFails() throws Exception {
        routes.edit("infobip/delivery-report.jslt", "\"parts\": $parts", "\"parts\": number(\"two\")");
        var tried = json(1, "infobip", SAMPLE);
        var problem = problem(tried, "/events/0/problems/0");
        assertTrue(
                problem.startsWith(routes.folder() + "/infobip/infobip.camel.yaml line ")
                        && problem.contains(", step infobip-callback-map-report, with ")
                        && problem.contains("/infobip/delivery-report.jslt: the route failed: number(two)"),
                problem);
    }

    @Test
    void namesTheStepOfARouteThatFails() throws Exception {
        edit(
                "        - throwException:\n            id: infobip-callback-fails\n            exceptionType: java.io.IOException\n            message: on purpose\n");
        var tried = json(1, "infobip", SAMPLE);
        assertEquals(500, tried.at("/answer/status").intValue());
        var problem = problem(tried, "/problems/0");
        assertTrue(
                problem.contains("/infobip/infobip.camel.yaml line ")
                        && problem.contains("step infobip-callback-fails: the route failed: ")
                        && problem.contains("on purpose"),
                problem);
    }

    @Test
    void saysWhenAnAnswerIsNoAcceptance() throws Exception {
        edit("""
                        - stop:
                            id: infobip-callback-ends
                """);
        routes.edit(
                "infobip/infobip.camel.yaml",
                "        - stop:\n",
                "        - setHeader:\n            id: infobip-callback-refuses\n            name: CamelHttpResponseCode\n"
                        + "            expression:\n              constant:\n                expression: \"422\"\n"
                        + "                resultType: Integer\n        - stop:\n");
        var tried = json(1, "infobip", SAMPLE);
        assertEquals(422, tried.at("/answer/status").intValue());
        assertEquals(
                ": the answer 422 tells the provider that the callback is not accepted", problem(tried, "/problems/0"));
    }

    @Test
    void refusesRoutesThatAStartWouldRefuse() throws Exception {
        routes.edit("infobip/delivery-report.jslt", "\"parts\": $parts", "\"parts\" $parts");
        assertTrue(refuses("/infobip/delivery-report.jslt:", "infobip", SAMPLE).contains("sms: mapping "));
    }

    @Test
    void endsARouteThatGoesRoundInCircles() throws Exception {
        edit("""
                        - loop:
                            id: infobip-callback-loops
                            doWhile: true
                            expression:
                              constant:
                                expression: "true"
                            steps:
                              - setVariable:
                                  id: infobip-callback-goes-round
                                  name: round
                                  expression:
                                    constant:
                                      expression: again
                """.replace("\n        ", "\n        "));
        var tried = json(1, "infobip", SAMPLE, "--timeout", "1s");
        assertEquals(0, tried.at("/answer/status").intValue());
        var problem = problem(tried, "/problems/0");
        assertTrue(
                problem.contains(": route infobip-callback did not come to an answer within 1 s")
                        && problem.contains("/infobip/infobip.camel.yaml line "),
                problem);
    }

    @Test
    void namesARouteThatCallsItself() throws Exception {
        var hop = """
                        - to:
                            id: %s
                            uri: direct
                            parameters:
                              name: go-round
                """;
        edit(hop.formatted("infobip-callback-goes-round"));
        routes.change("infobip/infobip.camel.yaml", text -> text + """
                        - route:
                            id: go-round
                            from:
                              uri: direct
                              parameters:
                                name: go-round
                              steps:
                        """ + hop.formatted("go-round-again"));
        var tried = json(1, "infobip", SAMPLE);
        assertEquals(500, tried.at("/answer/status").intValue());
        var problem = problem(tried, "/problems/0");
        assertTrue(problem.contains("step go-round-again: ") && problem.contains("StackOverflowError"), problem);
    }

    @Test
    void sendsNothing() throws Exception {
        var left = folder.resolve("left");
        Files.createDirectories(left);
        Files.writeString(left.resolve("a.txt"), "a");
        edit(
                "to",
                "store",
                "        - to:\n            id: infobip-callback-http\n            uri: http://127.0.0.1:1/events?authPassword=secret-word\n"
                        + "        - toD:\n            id: infobip-callback-dynamic\n            uri: file:" + folder
                        + "/made-${variable.account}\n"
                        + "        - wireTap:\n            id: infobip-callback-tap\n            uri: jms:sms.elsewhere\n"
                        + "        - pollEnrich:\n            id: infobip-callback-read\n            timeout: \"0\"\n            expression:\n"
                        + "              constant:\n                expression: file:" + left + "?delete=true\n");
        var tried = json(0, "infobip", SAMPLE, "--reveal");
        var unsent = tried.get("unsent").toString();
        for (var word : Set.of(
                "would send to http://127.0.0.1:1/events?authPassword=xxxxxx",
                "would send to file://" + folder + "/made-demo",
                "would send to jms://sms.elsewhere",
                "would read from file://" + left)) {
            assertTrue(unsent.contains(word), unsent);
        }
        assertFalse(Files.exists(folder.resolve("made-demo")));
        assertTrue(Files.exists(left.resolve("a.txt")));
        assertEquals("OK", tried.at("/answer/body").textValue(), "what follows is done");
    }

    @Test
    void takesAProviderThatWasJustMade() throws Exception {
        for (var file : Files.list(routes.folder().resolve("bulkgate")).toList()) {
            var made = routes.folder()
                    .resolve("acme/" + file.getFileName().toString().replace("bulkgate", "acme"));
            Files.createDirectories(made.getParent());
            Files.writeString(made, Files.readString(file).replace("bulkgate", "acme"));
        }
        var tried = json(0, "acme", "routes/bulkgate/sample.json", "--sign");
        assertEquals("acme", tried.at("/events/0/event/data/provider").textValue());
        assertEquals("{}", tried.at("/signed/headers").toString());
    }

    @Test
    void showsWhatTheProviderWouldSign() throws Exception {
        set("sms.http.public-url", "https://mycompany.com");
        set("sms.account.twilio.signed.secret", "secret-0123456789abcdef");
        set("sms.account.twilio.signed.scheme", "form");
        set("sms.account.twilio.signed.token", "token-0123456789abcdef");
        var signed = json(
                0,
                "twilio",
                "--form",
                "MessageSid=SM1",
                "--form",
                "MessageStatus=delivered",
                "--account",
                "signed",
                "--sign",
                "--header",
                "Host: x");
        assertEquals("", signed.at("/signed/unsigned").textValue());
        assertEquals(
                "https://mycompany.com/callbacks/twilio/signed",
                signed.at("/signed/url").textValue());
        assertEquals("…", signed.at("/signed/query/token").textValue());
        assertTrue(signed.at("/signed/headers").has("X-Twilio-Signature"), signed::toString);
        assertFalse(signed.toString().contains("0123456789abcdef"), "a secret is shown");
    }

    /** Puts these steps behind the first of the route. */
    private void edit(String steps) throws Exception {
        edit("split", "split", steps);
    }

    private void edit(String step, String name, String steps) throws Exception {
        var before = "        - " + step + ":\n            id: infobip-callback-" + name + "\n";
        routes.edit("infobip/infobip.camel.yaml", before, steps + before);
    }

    private void assertProblem(String mapping, String where, String what) throws Exception {
        var problem = problem(json(1, "infobip", SAMPLE), "/events/0/problems/0");
        assertEquals(routes.folder() + "/" + mapping + " line " + lineOf(mapping, where) + ": " + what, problem);
    }

    private int lineOf(String file, String text) throws Exception {
        var lines = Files.readAllLines(routes.folder().resolve(file));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(text)) {
                return i + 1;
            }
        }
        throw new AssertionError(file + " has no " + text);
    }

    private static String sampleOf(String provider) throws Exception {
        return samples(provider).toString();
    }

    private static Path samples(String provider) throws Exception {
        try (var files = Files.list(Path.of("routes", provider))) {
            return files.filter(file -> file.getFileName().toString().startsWith("sample."))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void set(String key, String value) throws Exception {
        var setting = new Properties();
        setting.putAll(Map.of(key, value));
        TestGateway.write(setting, folder.resolve("application.properties"));
    }

    private static String problem(JsonNode tried, String pointer) {
        var problem = tried.at(pointer);
        return problem.path("place").asText() + ": " + problem.path("problem").asText();
    }

    private String refuses(String words, String... arguments) {
        var tried = attempt(arguments);
        assertEquals(2, tried.code(), tried::toString);
        assertTrue(tried.err().startsWith("sms: ") && tried.err().contains(words), tried::toString);
        assertEquals("", tried.out());
        return tried.err();
    }

    private JsonNode json(int code, String... arguments) throws Exception {
        var all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        var tried = attempt(all);
        assertEquals(code, tried.code(), tried::toString);
        assertEquals("", tried.err());
        return EventAssert.JSON.readTree(tried.out().getBytes(StandardCharsets.UTF_8));
    }

    private Terminal.Output attempt(String... arguments) {
        var all = new String[arguments.length + 1];
        all[0] = "try";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Terminal.with("--config", folder.toString()).run(all);
    }
}
