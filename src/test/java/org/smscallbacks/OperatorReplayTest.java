package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smscallbacks.broker.MessageKey;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.operator.command.SmsCommand;

/** Dead events on their way again: each once, as it was, whatever happens meanwhile. */
class OperatorReplayTest {

    private static final String TARGET = "cli-replay";
    private static final String QUEUE = "sms.target.cli-replay";
    private static final String URGENT = "sms.target.cli-replay.urgent";
    private static final String DEAD = "sms.dead.cli-replay";
    private static final String ASIDE = "sms.replaying.dead.cli-replay";

    private TestGateway gateway;
    private StoredEvents events;
    private Terminal sms;

    @BeforeEach
    void connect() throws Exception {
        gateway = TestGateway.shared();
        sms = Terminal.at(gateway);
        events = new StoredEvents(gateway.operator());
        events.take(DEAD, QUEUE, URGENT, ASIDE);
    }

    @AfterEach
    void empty() throws Exception {
        events.take(DEAD, QUEUE, URGENT, ASIDE);
        events.close();
    }

    @Test
    void movesAnEventAsItWasBeforeItFailed() throws Exception {
        events.dead(TARGET, 1, "503", QUEUE);
        events.dead(TARGET, 2, "503", URGENT);
        events.dead(TARGET, 3, "422", QUEUE);
        events.commit();

        var replayed = sms.run("dead", "replay", TARGET, "--answer", "503");
        assertEquals(0, replayed.code(), replayed::toString);
        assertEquals(
                "2 events of " + DEAD + " replayed: 1 to " + QUEUE + ", 1 to " + URGENT,
                replayed.out().strip());

        var normal = events.take(QUEUE);
        assertEquals(1, normal.size());
        assertAsItWas(normal.get(0), 1, 4);
        var urgent = events.take(URGENT);
        assertEquals(1, urgent.size());
        assertAsItWas(urgent.get(0), 2, 9);
        assertEquals(Set.of(StoredEvents.id(3)), ids(events.take(DEAD)));
    }

    private static void assertAsItWas(TextMessage message, int number, int priority) throws JMSException {
        assertEquals(StoredEvents.text(number), message.getText());
        assertEquals(priority, message.getJMSPriority());
        assertEquals("sms.delivery-report", message.getJMSType());
        assertEquals(message.getStringProperty("messageId"), message.getJMSCorrelationID());
        assertTrue(message.getBooleanProperty("final"));
        var names = new TreeSet<String>();
        for (var name : Collections.list(message.getPropertyNames())) {
            if (!name.toString().startsWith("JMSX") && !name.toString().startsWith("__")) {
                names.add(name.toString());
            }
        }
        assertEquals(Set.of("account", "eventId", "eventType", "final", "messageId", "provider", "status"), names);
        assertNull(message.getStringProperty("_AMQ_DUPL_ID"));
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        events.dead(TARGET, 1, "503", QUEUE);
        events.dead(TARGET, 2, "503", "sms.target.somebody-else");
        events.commit();
        var dry = sms.run("dead", "replay", TARGET, "--dry-run");
        assertEquals(0, dry.code(), dry::toString);
        assertEquals(
                "would replay 2 events of " + DEAD + " to " + QUEUE + "; nothing was changed",
                dry.out().strip());
        var json = EventAssert.JSON.readTree(
                sms.run("dead", "replay", TARGET, "--id", StoredEvents.id(1), "--dry-run", "--json")
                        .out());
        assertTrue(json.get("dryRun").asBoolean());
        assertEquals(1, json.get("matched").asInt());
        assertEquals(0, json.get("replayed").asInt());
        assertEquals(1, json.get("to").get(QUEUE).asInt());
        assertEquals(2, events.take(DEAD).size());
        assertEquals(0, events.take(QUEUE).size());
    }

    @Test
    void nothingThatMatchesIsOne() throws Exception {
        events.dead(TARGET, 1, "503", QUEUE);
        events.commit();
        var nothing = sms.run("dead", "replay", TARGET, "--answer", "422");
        assertEquals(1, nothing.code(), nothing::toString);
        assertEquals("sms: nothing in " + DEAD + " matches", nothing.err().strip());
    }

    @Test
    void losesAndDoublesNothingWhenItIsInterrupted() throws Exception {
        int all = 2_500;
        fill(all, "503");
        var command = new SmsCommand(Map.of());
        var interrupted = sms.run(command, stopping(command), "dead", "replay", TARGET, "--all", "--json");
        assertEquals(4, interrupted.code(), interrupted::toString);
        var result = EventAssert.JSON.readTree(interrupted.out());
        int first = result.get("replayed").asInt();
        assertTrue(first > 0 && first < all, interrupted::toString);

        var rest = EventAssert.JSON.readTree(
                sms.run("dead", "replay", TARGET, "--all", "--json").out());
        assertEquals(all - first, rest.get("replayed").asInt());
        assertEachOnce(all, events.take(QUEUE));
        assertEquals(0, events.take(DEAD, ASIDE).size());
    }

    /** Interrupts as soon as there is progress to see. */
    private static StringWriter stopping(SmsCommand command) {
        return new StringWriter() {
            @Override
            public void write(String text, int offset, int length) {
                super.write(text, offset, length);
                command.stop();
            }
        };
    }

    @Test
    void finishesWhatAReplayThatWasKilledHasLeftAside() throws Exception {
        fill(30, "503");
        try (var connections = gateway.operator();
                var context = connections.createContext()) {
            context.createConsumer(context.createQueue(ASIDE)).close();
            var some = new ArrayList<MessageKey>();
            var messages = context.createBrowser(context.createQueue(DEAD)).getEnumeration();
            while (some.size() < 10) {
                some.add(MessageKey.of((TextMessage) messages.nextElement()));
            }
            assertEquals(10, new QueueControl(connections).move(DEAD, some, ASIDE));
        }
        var dry = sms.run("dead", "replay", TARGET, "--all", "--dry-run");
        assertTrue(dry.out().contains("and first 10 that an interrupted replay has left aside"), dry::toString);
        var replayed = sms.run("dead", "replay", TARGET, "--all");
        assertEquals(0, replayed.code(), replayed::toString);
        assertTrue(
                replayed.out().contains("20 events of " + DEAD + " replayed to " + QUEUE + ", after 10 that"),
                replayed::toString);
        assertEachOnce(30, events.take(QUEUE));
    }

    @Test
    void givesBackWhatIsNoTextAmongWhatIsAside() throws Exception {
        fill(3, "503");
        try (var connections = gateway.operator();
                var context = connections.createContext()) {
            var aside = context.createQueue(ASIDE);
            context.createProducer().setProperty("_AMQ_DUPL_ID", "of-somebody").send(aside, new byte[] {7, 0, 9});
            context.createProducer().send(aside, context.createTextMessage());
            context.createProducer()
                    .setProperty("whose", "somebody's")
                    .setPriority(7)
                    .send(aside, Map.of("a", 1));

            var replayed = sms.run("dead", "replay", TARGET, "--id", StoredEvents.id(1));
            assertEquals(0, replayed.code(), replayed::toString);
            assertEquals(Set.of(StoredEvents.id(1)), ids(events.take(QUEUE)));
            assertEquals(0, events.visible(ASIDE));
            await().until(() -> events.visible(DEAD) == 5);
            try (var consumer = context.createConsumer(context.createQueue(DEAD), "eventId IS NULL")) {
                var map = consumer.receive(10_000);
                assertEquals(7, map.getJMSPriority());
                assertEquals("somebody's", map.getStringProperty("whose"));
                assertEquals(1, map.getBody(Map.class).get("a"));
                assertArrayEquals(new byte[] {7, 0, 9}, consumer.receive(10_000).getBody(byte[].class));
                assertNull(consumer.receive(10_000).getBody(String.class));
            }
        }
    }

    @Test
    void findsWhatLiesBehindPagesOfOthers() throws Exception {
        fill(6_000, "503");
        for (int number = 6_000; number < 6_010; number++) {
            events.dead(TARGET, number, "422", QUEUE);
        }
        events.commit();
        await().until(() -> events.visible(DEAD) == 6_010);
        var replayed = sms.run("dead", "replay", TARGET, "--reason", "refused");
        assertEquals(0, replayed.code(), replayed::toString);
        assertEquals(10, ids(events.take(QUEUE)).size());
        assertEachOnce(6_000, events.take(DEAD));
    }

    @Test
    void leavesDeadWhatDiesAgainMeanwhile() throws Exception {
        int all = 1_200;
        fill(all, "503");
        var ended = new AtomicBoolean();
        var refusing = CompletableFuture.runAsync(() -> {
            try (var target = new StoredEvents(gateway.operator())) {
                target.putBack(QUEUE, DEAD, 1, Map.of("lastStatus", "503"), ended::get);
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        });
        var replayed = sms.run("dead", "replay", TARGET, "--answer", "503");
        ended.set(true);
        refusing.get(5, TimeUnit.MINUTES);
        assertEquals(0, replayed.code(), replayed::toString);
        assertTrue(replayed.out().startsWith(all + " events"), replayed::toString);
        assertEachOnce(all, events.take(DEAD));
    }

    private void fill(int count, String answer) throws JMSException {
        for (int number = 0; number < count; number++) {
            events.dead(TARGET, number, answer, QUEUE);
        }
        events.commit();
        await().until(() -> events.visible(DEAD) == count);
    }

    private static void assertEachOnce(int count, List<TextMessage> messages) throws JMSException {
        assertEquals(count, messages.size());
        assertEquals(count, ids(messages).size());
        assertFalse(messages.isEmpty());
    }

    private static Set<String> ids(List<TextMessage> messages) throws JMSException {
        var ids = new HashSet<String>();
        for (var message : messages) {
            ids.add(message.getStringProperty("eventId"));
        }
        return ids;
    }
}
