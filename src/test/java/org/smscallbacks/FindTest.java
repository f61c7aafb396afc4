package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's night: what happened to a message, found in one command. */
class FindTest {

    private static final String REFERENCE = "385915550199";

    private static TargetGateway gateway;
    private static Path trail;
    private static Terminal sms;

    @BeforeAll
    static void start() throws Exception {
        gateway = TargetGateway.atTheSharedBroker();
        for (var name : new String[] {"found-delivered", "found-waiting", "found-dead", "found-paused"}) {
            gateway.add(name);
        }
        gateway.add("found-silent");
        gateway.copyRouteFile("webhook", "found-silent", FindTest::thatOnlyTakes);
        gateway.target("found-waiting").set("retry", "1h");
        gateway.target("found-dead").set("retry", "100ms");
        gateway.start();
        trail = gateway.gateway().folder().resolve("data/trail");
        sms = Terminal.at(gateway.gateway());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void drain() throws Exception {
        TestGateway.shared().queues().drain();
    }

    /** As the route of the file target does: without the steps that note what comes of it. */
    private static String thatOnlyTakes(String routes) {
        return routes.replaceAll("(?m)^ +- process:\\n(?: +\\w+: .*\\n)+", "")
                .replaceAll("(?m)^ +- to:\\n(?: +\\w+:.*\\n?)+", "        - log: taken\n");
    }

    @Test
    void doesNotSayThatWhatARouteDeliversWithoutATraceIsNowhere() throws Exception {
        var target = gateway.target("found-silent");
        target.report("night-silent");
        await().until(target::isDone);
        var found = found(
                "night-silent", "is in no queue of found-silent any more, and of its delivery this trail has nothing");
        assertFalse(found.contains("is neither at"), found);
    }

    @Test
    void findsWhatWasDelivered() throws Exception {
        var target = gateway.target("found-delivered");
        target.downstream().answers(503);
        target.report("night-delivered");
        await().until(target::isDone);
        var found = found("night-delivered", "was delivered to found-delivered");
        assertTrue(found.contains("attempt 1, answered 503, to be tried again at 20"), found);
        assertTrue(found.contains("attempt 2, answered 200: delivered"), found);
        assertTrue(
                found.contains("received, answered 200, stored in sms.delivery.final, sms.target.found-delivered"),
                found);
        assertTrue(found.contains("is still in sms.delivery.final, nobody has taken it"), found);
        assertFalse(found.contains("420777"), found);
        assertTrue(run("night-delivered", "--since", "1h").out().contains("attempt 1, answered 503"), "of this hour");
        assertFalse(run("night-delivered", "--until", "1h").out().contains("attempt 1"), "of before");

        var ofBefore = run("night-delivered", "--until", "1h").out();
        assertTrue(ofBefore.contains("; was delivered to found-delivered at "), ofBefore);

        var event = json("night-delivered").get("events").get(0);
        assertEquals(3, event.get("steps").size(), event::toPrettyString);
        assertEquals("delivered", event.get("steps").get(2).get("step").asText());
        var byEvent = found(event.get("event").asText(), "was delivered to");
        assertEquals(found.lines().skip(1).toList(), byEvent.lines().skip(1).toList());
    }

    /** A part of a very large callback may be on the disk, and with its consumer. */
    @Test
    void doesNotSayThatWhatWasRefusedIsNowhere(@TempDir Path trail) throws Exception {
        Files.writeString(
                trail.resolve("2026-03-29.jsonl"),
                "{\"at\":\"2026-03-29T10:15:00Z\",\"step\":\"refused\",\"callback\":\"c-1\",\"event\":\"e-1\","
                        + "\"message\":\"night-refused\",\"answer\":\"503\"}\n");
        var found = run("night-refused", "--trail", trail.toString()).out();
        assertTrue(found.contains("  It was refused with 503 and not acknowledged; "), found);
        assertFalse(found.contains("not stored"), found);
    }

    @Test
    void findsWhatWaits() throws Exception {
        var target = gateway.target("found-waiting");
        target.downstream().answers(503);
        target.report("night-waiting");
        var found = found("night-waiting", "waits for its next attempt at found-waiting in sms.retry.");
        assertTrue(found.contains(", due at 20"), found);
    }

    @Test
    void findsADeadLetterAndSaysHowToReplayIt() throws Exception {
        var target = gateway.target("found-dead");
        target.downstream().answers(422, 422);
        target.report("night-dead");
        var found = found("night-dead", "is a dead letter of found-dead (refused, last answer 422)");
        assertTrue(found.contains("attempt 2, answered 422: a dead letter now (refused)"), found);
        var command = found.substring(found.indexOf("bin/sms dead replay")).split("[.;]\\s")[0];
        var id = json("night-dead").get("events").get(0).get("event").asText();
        assertEquals("bin/sms dead replay found-dead --id " + id, command);

        var withTrail = Terminal.with("--config", gateway.gateway().folder().toString());
        var replayed = withTrail.run("dead", "replay", "found-dead", "--id", id);
        assertEquals(0, replayed.code(), replayed::toString);
        found("night-dead", "replayed by an operator from sms.dead.found-dead");
        found("night-dead", "was delivered to found-dead");
    }

    @Test
    void findsWhatAConsumerHasTaken() throws Exception {
        gateway.gateway().post("bulkgate", "[{\"status\":\"1\",\"smsID\":\"night-taken\",\"to\":\"420777000165\"}]");
        found("night-taken", "is still in sms.delivery.final, nobody has taken it");
        TestGateway.shared().queues().drain();
        found("night-taken", "was taken from sms.delivery.final by a consumer");
    }

    @Test
    void findsWhatCameAgain() throws Exception {
        var body = "[{\"status\":\"1\",\"smsID\":\"night-again\",\"to\":\"420777000165\"}]";
        gateway.gateway().post("bulkgate", body);
        gateway.gateway().post("bulkgate", body);
        var found = found("night-again", "received again, answered 200, not stored twice");
        assertTrue(found.contains("received, answered 200, stored in sms.delivery.final (callback "), found);
        var callback = found.substring(found.indexOf("(callback ") + 10).split("\\)")[0];
        assertFalse(TestGateway.logged("id " + callback).isEmpty(), "the log has it as well");
        found(callback, "night-again");
    }

    @Test
    void findsWhatNobodyCouldRead() throws Exception {
        gateway.gateway().post("bulkgate", "[{\"smsID\":\"night-unrecognised\",\"weather\":\"fine\"}]");
        var found = found("night-unrecognised", "was not recognised (");
        assertTrue(found.contains("received and not recognised, answered 200, kept in sms.unrecognised"), found);
        assertTrue(found.contains("bin/sms unrecognised show "), found);
    }

    @Test
    void findsByAReferenceThatIsNotInTheFile() throws Exception {
        gateway.gateway()
                .post(
                        "infobip",
                        "{\"results\":[{\"messageId\":\"night-reference\",\"to\":\"420777000165\",\"callbackData\":\""
                                + REFERENCE
                                + "\",\"doneAt\":\"2026-03-29T03:00:00.000+0200\",\"status\":{\"groupId\":3,\"groupName\":\"DELIVERED\",\"id\":5,\"name\":\"DELIVERED_TO_HANDSET\"}}]}");
        found(REFERENCE, "message night-reference");
        try (var files = Files.list(trail)) {
            for (var file : files.toList()) {
                assertFalse(Files.readString(file).contains(REFERENCE), file::toString);
                assertFalse(Files.readString(file).contains("420777000165"), file::toString);
            }
        }
    }

    @Test
    void saysThatNobodyHasCalledAndWhoWasRefused() throws Exception {
        gateway.gateway()
                .post(gateway.gateway().uri("/callbacks/infobip/main?token=wrong-token-of-somebody"), "[]".getBytes());
        await().untilAsserted(() -> {
            var never = run("night-never");
            assertEquals(1, never.code(), never::toString);
            assertTrue(never.out().contains("No provider has called with night-never since 20"), never::toString);
            assertTrue(
                    never.out()
                            .matches(
                                    "(?s).*infobip/main: \\d+ callbacks? (was|were) refused with 401, the last at 20.*"),
                    never::toString);
        });
        assertTrue(run("night-never", "--until", "1d").out().contains("until 20"));
        assertFalse(run("night-never", "--until", "1d").out().contains("refused with 401"), "not of that time");
    }

    private static String found(String id, String words) {
        var found = new String[1];
        await().ignoreExceptions().untilAsserted(() -> {
            var said = run(id);
            assertEquals(0, said.code(), said::toString);
            assertTrue(said.out().contains(words), said::toString);
            found[0] = said.out();
        });
        return found[0];
    }

    private static JsonNode json(String id) throws Exception {
        return EventAssert.JSON.readTree(
                sms.run("find", id, "--json", "--trail", trail.toString()).out());
    }

    private static Terminal.Output run(String id, String... options) {
        var line = new ArrayList<>(List.of("find", id, "--trail", trail.toString()));
        line.addAll(List.of(options));
        return sms.run(line.toArray(String[]::new));
    }
}
