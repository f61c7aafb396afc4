package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.JMSException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.config.Settings;

/** What nobody understood, looked at and replayed: at a broker without a gateway, so that the test is the gateway. */
class UnrecognisedTest {

    private static final String QUEUE = "sms.unrecognised";
    private static final String AGAIN = "sms.replay";

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static ActiveMQConnectionFactory connections;

    private final Terminal sms = Terminal.with("--config", folder.toString());
    private StoredEvents events;

    @BeforeAll
    static void start() throws Exception {
        int port = TestGateway.freePort();
        TestGateway.copyConfig(folder, port);
        var file = folder.resolve("broker.xml");
        Files.writeString(file, Files.readString(file).replace("<acceptor name=\"in-vm\">vm://0</acceptor>", ""));
        var system = new Properties();
        system.setProperty("sms.broker.data", folder.resolve("data").toString());
        broker = EmbeddedBroker.start(Settings.load(folder, Map.of(), system), () -> {});
        connections = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port, "operator", Settings.DEMO_SECRET);
    }

    @AfterAll
    static void stop() {
        connections.close();
        broker.close();
    }

    @BeforeEach
    void fill() throws Exception {
        events = new StoredEvents(connections());
        events.take(QUEUE, AGAIN);
        for (int number = 1; number <= 6; number++) {
            events.unrecognised(
                    number,
                    number % 2 == 0 ? "infobip" : "bulkgate",
                    "number " + number + " is of no known shape, 385915550102",
                    "\"raw\":\"to=385915550102&n=" + number + "\"");
        }
        events.unrecognised(7, "infobip", "not UTF-8", "\"rawBase64\":\"Mzg1OTE1NTUwMTAy\"");
        events.commit();
    }

    @AfterEach
    void empty() throws Exception {
        events.close();
    }

    @Test
    void listsAndShowsWithoutNumbers() throws Exception {
        var listed = sms.run("unrecognised", "list", "--provider", "infobip", "--reason", "KNOWN shape");
        assertEquals(0, listed.code(), listed::toString);
        assertEquals(4, listed.out().lines().count(), listed::toString);
        assertTrue(listed.out().contains("number 2 is of no known shape, 385*******02"), listed::toString);
        assertTrue(listed.out().contains("2026-03-29T10:15:05.000Z"), listed::toString);
        assertEquals(
                1,
                sms.run("unrecognised", "list", "--since", "2026-03-30T00:00:00Z")
                        .code());

        var shown = sms.run("unrecognised", "show", StoredEvents.id(2));
        assertTrue(shown.out().contains("\"raw\" : \"to=385*******02&n=2\""), shown::toString);
        var revealed = sms.run("unrecognised", "show", StoredEvents.id(2), "--reveal");
        assertTrue(revealed.out().contains("\"raw\" : \"to=385915550102&n=2\""), revealed::toString);
        var bytes = sms.run("unrecognised", "show", StoredEvents.id(7), "--json");
        assertFalse(bytes.out().contains("Mzg1"), bytes::toString);
    }

    @Test
    void saysHowManyAreRecognisedAndHowManyAreBack() throws Exception {
        for (int time = 0; time < 2; time++) {
            var replayed = beingTheGateway(
                    "unrecognised", "replay", "--provider", "infobip", "--reason", "shape", "--wait", "1m");
            assertEquals(0, replayed.code(), replayed::toString);
            int tried = time == 0 ? 3 : 1;
            assertTrue(
                    replayed.out()
                            .startsWith(tried + (tried == 1 ? " event of " : " events of ") + QUEUE + " replayed to "
                                    + AGAIN),
                    replayed::toString);
            assertTrue(
                    replayed.out()
                            .contains(
                                    tried == 3
                                            ? "2 recognised, 1 still not understood and back again"
                                            : "1 recognised, 0 still not understood and back again"),
                    replayed::toString);
        }
        assertEquals(4, events.take(QUEUE).size());
        assertEquals(0, events.take(AGAIN).size());
    }

    /** Of three events in a row the third is not understood. */
    private Terminal.Output beingTheGateway(String... arguments) throws Exception {
        var ended = new AtomicBoolean();
        var gateway = CompletableFuture.runAsync(() -> {
            try (var route = new StoredEvents(connections())) {
                route.putBack(
                        AGAIN,
                        QUEUE,
                        3,
                        Map.of("provider", "infobip", "replayedAt", System.currentTimeMillis()),
                        ended::get);
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            var control = new QueueControl(connections);
            await().until(() -> control.exists(AGAIN) && control.queue(AGAIN).consumers() == 1);
            return sms.run(arguments);
        } finally {
            ended.set(true);
            gateway.get(60, TimeUnit.SECONDS);
        }
    }

    private static ActiveMQConnectionFactory connections() {
        return new ActiveMQConnectionFactory(broker.addresses().get(0), "operator", Settings.DEMO_SECRET);
    }

    @Test
    void waitsForAGatewayWhereNoneIs() throws Exception {
        var replayed = sms.run("unrecognised", "replay", "--all");
        assertEquals(0, replayed.code(), replayed::toString);
        assertTrue(replayed.out().contains("no gateway takes them now"), replayed::toString);
        var waiting = events.take(AGAIN);
        assertEquals(7, waiting.size());
        for (var message : waiting) {
            assertEquals("sms.unrecognised", message.getJMSType());
            assertFalse(message.propertyExists("_AMQ_DUPL_ID"));
        }
    }
}
