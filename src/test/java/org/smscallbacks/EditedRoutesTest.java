package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.config.ConfigurationException;

/** The routes as their users have them: edited. */
class EditedRoutesTest {

    private static final String TWO_REPORTS =
            "{\"results\":[{\"messageId\":\"%1$s-a\",\"status\":{\"groupName\":\"DELIVERED\",\"id\":5}},"
                    + "{\"messageId\":\"%1$s-b\",\"status\":{\"groupName\":\"REJECTED\",\"id\":6}}]}";

    private static final String LOOKUP = "let by-code = lookup(\"bulkgate/codes.csv\", {\"code\": \"41\"})\n";

    @TempDir
    private Path routes;

    private RoutesCopy copy;

    @BeforeEach
    void copyShippedRoutes() throws Exception {
        copy = RoutesCopy.in(routes);
        TestGateway.shared().queues().drain();
    }

    @Test
    void followsAnEditedMappingTableAndRouter() throws Exception {
        copy.edit("infobip/delivery-report.jslt", "\"bulkId\": text(.bulkId)", "\"bulkId\": \"edited\"");
        copy.edit(
                "infobip/statuses.csv",
                "5,DELIVERED_TO_HANDSET,3,DELIVERED,delivered,yes",
                "5,DELIVERED_TO_HANDSET,3,DELIVERED,sent,no");
        copy.edit("routing/route-event.camel.yaml", ".data.final", ".data.status == \"rejected\"");
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            assertEquals(
                    200,
                    gateway.post("infobip", TWO_REPORTS.formatted("edited")).statusCode());
            var received = gateway.queues().drain();
            assertEquals(2, received.size());
            for (var message : received) {
                var event = EventAssert.eventIn(message);
                assertEquals("edited", event.get("data").get("bulkId").asText());
                var rejected = event.get("data").get("status").asText().equals("rejected");
                assertEquals(rejected ? "sms.delivery.final" : "sms.delivery.interim", message.queue());
            }
        }
    }

    @Test
    void keepsAnItemWhoseMappingFailsAndItsNeighbours() throws Exception {
        copy.edit(
                "infobip/delivery-report.jslt",
                "\"bulkId\": text(.bulkId)",
                "\"bulkId\": if (ends-with(.messageId, \"-a\")) error(\"never heard of \" + .messageId) else null");
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            assertEquals(
                    200,
                    gateway.post("infobip", TWO_REPORTS.formatted("failing")).statusCode());
            var received = gateway.queues().drain();
            assertEquals(2, received.size());
            var good = EventAssert.eventIn(received.get(0));
            assertEquals("failing-b", good.get("subject").asText());
            var bad = EventAssert.eventIn(received.get(1)).get("data");
            assertEquals("failing-a", bad.get("raw").get("messageId").asText());
            assertEquals(0, bad.get("index").asInt());
            assertTrue(bad.get("reason").asText().contains("never heard of failing-a"), bad::toString);

            int lines = TestGateway.logged("made its route fail").size();
            var many = TWO_REPORTS
                    .formatted("many")
                    .replace("[", "[" + "{\"messageId\":\"x-a\",\"status\":{\"groupId\":3}},".repeat(200));
            assertEquals(200, gateway.post("infobip", many).statusCode());
            assertTrue(gateway.queues().drain().size() > 1);
            assertTrue(TestGateway.logged("made its route fail").size() < lines + 10, "not a line for each");
        }
    }

    @Test
    void keepsAnItemTheRouterSendsNowhere() throws Exception {
        copy.edit("routing/route-event.camel.yaml", "name: queue", "name: elsewhere");
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            assertEquals(
                    200,
                    gateway.post("infobip", TWO_REPORTS.formatted("nowhere")).statusCode());
            var received = gateway.queues().drain();
            assertEquals(2, received.size());
            for (var message : received) {
                assertEquals("sms.unrecognised", message.queue());
                var reason = EventAssert.eventIn(message).get("data").get("reason");
                assertEquals("the route named no queue for it", reason.asText());
            }
        }
    }

    @Test
    void keepsTheBodyWhenTheRouteFailsOutsideOfTheItems() throws Exception {
        copy.edit("bulkgate/items.jslt", "if (is-array(.))", "if (error(\"no way\"))");
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            var body = "[{\"status\":\"1\",\"smsID\":\"outside\"}]";
            var answer = gateway.post("bulkgate", body);
            assertEquals(500, answer.statusCode());
            assertEquals(
                    "application/problem+json",
                    answer.headers().firstValue("Content-Type").orElse(""));
            var received = gateway.queues().drain();
            assertEquals(1, received.size());
            assertEquals(
                    body,
                    EventAssert.eventIn(received.get(0)).get("data").get("raw").asText());
        }
    }

    @Test
    void holdsNoMemoryWhateverARouteAnswers() throws Exception {
        var status = "variable:\n                        expression: replyStatus";
        copy.edit(
                "routing/acknowledge.camel.yaml",
                status,
                "constant:\n                        expression: 204 No Content");
        try (var gateway = TestGateway.withRoutes(routes)
                .set("sms.http.body-timeout", "5s")
                .start()) {
            var largest = ("[" + " ".repeat((8 << 20) - 2) + "]").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 10; i++) {
                assertNotEquals(503, gateway.post("bulkgate", largest).statusCode());
            }
        }
    }

    @Test
    void asksToComeAgainWhenTheBodyOfAFailedRouteCannotBeKept() throws Exception {
        copy.edit("bulkgate/items.jslt", "if (is-array(.))", "if (error(\"no way\"))");
        var gateway = TestGateway.withBrokerAt(TestGateway.freePort()).set("sms.routes", "file:" + routes);
        try (gateway) {
            gateway.start();
            var answer = gateway.post("bulkgate", "[{}]");
            assertEquals(503, answer.statusCode());
            assertEquals("10", answer.headers().firstValue("Retry-After").orElse(""));
        }
    }

    @Test
    void losesNothingWhenTheItemsAreNoArray() throws Exception {
        copy.edit("infobip/items.jslt", "  .results  ", "  .resluts  ");
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            var body = TWO_REPORTS.formatted("no-array");
            assertEquals(200, gateway.post("infobip", body).statusCode());
            var received = gateway.queues().drain();
            assertEquals(1, received.size());
            assertEquals(
                    EventAssert.JSON.readTree(body),
                    EventAssert.eventIn(received.get(0)).get("data").get("raw"));
        }
    }

    @Test
    void takesANewProviderFromAFolderOfText() throws Exception {
        var folder = Files.createDirectory(routes.resolve("acme"));
        for (var name : new String[] {"items.jslt", "delivery-report.jslt", "inbound-message.jslt"}) {
            Files.copy(routes.resolve("bulkgate").resolve(name), folder.resolve(name));
        }
        Files.writeString(
                folder.resolve("acme.camel.yaml"),
                Files.readString(routes.resolve("bulkgate/bulkgate.camel.yaml")).replace("bulkgate", "acme"));
        try (var gateway = TestGateway.withRoutes(routes)
                .set("sms.account.acme.main.token", TestGateway.TOKEN)
                .start()) {
            assertEquals(
                    200,
                    gateway.post("acme", "[{\"status\":\"3\",\"smsID\":\"of-acme\"}]")
                            .statusCode());
            var received = gateway.queues().drain();
            assertEquals(1, received.size());
            assertEquals(
                    "/callbacks/acme/main",
                    EventAssert.eventIn(received.get(0)).get("source").asText());
        }
    }

    @Test
    void refusesToStartWithABrokenMapping() throws Exception {
        copy.edit("bulkgate/delivery-report.jslt", "let code = text(.status)", "let code = text(.status");
        var failure = refusal();
        assertTrue(
                failure.matches("mapping .*bulkgate/delivery-report.jslt: Parse error: .* at .*:\\d+:\\d+"), failure);
    }

    @Test
    void refusesToStartWithAMappingThatIsTooDeep() throws Exception {
        copy.change("bulkgate/items.jslt", text -> "(".repeat(200_000) + "." + ")".repeat(200_000));
        refusesToStart("bulkgate/items.jslt", "too deep");
    }

    @Test
    void refusesToStartWithAFunctionThatDoesNotExist() throws Exception {
        copy.edit("webcom-mobi/delivery-report.jslt", "local-time(", "locale-time(");
        refusesToStart("webcom-mobi/delivery-report.jslt", "locale-time");
    }

    @Test
    void refusesToStartWithAMappingThatIsNotThere() throws Exception {
        Files.delete(routes.resolve("infobip/link-click.jslt"));
        refusesToStart("infobip.camel.yaml line ", "step infobip-callback-map-click: mapping");
        refusesToStart("infobip/link-click.jslt", "cannot be read");
    }

    @Test
    void refusesToStartWithAnImportThatIsNotThere() throws Exception {
        copy.edit("infobip/delivery-report.jslt", "mapping/problems.jslt", "mapping/problem.jslt");
        refusesToStart("infobip/delivery-report.jslt", "mapping/problem.jslt cannot be read");
    }

    @Test
    void refusesToStartWithBrokenYaml() throws Exception {
        copy.edit("infobip/infobip.camel.yaml", "      steps:", "       stepps:");
        refusesToStart("infobip.camel.yaml", "line");
    }

    @Test
    void refusesToStartWithAStepThatDoesNotExist() throws Exception {
        copy.edit("routing/receive.camel.yaml", "        - removeHeaders:", "        - removeHeadaches:");
        refusesToStart("receive.camel.yaml", "removeHeadaches");
    }

    @Test
    void refusesToStartWithATableThatIsNotThere() throws Exception {
        copy.edit("infobip/delivery-report.jslt", "infobip/statuses.csv", "infobip/status.csv");
        refusesToStart("infobip/delivery-report.jslt", "no table infobip/status.csv", "infobip/statuses.csv");
    }

    @Test
    void refusesToStartWithARouteToNowhere() throws Exception {
        copy.edit("webcom-mobi/webcom-mobi.camel.yaml", "name: route-event", "name: route-evnt");
        refusesToStart("webcom-mobi.camel.yaml line", "direct:route-evnt", "no route begins with it");
    }

    @Test
    void refusesToStartWithARouteThatStandsInTwoFiles() throws Exception {
        Files.copy(routes.resolve("infobip/infobip.camel.yaml"), routes.resolve("infobip/infobip-old.camel.yaml"));
        refusesToStart(
                "infobip/infobip.camel.yaml", "infobip/infobip-old.camel.yaml", "route infobip-callback stands in");
    }

    @Test
    void leavesAloneWhatEditorsAndContainersLeaveBesideTheFiles() throws Exception {
        var route = routes.resolve("routing/errors.camel.yaml");
        Files.createSymbolicLink(routes.resolve("routing/.#errors.camel.yaml"), Path.of("nobody@nowhere"));
        Files.writeString(routes.resolve("routing/._errors.camel.yaml"), "\u0000\u0005");
        Files.createDirectories(routes.resolve("routing/folder.camel.yaml"));
        Files.copy(
                route, Files.createDirectories(routes.resolve("..2026_01_01")).resolve("errors.camel.yaml"));
        TestGateway.withRoutes(routes).start().close();
    }

    @Test
    void refusesToStartWithTwoThingsInThePlaceOfOne() throws Exception {
        Files.writeString(routes.resolve("routing/odd.camel.yaml"), "- route:\n    from:\n  uri: direct\n");
        refusesToStart("routing/odd.camel.yaml");
    }

    @Test
    void refusesToStartWithABeanThatDoesNotExist() throws Exception {
        copy.edit("webcom-mobi/webcom-mobi.camel.yaml", "ref: eventPublisher", "ref: eventPublsher");
        refusesToStart(
                "webcom-mobi.camel.yaml line 75, step webcom-mobi-callback-publish: No bean could be found",
                "eventPublsher");
    }

    @Test
    void refusesToStartWithoutTheGuard() throws Exception {
        copy.edit("routing/receive.camel.yaml", "ref: callbackGuard", "ref: eventEnvelope");
        refusesToStart("bulkgate-callback", "its first step must be process: callbackGuard or to: direct:receive");
    }

    @Test
    void refusesToStartWithoutThePublisher() throws Exception {
        copy.edit("infobip/infobip.camel.yaml", "name: store", "name: acknowledge");
        refusesToStart("infobip-callback", "after the split there must be process: eventPublisher");
    }

    @Test
    void takesARouteThatDoesAllOfItItself() throws Exception {
        var byItself = """
                        - process:
                            id: infobip-callback-guard
                            ref: callbackGuard
                        - unmarshal:
                            id: infobip-callback-read
                            custom:
                              ref: jsonOrXml
                """;
        copy.change(
                "infobip/infobip.camel.yaml",
                text -> text.replaceFirst(" +- to:\n +id: infobip-callback-receive\n(.*\n){4}", byItself));
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            assertEquals(
                    200,
                    gateway.post("infobip", TWO_REPORTS.formatted("all-itself")).statusCode());
            assertEquals(2, gateway.queues().drain().size());
        }
    }

    @Test
    void keepsWhatAMappingMakesThatIsNoEvent() throws Exception {
        copy.edit("webcom-mobi/delivery-report.jslt", "\"status\": $known.status", "\"status\": \"DELIVRD\"");
        copy.edit("bulkgate/delivery-report.jslt", "\"final\": $known.final", "\"finl\": $known.final");
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            gateway.post("webcom-mobi", "[{\"id_sms\":\"no-such-status\",\"state\":\"deliver\"}]");
            gateway.post("bulkgate", "[{\"smsID\":\"no-final\",\"status\":\"1\"}]");
            var reasons = new ArrayList<String>();
            for (var received : gateway.queues().drain()) {
                reasons.add(
                        EventAssert.eventIn(received).get("data").get("reason").asText());
            }
            assertEquals(
                    List.of(
                            "the mapping wrote a status that does not exist: DELIVRD",
                            "the mapping did not write whether the status is final"),
                    reasons);
        }
    }

    @Test
    void losesNothingWhenTheIdOfAMappingSaysNothing() throws Exception {
        copy.edit("bulkgate/delivery-report.jslt", "[$id, $to, $channel, $code, null, null, $date]", "[text(.no)]");
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            gateway.post("bulkgate", "[{\"smsID\":\"said-nothing-1\",\"status\":\"1\"}]");
            gateway.post("bulkgate", "[{\"smsID\":\"said-nothing-2\",\"status\":\"1\"}]");
            assertEquals(2, gateway.queues().drain().size());
        }
    }

    @Test
    void refusesToStartWithABrokenTable() throws Exception {
        Files.writeString(routes.resolve("infobip/statuses.csv"), "id,name\n\"1,2\n");
        refusesToStart("infobip/statuses.csv", "CSV");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "41,A\\n42,B,C\\n | line 3 has 3 cells, and there are 2 columns",
                "41,A\\n\\n\"42\\n\",B\\n43\\n | line 6 has 1 cells, and there are 2 columns",
                "41,A\\n42,A\\n41,B\\n | line 4 is never looked up: line 2 has the same [code]; remove one of them",
                "41,\"A | is no CSV file with a line of column names",
            })
    void refusesToStartWithATableOfOddRows(String rows, String problem) throws Exception {
        Files.writeString(routes.resolve("bulkgate/codes.csv"), "code,name\n" + rows.replace("\\n", "\n"));
        copy.edit("bulkgate/delivery-report.jslt", "let code =", LOOKUP + "let code =");
        refusesToStart("bulkgate/codes.csv " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"code,name,code\n", "code,,name\n", ""})
    void refusesToStartWithATableWithoutColumns(String text) throws Exception {
        Files.writeString(routes.resolve("bulkgate/codes.csv"), text);
        refusesToStart("bulkgate/codes.csv");
    }

    @Test
    void takesRowsThatAnotherLookupFinds() throws Exception {
        Files.writeString(routes.resolve("bulkgate/codes.csv"), "code,name\n41,A\n42,A\n41,B\n");
        copy.edit(
                "bulkgate/delivery-report.jslt",
                "let code =",
                LOOKUP + "// lookup(\"no.csv\", {})\n"
                        + "let by-both = lookup(\"bulkgate/codes.csv\", {\"code\" : \"41\", \"name\": (\"B\")})\nlet code =");
        TestGateway.withRoutes(routes).start().close();
    }

    @Test
    void refusesToStartWithAColumnThatNoTableHas() throws Exception {
        copy.edit("infobip/delivery-report.jslt", "{\"id\": $code, ", "{\"number\": $code, ");
        refusesToStart("statuses.csv has no column number; there are [id, name,", "delivery-report.jslt:29:14");
    }

    @Test
    void refusesToStartWithAnImportedColumnThatNoTableHas() throws Exception {
        copy.change(
                "mapping/problems.jslt",
                text -> text + "\ndef nothing()\n  lookup(\"infobip/statuses.csv\", {\"number\": 1})\n");
        refusesToStart("statuses.csv has no column number", "mapping/problems.jslt:");
    }

    @Test
    void saysOfAnItemThatItsColumnIsInNoTable() throws Exception {
        copy.edit(
                "infobip/delivery-report.jslt",
                "lookup(\"infobip/statuses.csv\", {\"id\": $code, \"group_name\": $group})",
                "lookup(\"infobip/statuses.csv\", {for ([$code]) \"num\" + \"ber\": .})");
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            gateway.post("infobip", TWO_REPORTS.formatted("column"));
            var reason = EventAssert.eventIn(gateway.queues().drain().get(0))
                    .get("data")
                    .get("reason");
            assertTrue(reason.asText().contains("has no column number; there are [id, name,"), reason::asText);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jslt | .a = | Parse error: Encountered \" \"=\" \"= \"\" at line 1, column 4, in .a =",
                "jslt | nofunction(.a) | No such function: 'nofunction' at line 1, column 1, in nofunction(.a)",
                "jslt | lookup(\"no.csv\", {}) | lookup(): no table no.csv",
                "simple | ${variable.x | expected symbol functionEnd but was eol, in ${variable.x",
                "simple | ${variable.x} == | Unexpected token =, in ${variable.x} ==",
                "simple | ${nonsense.x} == 1 | Unknown function: nonsense.x, in ${nonsense.x} == 1",
                "items | .a | items is a language for a split, not for a condition",
                "nope | .a | No language could be found for: nope",
            })
    void saysWhereABrokenConditionStandsAndWhatIsWrongFirst(String language, String text, String reason)
            throws Exception {
        writeRoute("""
                        - choice:
                            id: odd-choice
                            when:
                              - id: odd-first
                                expression:
                                  simple:
                                    expression: ${body} == 1
                                steps: []
                              - id: odd-second
                                expression:
                                  language:
                                    language: %s
                                    expression: '%s'
                                steps: []
                """.formatted(language, text));
        var failure = refusal();
        assertTrue(
                failure.matches("(?s)the routes cannot be used: \\S+odd.camel.yaml line \\d+, step odd-.*: "
                        + Pattern.quote(reason) + ".*"),
                failure);
        assertTrue(failure.length() < 400, failure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jslt", "items"})
    void saysWhereABrokenExpressionStands(String language) throws Exception {
        writeRoute("""
                        - split:
                            id: odd-split
                            expression:
                              language:
                                language: %s
                                expression: '.results + (.more'
                            steps:
                              - to:
                                  id: odd-to
                                  uri: log:odd
                """.formatted(language));
        refusesToStart(
                "odd.camel.yaml line 8, step odd-split: Parse error: Encountered ", "column 17, in .results + (.more");
    }

    @Test
    void saysWhereACopyIsSentToNowhere() throws Exception {
        writeRoute("""
                        - wireTap:
                            id: odd-copy
                            uri: direct:nowhere
                """);
        refusesToStart("odd.camel.yaml line 8, step odd-copy: a step sends to direct:nowhere");
    }

    private void writeRoute(String steps) throws Exception {
        Files.writeString(routes.resolve("routing/odd.camel.yaml"), """
                - route:
                    id: odd
                    from:
                      uri: direct
                      parameters:
                        name: odd
                      steps:
                """ + steps);
    }

    private void refusesToStart(String... words) throws Exception {
        var failure = refusal();
        for (var word : words) {
            assertTrue(failure.contains(word), failure);
        }
    }

    /** In words. */
    private String refusal() throws Exception {
        var gateway = TestGateway.withRoutes(routes);
        try {
            var refusal =
                    assertThrows(ConfigurationException.class, gateway::start).getMessage();
            var check = assertThrows(ConfigurationException.class, gateway::check);
            assertEquals(refusal, check.getMessage(), "sms check says the same");
            return refusal;
        } finally {
            gateway.close();
        }
    }
}
