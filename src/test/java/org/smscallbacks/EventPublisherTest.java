package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.SomeEvents.event;
import static org.smscallbacks.SomeEvents.events;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.core.persistence.impl.journal.AbstractJournalStorageManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.broker.BrokerUnavailableException;
import org.smscallbacks.config.Account;
import org.smscallbacks.event.BodyMemory;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.store.EventPublisher;
import org.smscallbacks.store.EventStore;
import org.smscallbacks.store.JmsStore;
import org.smscallbacks.store.JournalStore;

/** Callers of a broker that does not answer. */
class EventPublisherTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int MOST_AT_ONCE = EventPublisher.MOST_AT_ONCE;

    @TempDir
    private static Path folder;

    private static OwnBroker broker;

    private CountingStore store;
    private boolean inPlace;
    private EventPublisher publisher;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = new OwnBroker(folder).start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() {
        store = new CountingStore(new JournalStore(broker.broker()));
        publisher = new EventPublisher(store, SHORT, () -> inPlace, callback -> {}, callback -> {});
    }

    @AfterEach
    void stop() {
        publisher.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersWhileTheBrokerHoldsItsLocks(boolean inPlace) throws Exception {
        this.inPlace = inPlace;
        var queue = "locked." + inPlace;
        var storage = (AbstractJournalStorageManager) broker.broker().server().getStorageManager();
        var over = new CountDownLatch(1);
        var held = new CountDownLatch(1);
        var holder = new Thread(() -> {
            storage.writeLock();
            held.countDown();
            awaitQuietly(over);
            storage.writeUnlock();
        });
        holder.start();
        held.await();
        refusesAll(queue, 200, over::countDown);
        goesOn(queue, 200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void letsNothingPileUpWhileTheJournalHangs(boolean inPlace) throws Exception {
        this.inPlace = inPlace;
        var queue = "blocked." + inPlace;
        try (var journal = new BlockedJournal(broker.broker().server())) {
            refusesAll(queue, 2_000, journal::letGo);
        }
        // what a caller that gave up left behind is there without anybody's doing
        await().until(() -> broker.count(queue) == store.calls().size());
        goesOn(queue, 2_000);
    }

    private void refusesAll(String queue, int count, Runnable letGo) throws Exception {
        var callers = Executors.newFixedThreadPool(2 * MOST_AT_ONCE);
        try {
            var refused = IntStream.range(0, count).mapToObj(i -> new Refused()).toList();
            var calls = new ArrayList<Future<?>>();
            for (int i = 0; i < count; i++) {
                var events = List.of(event(queue + "-" + i, 1_000, queue));
                var callback = refused.get(i);
                calls.add(callers.submit(() -> {
                    assertThrows(BrokerUnavailableException.class, () -> publisher.store(events, callback));
                    callback.refuseCaller();
                }));
            }
            await("refused by who called, or for who hangs")
                    .until(() -> refused.stream().allMatch(callback -> callback.times.get() > 0));
            assertEquals(MOST_AT_ONCE, store.calls().size(), "that many threads hang, and no more is begun");
            letGo.run();
            for (var call : calls) {
                call.get();
            }
        } finally {
            letGo.run();
            callers.shutdown();
        }
    }

    /** Counts how often its caller was told to come again. */
    private static final class Refused implements BodyMemory {

        private final AtomicInteger times = new AtomicInteger();

        @Override
        public void hold() {
            // it takes none
        }

        @Override
        public void letGo() {
            // it has taken none
        }

        @Override
        public void refuseCaller() {
            times.incrementAndGet();
        }
    }

    private void goesOn(String queue, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            var event = List.of(event(queue + "-" + i, 1_000, queue));
            if (!isStored(event)) {
                // as a provider repeats what got no answer in time; on a busy machine that can be any of them
                await().until(() -> isStored(event));
            }
        }
        var taken = broker.take(queue);
        var ids = new HashSet<String>();
        for (var message : taken) {
            ids.add(message.getStringProperty("eventId"));
        }
        assertEquals(count, ids.size());
        assertEquals(count, taken.size(), "each once");
    }

    private boolean isStored(List<CollectedEvent> event) {
        try {
            publisher.store(event, BodyMemory.NONE);
            return true;
        } catch (BrokerUnavailableException e) {
            return false;
        }
    }

    @Test
    void keepsTheInterruptsOfItsCallersFromTheBroker() throws Exception {
        var numbers = new AtomicInteger();
        var stored = ConcurrentHashMap.newKeySet();
        var callers = IntStream.range(0, 8)
                .mapToObj(caller -> new Thread(() -> {
                    while (numbers.get() < 300) {
                        var event = event("interrupted-" + numbers.incrementAndGet(), 150_000, "interrupted");
                        try {
                            publisher.store(List.of(event), BodyMemory.NONE);
                            stored.add(event.id());
                        } catch (BrokerUnavailableException e) {
                            // as the listener's workers are when they end
                            Thread.interrupted();
                        }
                    }
                }))
                .toList();
        callers.forEach(Thread::start);
        while (numbers.get() < 300) {
            callers.forEach(Thread::interrupt);
            Thread.onSpinWait();
        }
        for (var caller : callers) {
            caller.join();
        }
        assertEquals(0, broker.diskFailures());
        publisher.close();
        var ids = new HashSet<>();
        for (var message : broker.take("interrupted")) {
            ids.add(message.getStringProperty("eventId"));
        }
        assertTrue(ids.containsAll(stored), "all that were acknowledged");
        assertEquals(store.calls().size(), ids.size(), "and what an interrupted caller left behind");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitsForABrokerThatIsSlow(boolean inPlace) throws Exception {
        var answers = new CountDownLatch(1);
        var own = new EventPublisher(
                new SlowStore(answers), Duration.ofMinutes(1), () -> inPlace, callback -> {}, callback -> {});
        var callers = Executors.newFixedThreadPool(4 * MOST_AT_ONCE);
        try {
            var calls = IntStream.range(0, 4 * MOST_AT_ONCE)
                    .mapToObj(i ->
                            callers.submit(() -> own.store(List.of(event("slow-" + i, "nowhere")), BodyMemory.NONE)))
                    .toList();
            await("nobody is refused, with a place or without")
                    .during(Duration.ofMillis(500))
                    .until(() -> calls.stream().noneMatch(Future::isDone));
            answers.countDown();
            for (var call : calls) {
                assertEquals(List.of(), call.get());
            }
        } finally {
            answers.countDown();
            callers.shutdown();
            own.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysWhatIsStoredAfterItsCallerWasRefused(boolean inPlace) throws Exception {
        var queue = "late." + inPlace;
        var refused = new Refused();
        var callback = new Callback(
                new Account("infobip", "main", null, null, "", 200, "", ""), Instant.now(), new byte[0], refused);
        callback.collect(event(queue + "-1", 1_000, queue));
        var inTime = new ArrayList<Callback>();
        var late = new CopyOnWriteArrayList<Callback>();
        try (var own =
                new EventPublisher(new JournalStore(broker.broker()), SHORT, () -> inPlace, inTime::add, late::add)) {
            var caller = Executors.newSingleThreadExecutor();
            try (var journal = new BlockedJournal(broker.broker().server())) {
                var call = caller.submit(() -> {
                    assertThrows(BrokerUnavailableException.class, () -> own.publish(callback));
                    refused.refuseCaller();
                });
                await().until(() -> refused.times.get() > 0);
                assertEquals(List.of(), late);
                journal.letGo();
                call.get();
                await().until(() -> late.size() == 1);
            } finally {
                caller.shutdown();
            }
        }
        assertEquals(List.of(), inTime);
        assertEquals(1, callback.stored());
        assertEquals(1, broker.count(queue));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesFromAsManyCallersAsItHasPlaces(boolean inPlace) throws Exception {
        // the next call of a caller comes before the place of the last one is free
        var own = new EventPublisher(
                new AllAtOnce(new CyclicBarrier(MOST_AT_ONCE)),
                Duration.ofMinutes(1),
                () -> inPlace,
                callback -> {},
                callback -> {});
        var callers = Executors.newFixedThreadPool(MOST_AT_ONCE);
        try {
            for (var call : callers.invokeAll(IntStream.range(0, MOST_AT_ONCE)
                    .<Callable<Integer>>mapToObj(caller -> () -> {
                        for (int i = 0; i < 200; i++) {
                            own.store(List.of(event("at-once", "nowhere")), BodyMemory.NONE);
                        }
                        return caller;
                    })
                    .toList())) {
                call.get();
            }
        } finally {
            callers.shutdown();
            own.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void storesAVeryLargeCallbackInPortionsAndFindsThemAgain(boolean inProcess) throws Exception {
        var queue = "portions." + inProcess;
        var events = new ArrayList<>(events(queue, 2_500, queue));
        events.add(events.get(0));
        var connections = broker.operator();
        var failing = new FailingOnce(inProcess ? new JournalStore(broker.broker()) : new JmsStore(connections), 1);
        try (var own =
                new EventPublisher(failing, Duration.ofMinutes(1), () -> false, callback -> {}, callback -> {})) {
            assertThrows(BrokerUnavailableException.class, () -> own.store(events, BodyMemory.NONE));
            // a browser can end early while the broker is busy
            await("the first portion is on the disk, the second one is not").until(() -> broker.count(queue) == 1_000);
            var known = new ArrayList<>(events.subList(0, 1_000));
            known.add(events.get(0));
            assertEquals(known, own.store(events, BodyMemory.NONE));
            assertEquals(events, own.store(events, BodyMemory.NONE));
        } finally {
            connections.close();
        }
        await("each once").until(() -> broker.count(queue) == 2_500);
    }

    @Test
    void stopsWhileTheJournalHangs() throws Exception {
        try (var journal = new BlockedJournal(broker.broker().server())) {
            assertThrows(
                    BrokerUnavailableException.class,
                    () -> publisher.store(List.of(event("stopped", "stopped")), BodyMemory.NONE));
            publisher.close();
            assertThrows(
                    BrokerUnavailableException.class,
                    () -> publisher.store(List.of(event("late", "stopped")), BodyMemory.NONE));
        }
        await().until(() -> broker.count("stopped") == 1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Knows of which calls it has heard. */
    private record CountingStore(EventStore store, Set<List<CollectedEvent>> calls) implements EventStore {

        CountingStore(EventStore store) {
            this(store, ConcurrentHashMap.newKeySet());
        }

        @Override
        public List<CollectedEvent> store(List<CollectedEvent> events) throws Exception {
            calls.add(events);
            return store.store(events);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    /** Fails once, when it has done so many calls. */
    private record FailingOnce(EventStore store, AtomicInteger left) implements EventStore {

        FailingOnce(EventStore store, int calls) {
            this(store, new AtomicInteger(calls));
        }

        @Override
        public List<CollectedEvent> store(List<CollectedEvent> events) throws Exception {
            if (left.getAndDecrement() == 0) {
                throw new IOException("a fault of the test");
            }
            return store.store(events);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    /** Works, but only once it is let. */
    private record SlowStore(CountDownLatch answers) implements EventStore {

        @Override
        public List<CollectedEvent> store(List<CollectedEvent> events) throws Exception {
            answers.await();
            return List.of();
        }

        @Override
        public void close() {
            // it holds nothing
        }
    }

    /** Answers when as many wait as can. */
    private record AllAtOnce(CyclicBarrier all) implements EventStore {

        @Override
        public List<CollectedEvent> store(List<CollectedEvent> events) throws Exception {
            all.await(20, TimeUnit.SECONDS);
            return List.of();
        }

        @Override
        public void close() {
            // it holds nothing
        }
    }
}
