package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.RefusedEventsTest.REJECTED;
import static org.smscallbacks.SomeEvents.events;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.server.RoutingContext;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.config.Settings;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.store.JournalStore;

/** What a consumer has rejected, as AMQP can: an operator finds it, and puts it back. */
class OperatorRefusedTest {

    private static final String REFUSED = "sms.refused";
    private static final String INBOUND = "sms.inbound";
    private static final String FINAL = "sms.delivery.final";

    @TempDir
    private Path folder;

    private OwnBroker broker;
    private Terminal sms;

    @BeforeEach
    void start() throws Exception {
        broker = new OwnBroker(folder).start();
        sms = Terminal.with("--broker", broker.url(), "--user", "operator", "--password", Settings.DEMO_SECRET);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void listsWhatWasRejectedAndFromWhere() throws Exception {
        rejected(INBOUND, "a", 2);
        rejected(FINAL, "b", 1);
        var listed = sms.run("refused", "list");
        assertEquals(0, listed.code(), listed::toString);
        assertEquals(4, listed.out().lines().count(), listed::toString);
        assertTrue(listed.out().contains("infobip      main          delivered, from " + FINAL), listed::toString);
        assertEquals(Set.of("a-0", "a-1"), ids("--from", INBOUND));
        assertEquals(Set.of("b-0"), ids("--from", FINAL, "--status", "delivered", "--provider", "infobip"));
        assertEquals(Set.of(), ids("--status", "expired"));
        assertEquals(Set.of("a-1"), ids("--id", "a-1"));
        assertEquals(1, ids("--limit", "1").size());
        var shown = sms.run("refused", "show", "b-0");
        assertTrue(shown.out().contains("cameFrom: " + FINAL), shown::toString);
        var nothing = sms.run("refused", "list", "--from", "sms.click");
        assertEquals(1, nothing.code(), nothing::toString);
    }

    @Test
    void putsAnEventBackWhereItIsConsumedOnce() throws Exception {
        rejected(INBOUND, "a", 3);
        rejected(FINAL, "b", 2);
        var duplicateId = broker.browse(REFUSED).get(0).getStringProperty("_AMQ_DUPL_ID");
        assertNotNull(duplicateId);
        var dry = sms.run("refused", "replay", "--all", "--dry-run");
        assertEquals(
                "would replay 5 events of sms.refused: 2 to sms.delivery.final, 3 to sms.inbound; nothing was changed",
                dry.out().strip());
        assertEquals(5, broker.count(REFUSED));

        var replayed = sms.run("refused", "replay", "--id", "a-0", "--id", "a-2", "--id", "b-1");
        assertEquals(0, replayed.code(), replayed::toString);
        assertEquals(
                "3 events of sms.refused replayed: 1 to sms.delivery.final, 2 to sms.inbound",
                replayed.out().strip());
        await().untilAsserted(() -> assertEquals(2, broker.count(REFUSED)));
        assertEquals(duplicateId, broker.browse(INBOUND).get(0).getStringProperty("_AMQ_DUPL_ID"));
        broker.stop();
        broker.start();
        assertEquals(Set.of("a-0", "a-2"), consumed(INBOUND));
        assertEquals(Set.of("b-1"), consumed(FINAL));
        assertEquals(Set.of("a-1", "b-0"), consumed(REFUSED));
    }

    @Test
    void aCallbackThatIsRepeatedStaysKnown() throws Exception {
        var events = rejected(INBOUND, "a", 1);
        assertEquals(0, sms.run("refused", "replay", "--all").code());
        assertEquals(1, new JournalStore(broker.broker()).store(events).size(), "known");
        assertEquals(Set.of("a-0"), consumed(INBOUND));
    }

    @Test
    void whatIsRejectedAgainIsThereAgain() throws Exception {
        rejected(INBOUND, "a", 2);
        for (int round = 0; round < 3; round++) {
            var replayed = sms.run("refused", "replay", "--from", INBOUND);
            assertEquals(
                    "2 events of sms.refused replayed to sms.inbound",
                    replayed.out().strip());
            await().untilAsserted(() -> assertEquals(2, broker.count(INBOUND)));
            RefusedEventsTest.reject(broker, INBOUND, 2, REJECTED);
            await().untilAsserted(() -> assertEquals(2, broker.count(REFUSED)));
        }
        assertEquals(Set.of("a-0", "a-1"), ids("--from", INBOUND));
    }

    @Test
    void anEventWhoseQueueIsGoneStays() throws Exception {
        rejected("sms.mine", "a", 1);
        rejected(INBOUND, "b", 1);
        rejected("sms.mine", "c", 1);
        RefusedEventsTest.reject(broker, REFUSED, 1, REJECTED);
        // it goes to the end of its queue, and is in none for a moment
        await().untilAsserted(() -> assertEquals(Set.of("a-0"), ids("--from", REFUSED)));
        broker.broker().server().destroyQueue(SimpleString.of("sms.mine"));
        await().untilAsserted(() -> assertEquals(3, broker.count(REFUSED)));

        var replayed = sms.run("refused", "replay", "--all");
        assertEquals(4, replayed.code(), replayed::toString);
        assertTrue(replayed.out().startsWith("1 event of sms.refused replayed to sms.inbound\n"), replayed::toString);
        assertTrue(replayed.out().contains("a-0 stays: it was rejected from sms.refused itself"), replayed::toString);
        assertTrue(replayed.out().contains("c-0 stays: there is no queue sms.mine any more"), replayed::toString);
        assertEquals(
                "sms: 2 events cannot be replayed and stay in sms.refused",
                replayed.err().lines().reduce((first, last) -> last).orElseThrow());
        var json = sms.run("refused", "replay", "--all", "--json");
        assertEquals(1, json.code(), json::toString);
        assertEquals(2, EventAssert.JSON.readTree(json.out()).get("staying").size());

        var elsewhere = sms.run("refused", "replay", "--all", "--to", FINAL);
        assertEquals(0, elsewhere.code(), elsewhere::toString);
        assertEquals(Set.of("a-0", "c-0"), consumed(FINAL));
        assertEquals(Set.of("b-0"), consumed(INBOUND));
    }

    @Test
    void whatIsNoEventIsListedAndPutBackToo() throws Exception {
        send(INBOUND, new byte[] {(byte) 0xff, 0, 7}, "not an event");
        RefusedEventsTest.reject(broker, INBOUND, 3, REJECTED);
        await().untilAsserted(() -> assertEquals(3, broker.count(REFUSED)));
        rejected(INBOUND, "a", 1);
        await().untilAsserted(() -> assertEquals(4, broker.count(REFUSED)));

        var listed = sms.run("refused", "list", "--from", INBOUND);
        assertEquals(0, listed.code(), listed::toString);
        assertEquals(5, listed.out().lines().count(), listed::toString);
        assertTrue(listed.out().contains("no event, 3 bytes, from sms.inbound"), listed::toString);
        assertTrue(listed.out().contains("no event, 12 bytes, from sms.inbound"), listed::toString);
        var numbers = new ArrayList<>(ids());
        assertEquals(4, numbers.size(), numbers::toString);
        numbers.remove("a-0");
        for (var number : numbers) {
            assertTrue(number.matches("message-[1-9]\\d*"), number);
            var shown = sms.run("refused", "show", number);
            assertEquals(0, shown.code(), shown::toString);
        }

        var one = sms.run("refused", "replay", "--id", numbers.get(0));
        assertEquals("1 event of sms.refused replayed to sms.inbound", one.out().strip(), one::toString);
        var rest = sms.run("refused", "replay", "--all");
        assertEquals(
                "3 events of sms.refused replayed to sms.inbound", rest.out().strip(), rest::toString);
        var back = broker.browse(INBOUND);
        assertEquals(4, back.size());
        for (var message : back) {
            if (message instanceof BytesMessage bytes) {
                assertArrayEquals(new byte[] {(byte) 0xff, 0, 7}, bytes.getBody(byte[].class));
            }
        }
    }

    /** Over AMQP, with a message id of its own and with none, and as Artemis' own clients do it. */
    private void send(String queue, byte[] bytes, String text) throws JMSException {
        var connections =
                new JmsConnectionFactory("operator", Settings.DEMO_SECRET, "amqp://127.0.0.1:" + broker.port());
        try (var connection = connections.createConnection();
                var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                var producer = session.createProducer(session.createQueue(queue))) {
            var message = session.createBytesMessage();
            message.writeBytes(bytes);
            producer.send(message);
            producer.setDisableMessageID(true);
            producer.send(session.createTextMessage(text));
        }
        try (var factory = broker.operator();
                var context = factory.createContext()) {
            context.createProducer().send(context.createQueue(queue), context.createMapMessage());
        }
    }

    @Test
    void movesWhatLiesInPages() throws Exception {
        int all = 6_000;
        var names = Set.copyOf(IntStream.range(0, all).mapToObj(i -> "a-" + i).toList());
        new JournalStore(broker.broker())
                .store(IntStream.range(0, all)
                        .mapToObj(i -> SomeEvents.event("a-" + i, 2_000, INBOUND))
                        .toList());
        RefusedEventsTest.reject(broker, INBOUND, all, REJECTED);
        await().untilAsserted(() -> assertEquals(all, waiting(REFUSED)));
        assertTrue(
                broker.broker().server().locateQueue(REFUSED).getPagingStore().isPaging());
        assertEquals(names, ids());
        var few = sms.run("refused", "replay", "--id", "a-5999", "--id", "a-17", "--to", FINAL);
        assertEquals(
                "2 events of sms.refused replayed to sms.delivery.final",
                few.out().strip(),
                few::toString);
        var rest = sms.run("refused", "replay", "--from", INBOUND);
        assertEquals(
                "5998 events of sms.refused replayed to sms.inbound", rest.out().strip(), rest::toString);
        assertEquals(0, waiting(REFUSED));
        assertEquals(2, waiting(FINAL));
        assertEquals(5_998, waiting(INBOUND));
    }

    @Test
    void whatTheBrokerRefusesIsOneLineAndNothingIsLost() throws Exception {
        rejected(INBOUND, "a", 5);
        var full = new Full();
        broker.broker().server().registerBrokerPlugin(full);
        var refused = sms.run("refused", "replay", "--all");
        assertEquals(3, refused.code(), refused::toString);
        assertEquals("", refused.out());
        assertEquals(1, refused.err().lines().count(), refused::toString);
        assertTrue(refused.err().contains("the broker refuses: "), refused::toString);
        assertTrue(refused.err().contains("no room"), refused::toString);
        assertFalse(refused.err().contains("is it running"), refused::toString);
        broker.broker().server().unRegisterBrokerPlugin(full);
        assertEquals(5, waiting(REFUSED));

        assertEquals(
                "5 events of sms.refused replayed to sms.inbound",
                sms.run("refused", "replay", "--all").out().strip());
        broker.stop();
        broker.start();
        assertEquals(5, consumed(INBOUND).size());
    }

    /** A disk that has no room. */
    private static final class Full implements ActiveMQServerMessagePlugin {

        @Override
        public void beforeMessageRoute(
                org.apache.activemq.artemis.api.core.Message message,
                RoutingContext context,
                boolean direct,
                boolean rejectDuplicates)
                throws ActiveMQIOErrorException {
            if (message.isDurable() && message.getAddress().startsWith("sms.")) {
                throw new ActiveMQIOErrorException("there is no room");
            }
        }
    }

    @Test
    void theDeadLetterAddressOfOnesOwnIsFound() throws Exception {
        broker.stop();
        broker.edit("<dead-letter-address>sms.refused<", "<dead-letter-address>my.dead.letters<")
                .edit(
                        "<address name=\"sms.refused\"><anycast><queue name=\"sms.refused\"/>",
                        "<address name=\"my.dead.letters\"><anycast><queue name=\"my.dead.letters\"/>")
                .set("sms.queue.refused", "my.dead.letters")
                .start();
        new JournalStore(broker.broker()).store(events("a", 1, INBOUND));
        RefusedEventsTest.reject(broker, INBOUND, 1, REJECTED);
        await().untilAsserted(() -> assertEquals(1, broker.count("my.dead.letters")));
        var file = folder.resolve("application.properties");
        var text = Files.readString(file);
        Files.writeString(file, text.replace("sms.queue.refused=sms.refused", "sms.queue.refused=my.dead.letters"));
        var configured = Terminal.with("--config", folder.toString()).run("refused", "replay", "--all");
        assertEquals(
                "1 event of my.dead.letters replayed to sms.inbound",
                configured.out().strip(),
                configured::toString);
        assertEquals(Set.of("a-0"), consumed(INBOUND));
    }

    private List<CollectedEvent> rejected(String queue, String prefix, int count) throws Exception {
        var before = waiting(REFUSED);
        var events = events(prefix, count, queue);
        new JournalStore(broker.broker()).store(events);
        RefusedEventsTest.reject(broker, queue, count, REJECTED);
        await().untilAsserted(() -> assertEquals(before + count, broker.count(REFUSED)));
        return events;
    }

    private long waiting(String queue) {
        return broker.broker().server().locateQueue(queue).getMessageCount();
    }

    private Set<String> ids(String... options) throws Exception {
        var arguments = new ArrayList<>(List.of("refused", "list", "--json"));
        arguments.addAll(List.of(options));
        var ids = new TreeSet<String>();
        for (var line : sms.run(arguments.toArray(String[]::new)).out().lines().toList()) {
            assertTrue(ids.add(EventAssert.JSON.readTree(line).get("id").asText()), line);
        }
        return ids;
    }

    private Set<String> consumed(String queue) throws JMSException {
        var ids = new TreeSet<String>();
        for (Message message : broker.take(queue)) {
            assertTrue(ids.add(message.getStringProperty("eventId")), "each once");
        }
        return ids;
    }
}
