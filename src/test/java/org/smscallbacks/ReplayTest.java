package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.broker.QueueControl;

/** What nobody understood goes through its provider's route again, where the mapping may be corrected by now. */
class ReplayTest {

    /** Not the one the shared gateway consumes. */
    private static final String REPLAY_QUEUE = "sms.replay.of-the-test";

    private static final String UNRECOGNISED = "sms.unrecognised";
    private static final Path LOG = Path.of("target/gateway-test.log");

    private final TestGateway shipped = sharedGateway();
    private TestGateway corrected;

    @TempDir
    private Path routes;

    private RoutesCopy copy;

    private static TestGateway sharedGateway() {
        try {
            return TestGateway.shared();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the mappings corrected for <code>state</code> instead of <code>status</code>, and the like. */
    @BeforeEach
    void correctTheMappings() throws Exception {
        shipped.queues().drain();
        copy = RoutesCopy.in(routes);
        copy.edit("bulkgate/bulkgate.camel.yaml", "text(.status) and (", "(text(.status) or text(.state)) and (");
        copy.edit(
                "bulkgate/delivery-report.jslt",
                "let code = text(.status)",
                "let code = text(fallback(.status, .state))");
        copy.edit(
                "bulkgate/delivery-report.jslt",
                "\"channel\": $channel",
                "\"channel\": $receivedAt + \" \" + text($index)");
        copy.edit(
                "webcom-mobi/webcom-mobi.camel.yaml", "text(.id_sms) and (", "text(.condition) or text(.id_sms) and (");
        copy.edit(
                "webcom-mobi/delivery-report.jslt",
                "let word = fallback(text(.state)",
                "let word = fallback(text(.state), text(.condition)");
        corrected = TestGateway.withRoutes(routes).set("sms.queue.replay", REPLAY_QUEUE);
    }

    @AfterEach
    void leavesNothingBehind() throws Exception {
        corrected.close();
        try (var context = broker()) {
            var consumer = context.createConsumer(context.createQueue(REPLAY_QUEUE));
            assertNull(consumer.receiveNoWait(), "what is replayed leaves its queue");
        }
        assertEquals(List.of(), shipped.queues().drain(), "no more came of it");
    }

    @Test
    void makesEventsOfWhatACorrectedMappingUnderstands() throws Exception {
        var item = "{\"smsID\":\"late\",\"state\":\"3\",\"price\":1.50}";
        shipped.post("bulkgate", "[{\"smsID\":\"known\",\"status\":\"1\"}," + item + ",{\"no\":1.50}]");
        var kept = moveToReplay();
        assertEquals(2, kept.size());
        corrected.start();
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
        await().untilAsserted(() -> assertTrue(Files.readString(LOG)
                .contains("replayed bulkgate/main: items 1, recognised 1, of these known before 0")));
    }

    @Test
    void keepsWhatIsStillNotUnderstoodEachTime() throws Exception {
        corrected.start();
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
        assertFalse(
                Files.readString(LOG).contains("replayed infobip/main: items 0"),
                "an item is never taken for a batch of none");
    }

    @Test
    void readsBytesAsBytesAgain() throws Exception {
        copy.edit("routing/receive.camel.yaml", "ref: jsonOrXml", "ref: formFields");
        shipped.post("bulkgate", "smsID=form&state=1");
        var bytes = "smsID=bytes&state=1&text=?".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 1] = (byte) 0xFF;
        shipped.post("bulkgate", bytes);
        shipped.get(shipped.callbackUri("bulkgate", "token=" + TestGateway.TOKEN + "&smsID=query&state=1"));
        assertEquals(3, moveToReplay().size());
        corrected.start();
        var ids = new ArrayList<String>();
        for (var received : received(3)) {
            ids.add(EventAssert.eventIn(received).get("subject").asText());
        }
        assertEquals(List.of("form", "bytes", "query"), ids);
    }

    @Test
    void findsTheItemsOfAWholeBodyThatWereNotFoundBefore() throws Exception {
        copy.edit("bulkgate/items.jslt", "if (is-array(.)) .", "if (is-array(.news)) .news");
        shipped.post("bulkgate", "{\"news\":[{\"smsID\":\"news\",\"status\":\"1\"},{\"odd\":true}]}");
        moveToReplay();
        corrected.start();
        var received = received(2);
        assertEquals(
                "news", eventIn(received, "sms.delivery.final").get("subject").asText());
        var odd = eventIn(received, UNRECOGNISED).get("data");
        assertEquals("{\"odd\":true}", odd.get("raw").toString());
        assertEquals(1, odd.get("index").asInt());
    }

    @Test
    void understandsWhatFailedInAMappingOrWasSentNowhere() throws Exception {
        var items = "[{\"smsID\":\"failed\",\"status\":\"1\"},{\"smsID\":\"nowhere\",\"status\":\"1\"}]";
        var mapping = "bulkgate/delivery-report.jslt";
        var router = "routing/route-event.camel.yaml";
        copy.edit(mapping, "let code = ", "let code = if (.smsID == \"failed\") error(\"no\") else ");
        copy.edit(router, "name: queue", "name: elsewhere");
        try (var broken = TestGateway.withRoutes(routes)
                .set("sms.queue.replay", "sms.replay.of-nobody")
                .start()) {
            broken.post("bulkgate", items);
        }
        assertEquals(2, moveToReplay().size());
        copy.edit(mapping, "let code = if (.smsID == \"failed\") error(\"no\") else ", "let code = ");
        copy.edit(router, "name: elsewhere", "name: queue");
        corrected.start();
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
        corrected.start();
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
        corrected.start();
        var received = received(2);
        assertEquals(
                "replayed-twice",
                EventAssert.eventIn(received.get(0)).get("subject").asText());
        assertEquals(
                "replayed-once",
                EventAssert.eventIn(received.get(1)).get("subject").asText());
        // known to the broker as well, which another gateway must ask
        corrected.close();
        shipped.post("bulkgate", "[{\"odd\":\"after them\"}]");
        kept.addAll(moveToReplay());
        send(kept.subList(0, 2));
        corrected = TestGateway.withRoutes(routes)
                .set("sms.queue.replay", REPLAY_QUEUE)
                .start();
        assertEquals(kept.get(2), eventIn(received(1), UNRECOGNISED));
        await().until(() -> new QueueControl(shipped.operator()).messages(REPLAY_QUEUE) == 0);
    }

    @Test
    void givesTheTargetsOnlyWhatIsUnderstoodNow(@TempDir Path folder) throws Exception {
        shipped.post("bulkgate", "[{\"odd\":\"for targets\"},{\"smsID\":\"for-targets\",\"state\":\"1\"}]");
        moveToReplay();
        corrected.set("sms.target.file.url", "file:" + folder).start();
        assertEquals(2, received(2).size());
        await().until(() -> lines(folder).size() == 1);
        assertTrue(lines(folder).get(0).contains("\"subject\":\"for-targets\""));
    }

    @Test
    void putsBackWhatBelongsToNoAccountAsItIs() throws Exception {
        var body = "[{\"odd\":\"%s\"}]".formatted("x".repeat(300_000));
        shipped.post(URI.create(accountUri("own-words")), body.getBytes(StandardCharsets.UTF_8));
        var kept = moveToReplay();
        var moved = (ObjectNode) kept.get(0).deepCopy();
        ((ObjectNode) moved.get("data")).put("account", "gone");
        send(List.of(moved));
        corrected.start();
        var received = received(2);
        assertEquals(kept.get(0), EventAssert.eventIn(received.get(0)));
        var putBack = received.get(1).message();
        assertEquals(moved.toString(), putBack.getText());
        assertTrue(putBack.getLongProperty("replayedAt") > 0);
        assertTrue(Files.readString(LOG).contains("came through sms.account.infobip.gone, which is not configured"));
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
        corrected.start();
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
    void keepsInItsQueueWhatMakesTheRouteFail() throws Exception {
        var item = "{\"smsID\":\"failing-route\",\"state\":\"1\"}";
        shipped.post("bulkgate", item);
        moveToReplay();
        copy.edit("bulkgate/items.jslt", "if (is-array(.))", "if (error(\"no way\"))");
        corrected.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.readString(LOG)
                .contains("the broker gives it again: replay of bulkgate/main: answered 500"));
        corrected.close();
        assertEquals(List.of(), shipped.queues().drain(), "no copy of it");
        copy.edit("bulkgate/items.jslt", "if (error(\"no way\"))", "if (is-array(.))");
        corrected = TestGateway.withRoutes(routes)
                .set("sms.queue.replay", REPLAY_QUEUE)
                .start();
        assertEquals(
                "failing-route",
                eventIn(received(1), "sms.delivery.final").get("subject").asText());
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
    private List<Queues.Received> received(int count) throws Exception {
        var received = new ArrayList<Queues.Received>();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            received.addAll(shipped.queues().drain());
            return received.size() >= count;
        });
        assertEquals(count, received.size());
        return received;
    }

    private String accountUri(String account) {
        return shipped.uri("/callbacks/infobip/" + account + "?token=" + TestGateway.TOKEN)
                .toString();
    }

    /** As the operator's command does; gives the events that were moved, and forgets all others. */
    private List<JsonNode> moveToReplay() throws Exception {
        var moved = new ArrayList<JsonNode>();
        try (var context = broker()) {
            for (var received : shipped.queues().drain()) {
                if (received.queue().equals(UNRECOGNISED)) {
                    moved.add(EventAssert.eventIn(received));
                    context.createProducer().send(context.createQueue(REPLAY_QUEUE), received.message());
                }
            }
        }
        return moved;
    }

    private void send(List<JsonNode> events) {
        try (var context = broker()) {
            for (var event : events) {
                context.createProducer().send(context.createQueue(REPLAY_QUEUE), event.toString());
            }
        }
    }

    private JMSContext broker() {
        return new ActiveMQConnectionFactory(
                        "tcp://127.0.0.1:" + shipped.brokerPort(), "gateway", TestGateway.BROKER_PASSWORD)
                .createContext();
    }

    private static List<String> lines(Path folder) throws IOException {
        var lines = new ArrayList<String>();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
