package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.SomeEvents.event;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.server.RoutingContext;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.broker.BrokerRefusedException;
import org.smscallbacks.broker.BrokerUnavailableException;
import org.smscallbacks.broker.MessageKey;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.event.BodyMemory;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.store.EventPublisher;
import org.smscallbacks.store.JournalStore;

/** A disk that fails beside what is asked of it: a page is on a file system that is full. */
class DiskFailureTest {

    private static final String PAGED = "paged.events";

    @TempDir
    private Path folder;

    private OwnBroker broker;

    private FullDisk full;

    @BeforeEach
    void prepare() throws Exception {
        full = FullDisk.mount(folder.resolve("full"), "2m");
        broker = new OwnBroker(folder)
                .edit(
                        "</address-settings>",
                        "<address-setting match=\"paged.#\"><max-size-bytes>100K</max-size-bytes>"
                                + "<page-size-bytes>100K</page-size-bytes></address-setting></address-settings>");
    }

    @AfterEach
    void end() throws Exception {
        broker.close();
        full.close();
    }

    /** With room for a part of a message, its last bytes are missing and nothing raises an error. */
    @ParameterizedTest
    @ValueSource(ints = {0, 12_000})
    void isNoYesAndTheRepetitionIsNoDuplicate(int room) throws Exception {
        full.fill(room);
        broker.start();
        var stored = new ArrayList<CollectedEvent>();
        var refused = new ArrayList<CollectedEvent>();
        var store = new JournalStore(broker.broker());
        var pages = fillUntilItPages(store, stored);
        for (int i = 0; i < 100 && refused.isEmpty(); i++) {
            var event = event("event-" + i, 20_000, PAGED);
            try {
                store.store(List.of(event));
                stored.add(event);
            } catch (Exception e) {
                refused.add(event);
            }
        }
        assertEquals(1, refused.size());
        assertEquals(1, broker.diskFailures());
        var after = event("after", PAGED);
        assertThrows(Exception.class, () -> store.store(List.of(after)));
        refused.add(after);
        startAgain(List.of(pages));

        var again = new JournalStore(broker.broker());
        for (var event : stored) {
            assertEquals(1, again.store(List.of(event)).size(), () -> event.id() + " is known");
        }
        for (var event : refused) {
            assertEquals(0, again.store(List.of(event)).size(), () -> event.id() + " was never stored");
        }
        stored.addAll(refused);
        assertEquals(idsOf(stored), idsIn(PAGED));
    }

    /** A large event is a file of its own, written piece by piece. */
    @ParameterizedTest
    @ValueSource(ints = {0, 40_000, 150_000})
    void isNoYesForALargeEvent(int room) throws Exception {
        full.fill(room);
        broker.start();
        var store = new JournalStore(broker.broker());
        var stored = event("stored", 1_000_000, "large");
        assertEquals(0, store.store(List.of(stored)).size());
        var links = new ArrayList<Path>();
        var storage = broker.broker().server().getStorageManager();
        long last = storage.generateID();
        for (long id = last + 1; id < last + 50; id++) {
            var file = id + ".msg";
            links.add(Files.createSymbolicLink(
                    folder.resolve("data/large-messages").resolve(file),
                    full.folder().resolve(file)));
        }
        var refused = event("refused", 1_000_000, "large");
        assertThrows(Exception.class, () -> store.store(List.of(refused)));
        assertEquals(1, broker.diskFailures());
        full.makeRoom();
        startAgain(links);
        assertEquals(
                0, new JournalStore(broker.broker()).store(List.of(refused)).size());
        assertEquals(idsOf(List.of(stored, refused)), idsIn("large"));
    }

    @Test
    void leavesWhatIsMovedWhereItWas() throws Exception {
        full.fill(0);
        broker.start();
        var stored = new ArrayList<CollectedEvent>();
        var store = new JournalStore(broker.broker());
        for (int i = 0; i < 30; i++) {
            var event = event("moved-" + i, 20_000, "not.paged");
            store.store(List.of(event));
            stored.add(event);
        }
        var pages = fillUntilItPages(store, stored);
        try (var factory = broker.operator();
                var context = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
            var consumer = context.createConsumer(context.createQueue("not.paged"));
            assertThrows(Exception.class, () -> {
                for (int i = 0; i < 30; i++) {
                    var message = consumer.receive(60_000);
                    context.createProducer().send(context.createQueue(PAGED), message.getBody(String.class));
                    context.commit();
                }
            });
        }
        assertEquals(1, broker.diskFailures());
        startAgain(List.of(pages));
        var there = idsIn("not.paged");
        there.addAll(idsIn(PAGED));
        assertEquals(idsOf(stored), there);
    }

    @Test
    void takesAndMovesNothingBelowTheReserve() throws Exception {
        try (var disk = FullDisk.mount(folder.resolve("disk"), "300m")) {
            broker.set("sms.broker.data", disk.folder().resolve("data").toString())
                    .set("sms.broker.disk-reserve", "64MiB")
                    .edit("<max-disk-usage>95</", "<max-disk-usage>100</")
                    .start();
            var store = new JournalStore(broker.broker());
            var connections = broker.operator();
            var queues = new QueueControl(connections);
            var stored = SomeEvents.events("before", 5, "here");
            store.store(stored);
            store.store(List.of(event("there", "there"), event("by-operator", "managed")));

            disk.fill(32L << 20);
            assertThrows(Exception.class, () -> store.store(List.of(event("refused", "here"))));
            assertThrows(Exception.class, () -> move(connections));
            var id = List.of(MessageKey.of(broker.browse("managed").get(0)));
            assertThrows(Exception.class, () -> queues.move("managed", id, "there"));
            assertEquals(1, broker.browse("managed").size());
            // what was taken back comes again after a while
            await().until(() -> broker.browse("here").size() == 5);
            assertEquals(1, queues.messages("there"));
            assertEquals(idsOf(List.of(event("there", "there"))), idsIn("there"), "consumers go on");

            disk.makeRoom();
            await().ignoreExceptions()
                    .until(() -> store.store(List.of(event("refused", "here"))).size() == 0);
            move(connections);
            assertEquals(1, queues.move("managed", id, "there"));
            assertEquals(5, idsIn("here").size());
            assertEquals(Set.of("before-4", "by-operator"), idsIn("there"));
            assertEquals(0, broker.diskFailures());
            connections.close();
            broker.close();
        }
    }

    /** A provider's items without an id of their own are others when they come again. */
    @Test
    void takesNoPortionOfWhatItHasNoRoomFor() throws Exception {
        try (var disk = FullDisk.mount(folder.resolve("disk"), "300m")) {
            broker.set("sms.broker.data", disk.folder().resolve("data").toString())
                    .set("sms.broker.disk-reserve", "64MiB")
                    .edit("<max-disk-usage>95</", "<max-disk-usage>100</")
                    .start();
            var events = SomeEvents.events("portions", 20_000, "here");
            disk.fill(80L << 20);
            var publisher = new EventPublisher(
                    new JournalStore(broker.broker()),
                    Duration.ofMinutes(1),
                    () -> false,
                    callback -> {},
                    callback -> {});
            try {
                assertThrows(BrokerUnavailableException.class, () -> publisher.store(events, BodyMemory.NONE));
                assertEquals(Set.of(), idsIn("here"));
                disk.makeRoom();
                assertEquals(List.of(), publisher.store(events, BodyMemory.NONE));
                assertEquals(idsOf(events), idsIn("here"));
            } finally {
                publisher.close();
            }
        }
    }

    /** The broker does not roll back a move that is refused half-way: what it had moved would be nowhere until it starts again. */
    @Test
    void aMoveThatWasLetInEndsBelowTheReserve() throws Exception {
        try (var disk = FullDisk.mount(folder.resolve("disk"), "300m")) {
            broker.set("sms.broker.data", disk.folder().resolve("data").toString())
                    .set("sms.broker.disk-reserve", "64MiB")
                    .edit("<max-disk-usage>95</", "<max-disk-usage>100</")
                    .start();
            var store = new JournalStore(broker.broker());
            store.store(SomeEvents.events("moved", 5, "here"));
            store.store(SomeEvents.events("other", 5, "there"));
            var here = keysIn("here");
            var there = keysIn("there");
            try (var connections = broker.operator()) {
                var queues = new QueueControl(connections);
                broker.broker().server().registerBrokerPlugin(new ActiveMQServerMessagePlugin() {
                    private int moved;

                    @Override
                    public void beforeMessageRoute(
                            Message message, RoutingContext context, boolean direct, boolean rejectDuplicates)
                            throws ActiveMQException {
                        if (message.getAddress().equals("there") && ++moved == 3) {
                            try {
                                disk.fill(32L << 20);
                            } catch (IOException e) {
                                throw new ActiveMQException(e.toString());
                            }
                        }
                    }
                });
                assertEquals(5, queues.move("here", here, "there"));
                assertThrows(BrokerRefusedException.class, () -> queues.move("there", there, "here"));
            }
            assertEquals(10, idsIn("there").size());
            assertEquals(0, broker.diskFailures());
            broker.close();
        }
    }

    private List<MessageKey> keysIn(String queue) throws Exception {
        var keys = new ArrayList<MessageKey>();
        for (var message : broker.browse(queue)) {
            keys.add(MessageKey.of(message));
        }
        return keys;
    }

    /** One message in a transaction, as retries, dead letters and replays are moved. */
    private static void move(ConnectionFactory connections) {
        try (var context = connections.createContext(JMSContext.SESSION_TRANSACTED)) {
            var message = context.createConsumer(context.createQueue("here"), "eventId = 'before-4'")
                    .receive(60_000);
            context.createProducer().send(context.createQueue("there"), message);
            context.commit();
        }
    }

    /** Until the next page would be written; returns where that goes. */
    private Path fillUntilItPages(JournalStore store, List<CollectedEvent> stored) throws Exception {
        var server = broker.broker().server();
        for (int i = 0; i < 40; i++) {
            var event = event("filling-" + i, 20_000, PAGED);
            store.store(List.of(event));
            stored.add(event);
        }
        var paging = server.getPagingManager().getPageStore(SimpleString.of(PAGED));
        assertTrue(paging.isPaging());
        var next = paging.getFolder().toPath().resolve("%09d.page".formatted(paging.getCurrentWritingPage() + 1));
        full.takePage(next);
        return next;
    }

    private void startAgain(List<Path> links) throws IOException {
        await().until(() -> !broker.broker().server().isStarted());
        broker.stop();
        for (var link : links) {
            Files.deleteIfExists(link);
        }
        broker.start();
    }

    private static Set<String> idsOf(List<CollectedEvent> events) {
        var ids = new HashSet<String>();
        events.forEach(event -> ids.add(event.id()));
        return ids;
    }

    private Set<String> idsIn(String queue) throws Exception {
        var ids = new HashSet<String>();
        for (var message : broker.take(queue)) {
            ids.add(EventAssert.JSON.readTree(message.getText()).path("id").asText());
        }
        return ids;
    }
}
