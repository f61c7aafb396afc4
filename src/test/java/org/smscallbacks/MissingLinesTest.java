package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.SomeEvents.events;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.store.JournalStore;

/** A <code>broker.xml</code> of before, which an update leaves as it is. */
class MissingLinesTest {

    private static final String DEAD_LETTER_ADDRESS = "<dead-letter-address>sms.refused</dead-letter-address>";
    private static final String QUEUE =
            "<address name=\"sms.refused\"><anycast><queue name=\"sms.refused\"/></anycast></address>";
    private static final String POLICY = "<address-full-policy>PAGE</address-full-policy>";

    @TempDir
    private Path folder;

    @Test
    void keepsWhatIsRejected() throws Exception {
        try (var broker = new OwnBroker(folder)
                .edit(DEAD_LETTER_ADDRESS, "")
                .edit(QUEUE, "")
                .start()) {
            assertNotNull(broker.broker().server().locateQueue("sms.refused"));
            for (var queue : new String[] {"sms.inbound", "sms.retry.5s"}) {
                new JournalStore(broker.broker()).store(events(queue, 3, queue));
                RefusedEventsTest.reject(broker, queue, 3, RefusedEventsTest.REJECTED);
            }
            await().untilAsserted(() -> assertEquals(6, broker.count("sms.refused")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<address-full-policy>DROP</address-full-policy>",
                POLICY + "<page-limit-bytes>1G</page-limit-bytes><page-full-policy>DROP</page-full-policy>",
                POLICY + "<disk-full-policy>DROP</disk-full-policy>"
            })
    void refusesToDropWhatIsStored(String policy) throws Exception {
        try (var broker = new OwnBroker(folder).edit(POLICY, policy)) {
            var failure = assertThrows(ConfigurationException.class, broker::start);
            assertTrue(failure.getMessage().contains("broker.xml"), failure::getMessage);
            assertTrue(failure.getMessage().contains("address-setting # has DROP"), failure::getMessage);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FAIL", "BLOCK"})
    void takesWhatDropsNothing(String policy) throws Exception {
        new OwnBroker(folder)
                .edit(POLICY, POLICY + "<disk-full-policy>" + policy + "</disk-full-policy>")
                .start()
                .close();
    }

    @Test
    void startsWithTheFileOfBefore() throws Exception {
        try (var broker = new OwnBroker(folder).of("broker-before-refused.xml").start()) {
            new JournalStore(broker.broker()).store(events("before", 3, "sms.click"));
            RefusedEventsTest.reject(broker, "sms.click", 3, RefusedEventsTest.REJECTED);
            await().untilAsserted(() -> assertEquals(3, broker.count("sms.refused")));
        }
        var said = TestGateway.logged(folder.resolve("broker.xml") + " lacks lines");
        assertEquals(1, said.size());
        assertTrue(said.get(0).contains(DEAD_LETTER_ADDRESS), said::toString);
        assertTrue(said.get(0).contains(QUEUE), said::toString);
        assertTrue(said.get(0).contains("remotingThreads=1 into the acceptor consumers"), said::toString);
    }

    @Test
    void givesAnAcceptorOfAmqpOneThread() throws Exception {
        try (var broker = new OwnBroker(folder).edit(";remotingThreads=1", "").start()) {
            assertEquals("1", threadsOf(broker));
        }
        try (var broker = new OwnBroker(folder)
                .edit("remotingThreads=1", "remotingThreads=4")
                .start()) {
            assertEquals("4", threadsOf(broker));
        }
        try (var broker =
                new OwnBroker(folder).edit(",AMQP;remotingThreads=1", "").start()) {
            assertNull(threadsOf(broker));
        }
    }

    private static Object threadsOf(OwnBroker broker) {
        var acceptor = broker.broker().server().getRemotingService().getAcceptor("consumers");
        return acceptor.getConfiguration().get("remotingThreads");
    }

    @Test
    void saysNothingOfTheShippedFile() throws Exception {
        new OwnBroker(folder).set("sms.queue.click", "erp.click").start().close();
        assertEquals(List.of(), TestGateway.logged(folder.resolve("broker.xml").toString()));
    }

    @Test
    void makesTheQueuesForConsumersThatTheFileLacks() throws Exception {
        var file = new OwnBroker(folder);
        for (var queue : List.of("sms.click", "sms.unrecognised")) {
            file.edit(QUEUE.replace("sms.refused", queue), "");
        }
        // who has made subscriptions of it gets no queue beside them that nobody empties
        file.edit(
                QUEUE.replace("sms.refused", "sms.inbound"),
                "<address name=\"sms.inbound\"><multicast><queue name=\"one\"/><queue name=\"two\"/></multicast></address>");
        try (var broker = file.start()) {
            assertNotNull(broker.broker().server().locateQueue("sms.click"));
            assertNotNull(broker.broker().server().locateQueue("sms.unrecognised"));
            assertNull(broker.broker().server().locateQueue("sms.inbound"));
        }
        var said = TestGateway.logged(folder.resolve("broker.xml") + " lacks lines");
        assertEquals(1, said.size());
        assertTrue(said.get(0).contains(QUEUE.replace("sms.refused", "sms.click")), said::toString);
        assertFalse(said.get(0).contains("sms.inbound"), said::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<dead-letter-address></dead-letter-address> sms.refused",
                "<dead-letter-address>dead.letters</dead-letter-address> dead.letters",
                "<dead-letter-address>sms.retry</dead-letter-address> sms.retry"
            })
    void makesTheQueueOfADeadLetterAddress(String lineAndQueue) throws Exception {
        var line = lineAndQueue.split(" ")[0];
        var queue = lineAndQueue.split(" ")[1];
        try (var broker = new OwnBroker(folder)
                .edit(DEAD_LETTER_ADDRESS, line)
                // an address alone would drop what comes to it
                .edit(QUEUE, "<address name=\"dead.letters\"><anycast/></address>" + QUEUE)
                .start()) {
            reject(broker, "sms.inbound", queue);
        }
    }

    @Test
    void letsNoEmptyDeadLetterAddressHideTheOneOfAllOthers() throws Exception {
        try (var broker = new OwnBroker(folder)
                .edit(
                        "<address-setting match=\"sms.retry.#\">",
                        "<address-setting match=\"sms.retry.#\"><dead-letter-address></dead-letter-address>")
                .start()) {
            reject(broker, "sms.retry.5s", "sms.refused");
        }
        var said = TestGateway.logged(folder.resolve("broker.xml") + " lacks lines");
        assertTrue(
                said.get(0).contains(DEAD_LETTER_ADDRESS + " into <address-setting match=\"sms.retry.#\">"),
                said::toString);
    }

    private static void reject(OwnBroker broker, String queue, String goesTo) throws Exception {
        new JournalStore(broker.broker()).store(events("rejected", 3, queue));
        RefusedEventsTest.reject(broker, queue, 3, RefusedEventsTest.REJECTED);
        await().untilAsserted(() -> assertEquals(3, broker.count(goesTo)));
    }
}
