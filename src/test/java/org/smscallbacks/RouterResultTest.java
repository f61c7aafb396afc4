package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the router says of an event's queue, as users write it: one name or several, none, or what cannot be. */
class RouterResultTest {

    private static final String ROUTER = "routing/route-event.camel.yaml";
    private static final String SHIPPED = "expression: \"{{sms.queue.delivery.final}}\"";
    private static final String ALSO = "expression: \"{{sms.queue.delivery.final}}, app.crm\"";
    private static final String INSTEAD = "expression: app.crm";
    private static final String NOT_AT_ALL = "expression: none";

    @TempDir
    private Path routes;

    private RoutesCopy copy;

    @BeforeEach
    void copyShippedRoutes() throws Exception {
        copy = RoutesCopy.in(routes);
        TestGateway.shared().queues().drain();
        makeQueue("app.crm");
        drain("app.crm");
    }

    /** A consumer may not. */
    private static void makeQueue(String name) throws Exception {
        try (var operator = TestGateway.shared().operator();
                var context = operator.createContext()) {
            context.createConsumer(context.createQueue(name)).close();
        }
    }

    @Test
    void goesToMyQueueAsWell() throws Exception {
        copy.edit(ROUTER, SHIPPED, documented(ALSO));
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            post(gateway, "also-1", "also-2");
            post(gateway, "also-1", "also-2");
            assertEquals(List.of("also-1", "also-2"), drain("app.crm"));
            assertEquals(List.of("also-1", "also-2"), drain("sms.delivery.final"));
        }
    }

    @Test
    void reachesTheQueueThatAnEditHasAddedOnce() throws Exception {
        try (var before = TestGateway.withRoutes(routes).start()) {
            post(before, "edited-1");
        }
        copy.edit(ROUTER, SHIPPED, documented(ALSO));
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            post(gateway, "edited-1", "edited-2");
            assertEquals(List.of("edited-1", "edited-2"), drain("app.crm"));
            assertEquals(List.of("edited-1", "edited-2"), drain("sms.delivery.final"), "none a second time");
        }
    }

    @Test
    void goesToMyQueueInstead() throws Exception {
        copy.edit(ROUTER, SHIPPED, documented(INSTEAD));
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            post(gateway, "instead-1", "instead-2");
            assertEquals(List.of("instead-1", "instead-2"), drain("app.crm"));
            assertEquals(List.of(), drain("sms.delivery.final"));
        }
    }

    @Test
    void goesToTargetsOnly(@TempDir Path folder) throws Exception {
        copy.edit(ROUTER, SHIPPED, documented(NOT_AT_ALL));
        try (var gateway = TestGateway.withRoutes(routes)
                .set("sms.target.file.url", "file:" + folder)
                .set("sms.target.file.events", "sms.delivery-report")
                .start()) {
            goesToTheFileOnce(gateway, folder, "not-at-all");
        }
    }

    @Test
    void goesToTargetsOnlyWhenTheConfigurationSaysSo(@TempDir Path folder) throws Exception {
        try (var gateway = TestGateway.withRoutes(routes)
                .set("sms.queue.delivery.final", "none")
                .set("sms.target.file.url", "file:" + folder)
                .set("sms.target.file.events", "sms.delivery-report")
                .start()) {
            goesToTheFileOnce(gateway, folder, "configured-none");
        }
    }

    private static void goesToTheFileOnce(TestGateway gateway, Path folder, String id) throws Exception {
        post(gateway, id + "-1");
        post(gateway, id + "-1", id + "-2");
        await().until(() -> subjects(folder).containsAll(List.of(id + "-1", id + "-2")));
        // behind whatever came before it
        post(gateway, id + "-3");
        await().until(() -> subjects(folder).contains(id + "-3"));
        assertEquals(List.of(id + "-1", id + "-2", id + "-3"), subjects(folder));
        assertEquals(List.of(), gateway.queues().drain());
    }

    private static List<String> subjects(Path folder) throws Exception {
        var subjects = new ArrayList<String>();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                for (var line : Files.readAllLines(file)) {
                    subjects.add(EventAssert.JSON.readTree(line).get("subject").asText());
                }
            }
        }
        return subjects.stream().sorted().toList();
    }

    @Test
    void keepsWhatWouldGoNowhere() throws Exception {
        copy.edit(ROUTER, SHIPPED, NOT_AT_ALL);
        copy.edit(ROUTER, "expression: \"{{sms.queue.unrecognised}}\"", NOT_AT_ALL);
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            var body =
                    "[{\"id_sms\":\"nowhere-1\",\"state\":\"deliver\"},{\"id_sms\":\"nowhere-2\",\"state\":\"send\"},"
                            + "{\"odd\":\"nowhere-3\"}]";
            assertEquals(200, gateway.post("webcom-mobi", body).statusCode());
            assertEquals(200, gateway.post("webcom-mobi", body).statusCode());
            var reasons = reasons(gateway, 1);
            assertEquals("the route named none as its queue, and no target takes it", reasons.get(0));
            assertTrue(reasons.get(1).startsWith("neither a"), reasons::toString);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "if (BAD) \"\" else GOOD | \"\" is empty",
                "if (BAD) \"app.crm,,app.erp\" else GOOD | \"\" is empty",
                "if (BAD) \"app.*\" else GOOD | \"app.*\" is no name",
                "if (BAD) \"app::crm\" else GOOD | \"app::crm\" is no name",
                "if (BAD) {\"name\": \"app.crm\"} else GOOD | no text in the place of a queue: \"{",
                "if (BAD) [\"app.crm\", 7] else GOOD | no text in the place of a queue: \"7\"",
                "if (BAD) [\"app.crm\", \"LONG\"] else GOOD | x…\" has more than 255 characters",
                "if (BAD) \"app.crm, sms.replay\" else GOOD | \" sms.replay\" is a queue of the gateway's own",
                "if (BAD) \"sms.retry.5s\" else GOOD | \"sms.retry.5s\" is a queue of the gateway's own",
                "if (BAD) \"sms.target.crm\" else GOOD | \"sms.target.crm\" is a queue of the gateway's own",
                "if (BAD) \"sms.refused\" else GOOD | \"sms.refused\" is a queue of the gateway's own",
                "if (BAD) null else GOOD | named no queue"
            })
    void setsAsideTheItemWhoseQueueCannotBe(String expression, String reason) throws Exception {
        say(expression
                .replace("BAD", "starts-with(.subject, \"bad\")")
                .replace("GOOD", "\"{{sms.queue.delivery.final}}\"")
                .replace("LONG", "x".repeat(2_000)));
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            var suffix = "-" + Math.abs((long) expression.hashCode());
            post(gateway, "before" + suffix, "bad" + suffix, "after" + suffix);
            var reasons = reasons(gateway, 2);
            assertTrue(reasons.get(0).contains(reason), reasons::toString);
            assertEquals(List.of(), drain("app.crm"));
        }
    }

    /** In the place of the router's choice for final reports. */
    private void say(String expression) throws Exception {
        var quoted = expression.replace("'", "''");
        copy.edit(
                ROUTER,
                "constant:\n                          " + SHIPPED,
                "language:\n                            language: jslt\n                            expression: '"
                        + quoted + "'");
    }

    @Test
    void takesAListAndEachQueueOnce() throws Exception {
        say("[\"{{sms.queue.delivery.final}}\", \"app.crm\", \"app.crm\"]");
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            post(gateway, "list-1");
            assertEquals(List.of("list-1"), drain("app.crm"));
            assertEquals(List.of("list-1"), drain("sms.delivery.final"));
        }
    }

    @Test
    void givesTwoApplicationsEveryEvent() throws Exception {
        var recipe = "expression: app.crm, app.billing";
        assertTrue(Files.readString(Path.of("docs/events-and-queues.md")).contains(recipe));
        for (var kind : List.of("delivery.final", "delivery.interim", "inbound", "click")) {
            copy.edit(ROUTER, "expression: \"{{sms.queue." + kind + "}}\"", recipe);
        }
        makeQueue("app.billing");
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            var body = "[{\"id_sms\":\"both-1\",\"state\":\"deliver\"},{\"id_sms\":\"both-2\",\"state\":\"send\"}]";
            gateway.post("webcom-mobi", body);
            assertEquals(List.of("both-1", "both-2"), drain("app.crm"));
            gateway.post("webcom-mobi", body);
            gateway.post("webcom-mobi", "[{\"id_sms\":\"both-3\",\"state\":\"deliver\"}]");
            assertEquals(List.of("both-3"), drain("app.crm"), "nothing again");
            assertEquals(List.of("both-1", "both-2", "both-3"), drain("app.billing"), "which stood still meanwhile");
            assertEquals(List.of(), gateway.queues().drain());
        }
    }

    @Test
    void goesToAHundredQueues() throws Exception {
        var queues = IntStream.range(0, 100).mapToObj(i -> "app.hundred-" + i).toList();
        copy.edit(ROUTER, SHIPPED, "expression: " + String.join(",", queues));
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            post(gateway, "hundred-1", "hundred-2");
            for (var queue : queues) {
                assertEquals(List.of("hundred-1", "hundred-2"), drain(queue), queue);
            }
        }
    }

    @Test
    void replaysWhatWasSetAsideWhenTheRouterIsCorrected() throws Exception {
        var unrecognised = "expression: \"{{sms.queue.unrecognised}}\"";
        // made by an expression: as it is, no start would take it
        var impossible = "simple:\n                          expression: \"app.${null}*\"";
        var shipped = "constant:\n                          " + SHIPPED;
        copy.edit(ROUTER, shipped, impossible);
        try (var gateway = TestGateway.withRoutes(routes).start()) {
            gateway.post("webcom-mobi", "[{\"id_sms\":\"aside-1\",\"state\":\"deliver\"},{\"odd\":\"aside-2\"}]");
        }
        copy.edit(ROUTER, impossible, shipped);
        copy.edit(ROUTER, SHIPPED, ALSO);
        copy.edit(ROUTER, unrecognised, NOT_AT_ALL);
        try (var gateway = TestGateway.withRoutes(routes)
                .set("sms.queue.replay", "sms.replay.of-the-router")
                .start()) {
            var aside = gateway.queues().drain();
            assertEquals(2, aside.size());
            try (var operator = TestGateway.shared().operator();
                    var context = operator.createContext()) {
                var queue = context.createQueue("sms.replay.of-the-router");
                aside.forEach(received -> context.createProducer().send(queue, received.message()));
            }
            var again = new ArrayList<Queues.Received>();
            await().until(() -> {
                again.addAll(gateway.queues().drain());
                return again.size() >= 2;
            });
            assertEquals(
                    List.of("sms.delivery.final", "sms.unrecognised"),
                    again.stream().map(Queues.Received::queue).sorted().toList());
            assertEquals(List.of("aside-1"), drain("app.crm"));
        }
    }

    /** Somebody else may have the other queues of the router: nothing of a replay goes there twice, and nothing gets lost there. */
    @Test
    void putsBackWhereItWasWhatAReplayDoesNotRecogniseEither() throws Exception {
        var shipped = "expression: \"{{sms.queue.unrecognised}}\"";
        copy.edit(ROUTER, shipped, "expression: \"app.crm, {{sms.queue.unrecognised}}\"");
        try (var gateway = TestGateway.withRoutes(routes)
                .set("sms.queue.replay", "sms.replay.of-the-router")
                .start()) {
            assertEquals(
                    200, gateway.post("webcom-mobi", "[{\"odd\":\"app-1\"}]").statusCode());
            var kept = gateway.queues().drain();
            assertEquals(1, kept.size());
            assertEquals(1, inMyQueue().size());
            try (var operator = TestGateway.shared().operator();
                    var context = operator.createContext()) {
                var queue = context.createQueue("sms.replay.of-the-router");
                context.createProducer().send(queue, kept.get(0).message());
                var again = new ArrayList<Queues.Received>();
                await().until(() -> {
                    again.addAll(gateway.queues().drain());
                    return !again.isEmpty() || !inMyQueue().isEmpty();
                });
                assertEquals(
                        List.of("sms.unrecognised"),
                        again.stream().map(Queues.Received::queue).toList());
                assertEquals(kept.get(0).text(), again.get(0).text());
                assertEquals(List.of(), inMyQueue());
            }
        }
    }

    private static List<Queues.Received> inMyQueue() throws Exception {
        return TestGateway.shared().queues().drain(List.of("app.crm"));
    }

    private static void post(TestGateway gateway, String... ids) throws Exception {
        var body = Stream.of(ids)
                .map(id -> "{\"id_sms\":\"" + id + "\",\"state\":\"deliver\"}")
                .collect(Collectors.joining(",", "[", "]"));
        assertEquals(200, gateway.post("webcom-mobi", body).statusCode());
    }

    /** Why items were kept, after as many others were not. */
    private static List<String> reasons(TestGateway gateway, int others) throws Exception {
        var reasons = new ArrayList<String>();
        int recognised = 0;
        for (var received : gateway.queues().drain()) {
            var event = EventAssert.eventIn(received);
            if (event.get("type").asText().equals("sms.unrecognised")) {
                assertEquals("sms.unrecognised", received.queue());
                reasons.add(event.get("data").get("reason").asText());
            } else {
                recognised++;
            }
        }
        assertEquals(others, recognised);
        return reasons;
    }

    /** The subjects of what is in a queue, as a consumer reads it. */
    private static List<String> drain(String queue) throws Exception {
        var subjects = new ArrayList<String>();
        for (var received : TestGateway.shared().queues().drain(List.of(queue))) {
            subjects.add(
                    EventAssert.JSON.readTree(received.text()).get("subject").asText());
        }
        return subjects;
    }

    /** The line, which stands in the page about editing routes as well. */
    private static String documented(String line) throws Exception {
        assertTrue(Files.readString(Path.of("docs/editing-routes.md")).contains(line), line);
        return line;
    }
}
