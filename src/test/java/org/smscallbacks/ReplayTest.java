package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.TestGateway.logged;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSContext;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.broker.QueueControl;

/** What nobody understood goes through its provider's route again, where the mapping may be corrected by now. */
class ReplayTest {

    /** Not the one the shared gateway consumes. */
    private static final String REPLAY_QUEUE = "sms.replay.of-the-test";

    /** Nor the one whose mappings are corrected. */
    private static final String OTHER_REPLAY_QUEUE = "sms.replay.of-another";

    private static final String UNRECOGNISED = "sms.unrecognised";

    /** With the mappings corrected for <code>state</code> instead of <code>status</code>, and the like. */
    private static TestGateway corrected;

    @TempDir
    private static Path correctedRoutes;

    @TempDir
    private static Path written;

    private static TestGateway shipped;

    @BeforeAll
    static void start() throws Exception {
        shipped = TestGateway.shared();
        correctTheMappings(RoutesCopy.in(correctedRoutes));
        corrected = TestGateway.withRoutes(correctedRoutes)
                .set("sms.queue.replay", REPLAY_QUEUE)
                .set("sms.target.file.url", "file:" + written)
                .set("sms.target.file.events", "")
                .start();
    }

    private static void correctTheMappings(RoutesCopy copy) throws IOException {
        copy.edit("bulkgate/bulkgate.camel.yaml", "text(.status) and (", "(text(.status) or text(.state)) and (");
        copy.edit(
                "bulkgate/delivery-report.jslt",
                "let code = text(.status)",
                "let code = text(fallback(.status, .state))");
        copy.edit(
                "bulkgate/delivery-report.jslt",
                "\"channel\": $channel",
                "\"channel\": $receivedAt + \" \" + text($index),\n    \"reference\": text($query.order)");
        copy.edit("bulkgate/items.jslt", "if (is-array(.)) .", "if (is-array(.)) . else if (is-array(.news)) .news");
        copy.edit(
                "webcom-mobi/webcom-mobi.camel.yaml", "text(.id_sms) and (", "text(.condition) or text(.id_sms) and (");
        copy.edit(
                "webcom-mobi/delivery-report.jslt",
                "let word = fallback(text(.state)",
                "let word = fallback(text(.state), text(.condition)");
    }

    @AfterAll
    static void stop() {
        corrected.close();
    }

    @BeforeEach
    void drain() throws Exception {
        shipped.queues().drain();
    }

    @AfterEach
    void leavesNothingBehind() throws Exception {
        awaitEmpty(REPLAY_QUEUE);
        assertEquals(List.of(), shipped.queues().drain(), "no more came of it");
    }

    /** What is replayed leaves its queue. */
    private static void awaitEmpty(String queue) {
        try (var operator = shipped.operator()) {
            await().until(() -> new QueueControl(operator).messages(queue) == 0);
        }
    }

    private static TestGateway another(Path routes) throws Exception {
        return TestGateway.withRoutes(routes).set("sms.queue.replay", OTHER_REPLAY_QUEUE);
    }

    @Test
    void makesEventsOfWhatACorrectedMappingUnderstands() throws Exception {
        var item = "{\"smsID\":\"late\",\"state\":\"3\",\"price\":1.50}";
        shipped.post("bulkgate", "[{\"smsID\":\"known\",\"status\":\"1\"}," + item + ",{\"no\":1.50}]");
        var kept = moveToReplay();
        assertEquals(2, kept.size());
        var received = received(2);
        var event = eventIn(received, "sms.delivery.final");
        assertEquals(kept.get(0).get("receivedat"), event.get("receivedat"));
        assertEquals("/callbacks/bulkgate/main", event.get("source").asText());
        assertEquals("late", event.get("subject").asText());
        assertEquals("undelivered", event.get("data").get("status").asText());
        assertEquals(
                kept.get(0).get("receivedat").asText() + " 1",
                event.get("data").get("channel").asText(),
                "the mapping's variables");
        assertEquals(EventAssert.JSON.readTree(item), event.get("data").get("raw"));
        assertEquals(kept.get(1), eventIn(received, UNRECOGNISED), "still unrecognised: the same event");
        await().until(() -> !logged("replayed bulkgate/main: items 1, recognised 1, of these known before 0")
                .isEmpty());
    }

    @Test
    void hasTheParametersOfTheUrlAgain() throws Exception {
        for (var order : new String[] {"A-17", "x".repeat(3_000)}) {
            var url = shipped.callbackUri("bulkgate", "token=" + TestGateway.TOKEN + "&order=" + order);
            shipped.post(url, ("[{\"smsID\":\"order-" + order.length() + "\",\"state\":\"1\"}]").getBytes());
            moveToReplay();
            var data = eventIn(received(1), "sms.delivery.final").get("data");
            assertEquals(
                    order.length() > 2_048 ? null : order,
                    data.path("reference").textValue(),
                    "kept where it is small");
            awaitEmpty(REPLAY_QUEUE);
        }
    }

    @Test
    void keepsWhatIsStillNotUnderstoodEachTime() throws Exception {
        corrected.post("bulkgate", "[[\"an array\"],\"a text\",{\"n\":0.10}]");
        corrected.post("infobip", "<html><body>It works</body></html>");
        corrected.post("infobip", "\"a JSON text\"");
        corrected.post("infobip", "{\"cut short\":");
        corrected.post("infobip", new byte[] {'{', (byte) 0xFF});
        corrected.get(corrected.callbackUri("bulkgate", "token=" + TestGateway.TOKEN + "&a=b&a=c"));
        var kept = moveToReplay();
        assertEquals(8, kept.size());
        for (int time = 1; time <= 2; time++) {
            var again = new ArrayList<JsonNode>();
            for (var received : received(8)) {
                assertEquals(UNRECOGNISED, received.queue());
                assertTrue(received.message().getLongProperty("replayedAt") > 0);
                again.add(EventAssert.eventIn(received));
            }
            assertEquals(withoutReasons(kept), withoutReasons(again));
            if (time == 1) {
                // what the first drain took
                send(again);
            }
        }
        assertEquals(List.of(), logged("replayed infobip/main: items 0"), "an item is never taken for a batch of none");
    }

    @Test
    void readsBytesAsBytesAgain(@TempDir Path routes) throws Exception {
        var copy = RoutesCopy.in(routes);
        correctTheMappings(copy);
        copy.edit("routing/receive.camel.yaml", "ref: jsonOrXml", "ref: formFields");
        shipped.post("bulkgate", "smsID=form&state=1");
        var bytes = "smsID=bytes&state=1&text=?".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 1] = (byte) 0xFF;
        shipped.post("bulkgate", bytes);
        shipped.get(shipped.callbackUri("bulkgate", "token=" + TestGateway.TOKEN + "&smsID=query&state=1"));
        assertEquals(3, moveTo(OTHER_REPLAY_QUEUE).size());
        try (var another = another(routes).start()) {
            var ids = new ArrayList<String>();
            for (var received : received(3)) {
                ids.add(EventAssert.eventIn(received).get("subject").asText());
            }
            assertEquals(List.of("form", "bytes", "query"), ids);
            awaitEmpty(OTHER_REPLAY_QUEUE);
        }
    }

    @Test
    void findsTheItemsOfAWholeBodyThatWereNotFoundBefore() throws Exception {
        shipped.post("bulkgate", "{\"news\":[{\"smsID\":\"news\",\"status\":\"1\"},{\"odd\":true}]}");
        moveToReplay();
        var received = received(2);
        assertEquals(
                "news", eventIn(received, "sms.delivery.final").get("subject").asText());
        var odd = eventIn(received, UNRECOGNISED).get("data");
        assertEquals("{\"odd\":true}", odd.get("raw").toString());
        assertEquals(1, odd.get("index").asInt());
    }

    @Test
    void understandsWhatFailedInAMappingOrWasSentNowhere(@TempDir Path routes) throws Exception {
        var copy = RoutesCopy.in(routes);
        var items = "[{\"smsID\":\"failed\",\"status\":\"1\"},{\"smsID\":\"nowhere\",\"status\":\"1\"}]";
        copy.edit(
                "bulkgate/delivery-report.jslt",
                "let code = ",
                "let code = if (.smsID == \"failed\") error(\"no\") else ");
        copy.edit("routing/route-event.camel.yaml", "name: queue", "name: elsewhere");
        try (var broken = another(routes).start()) {
            broken.post("bulkgate", items);
        }
        assertEquals(2, moveToReplay().size());
        var raws = new ArrayList<JsonNode>();
        for (var received : received(2)) {
            assertEquals("sms.delivery.final", received.queue());
            raws.add(EventAssert.eventIn(received).get("data").get("raw"));
        }
        assertEquals(items, raws.toString().replace(", ", ","));
    }

    @Test
    void understandsAnItemOfXml() throws Exception {
        shipped.post("webcom-mobi", "<r><news id_sms=\"of-xml\" condition=\"deliver\"/></r>");
        moveToReplay();
        var event = eventIn(received(1), "sms.delivery.final");
        assertEquals("of-xml", event.get("subject").asText());
    }

    @Test
    void makesOneEventOfWhatIsReplayedTwice() throws Exception {
        shipped.post(
                "bulkgate",
                "[{\"smsID\":\"replayed-twice\",\"state\":\"1\"},{\"smsID\":\"replayed-once\",\"state\":\"1\"}]");
        var kept = moveToReplay();
        send(List.of(kept.get(0)));
        send(kept);
        var received = received(2);
        assertEquals(
                "replayed-twice",
                EventAssert.eventIn(received.get(0)).get("subject").asText());
        assertEquals(
                "replayed-once",
                EventAssert.eventIn(received.get(1)).get("subject").asText());
        // known to the broker as well, which another gateway must ask
        shipped.post("bulkgate", "[{\"odd\":\"after them\"}]");
        kept.addAll(moveTo(OTHER_REPLAY_QUEUE));
        send(kept.subList(0, 2), OTHER_REPLAY_QUEUE);
        try (var another = another(correctedRoutes).start()) {
            assertEquals(kept.get(2), eventIn(received(1), UNRECOGNISED));
            awaitEmpty(OTHER_REPLAY_QUEUE);
        }
    }

    @Test
    void givesTheTargetsOnlyWhatIsUnderstoodNow() throws Exception {
        shipped.post("bulkgate", "[{\"odd\":\"for targets\"},{\"smsID\":\"for-targets\",\"state\":\"1\"}]");
        moveToReplay();
        assertEquals(2, received(2).size());
        await().until(() -> written("\"subject\":\"for-targets\"").size() == 1);
        awaitEmpty("sms.target.file");
        assertEquals(List.of(), written(UNRECOGNISED));
    }

    @Test
    void putsBackWhatBelongsToNoAccountAsItIs() throws Exception {
        var body = "[{\"odd\":\"%s\"}]".formatted("x".repeat(300_000));
        shipped.post(URI.create(accountUri("own-words")), body.getBytes(StandardCharsets.UTF_8));
        var kept = moveToReplay();
        var moved = (ObjectNode) kept.get(0).deepCopy();
        ((ObjectNode) moved.get("data")).put("account", "gone");
        send(List.of(moved));
        var received = received(2);
        assertEquals(kept.get(0), EventAssert.eventIn(received.get(0)));
        var putBack = received.get(1).message();
        assertEquals(moved.toString(), putBack.getText());
        assertTrue(putBack.getLongProperty("replayedAt") > 0);
        assertFalse(logged("came through sms.account.infobip.gone, which is not configured")
                .isEmpty());
    }

    @Test
    void putsBackWhatIsNoUnrecognisedEvent() throws Exception {
        var event = "{\"type\":\"sms.unrecognised\",\"id\":\"1\",\"receivedat\":\"2026-01-01T00:00:00.000Z\","
                + "\"data\":{\"provider\":\"infobip\",\"account\":\"main\",\"rawBase64\":\"no base64!\"}}";
        var texts = List.of("", "no event", "[]", "{}", event, event.replace("unrecognised", "inbound-message"));
        try (var context = broker()) {
            for (var text : texts) {
                var message = context.createTextMessage(text);
                message.setStringProperty("ofTheSender", "kept");
                message.setStringProperty("_AMQ_DUPL_ID", "of " + text);
                message.setJMSType("sometype");
                message.setJMSReplyTo(context.createQueue("sms.nobody-answers"));
                context.createProducer().setPriority(7).send(context.createQueue(REPLAY_QUEUE), message);
            }
            context.createProducer().send(context.createQueue(REPLAY_QUEUE), new byte[] {1, 2, 3});
        }
        try (var context = broker()) {
            var consumer = context.createConsumer(context.createQueue(UNRECOGNISED));
            for (var text : texts) {
                var message = (TextMessage) consumer.receive(60_000);
                assertEquals(text, message.getText());
                assertEquals("kept", message.getStringProperty("ofTheSender"));
                assertEquals("sometype", message.getJMSType());
                assertEquals(7, message.getJMSPriority());
                assertFalse(message.propertyExists("_AMQ_DUPL_ID"));
                assertTrue(message.getLongProperty("replayedAt") > 0);
            }
            var bytes = (BytesMessage) consumer.receive(60_000);
            assertEquals(3, bytes.getBodyLength());
        }
    }

    @Test
    void keepsInItsQueueWhatMakesTheRouteFail(@TempDir Path routes) throws Exception {
        var copy = RoutesCopy.in(routes);
        correctTheMappings(copy);
        var item = "{\"smsID\":\"failing-route\",\"state\":\"1\"}";
        shipped.post("bulkgate", item);
        moveTo(OTHER_REPLAY_QUEUE);
        copy.edit("bulkgate/items.jslt", "if (is-array(.))", "if (error(\"no way\"))");
        try (var failing = another(routes).start()) {
            await().until(() -> !logged("the broker gives it again: replay of bulkgate/main: answered 500")
                    .isEmpty());
        }
        assertEquals(List.of(), shipped.queues().drain(), "no copy of it");
        try (var another = another(correctedRoutes).start()) {
            assertEquals(
                    "failing-route",
                    eventIn(received(1), "sms.delivery.final").get("subject").asText());
            awaitEmpty(OTHER_REPLAY_QUEUE);
        }
    }

    private static List<String> withoutReasons(List<JsonNode> events) {
        return events.stream()
                .map(event -> {
                    var copy = (ObjectNode) event.deepCopy();
                    copy.withObject("data").remove("reason");
                    return copy.toString();
                })
                .toList();
    }

    private static JsonNode eventIn(List<Queues.Received> all, String queue) throws Exception {
        var found = all.stream().filter(one -> one.queue().equals(queue)).toList();
        assertEquals(1, found.size(), () -> "in " + queue);
        return EventAssert.eventIn(found.get(0));
    }

    /** So many messages come out of the replay. */
    private static List<Queues.Received> received(int count) throws Exception {
        var received = new ArrayList<Queues.Received>();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            received.addAll(shipped.queues().drain());
            return received.size() >= count;
        });
        assertEquals(count, received.size());
        return received;
    }

    private static String accountUri(String account) {
        return shipped.uri("/callbacks/infobip/" + account + "?token=" + TestGateway.TOKEN)
                .toString();
    }

    private static List<JsonNode> moveToReplay() throws Exception {
        return moveTo(REPLAY_QUEUE);
    }

    /** As the operator's command does; gives the events that were moved, and forgets all others. */
    private static List<JsonNode> moveTo(String queue) throws Exception {
        var moved = new ArrayList<JsonNode>();
        try (var context = broker()) {
            for (var received : shipped.queues().drain()) {
                if (received.queue().equals(UNRECOGNISED)) {
                    moved.add(EventAssert.eventIn(received));
                    context.createProducer().send(context.createQueue(queue), received.message());
                }
            }
        }
        return moved;
    }

    private static void send(List<JsonNode> events) {
        send(events, REPLAY_QUEUE);
    }

    private static void send(List<JsonNode> events, String queue) {
        try (var context = broker()) {
            for (var event : events) {
                context.createProducer().send(context.createQueue(queue), event.toString());
            }
        }
    }

    private static JMSContext broker() {
        return new ActiveMQConnectionFactory(
                        "tcp://127.0.0.1:" + shipped.brokerPort(), "gateway", TestGateway.BROKER_PASSWORD)
                .createContext();
    }

    /** The events of the file target that have these words. */
    private static List<String> written(String words) throws IOException {
        var lines = new ArrayList<String>();
        try (var files = Files.list(written)) {
            for (var file : files.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines.stream().filter(line -> line.contains(words)).toList();
    }
}
