package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.jms.Message;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.delivery.RetryQueues;
import org.smscallbacks.delivery.RetryScheduler;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.Priority;

/** Events that wait for their next attempt while somebody sets the clock. */
class RetryClockTest {

    private static final Instant NOW = Instant.parse("2026-03-29T10:15:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final String TARGET = "sms.target.clock";
    private static final String WARNING = "so a clock was or is wrong";

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);

    @TempDir
    private Path folder;

    private OwnBroker broker;
    private RetryScheduler scheduler;

    @BeforeEach
    void startBroker() throws Exception {
        broker = new OwnBroker(folder).start();
    }

    @AfterEach
    void stop() throws Exception {
        if (scheduler != null) {
            scheduler.close();
        }
        broker.close();
    }

    @Test
    void movesAllThatIsDueWhenTheClockJumpsForwards() {
        waits("sms.retry.5s", "a", Duration.ofSeconds(4));
        waits("sms.retry.24h", "b", Duration.ofHours(20));
        // looked at after all the others
        waits("sms.retry.24h", "due", Duration.ZERO);
        time.set(NOW.plus(DAY));
        start();
        await().untilAsserted(() -> assertEquals(List.of("a", "b", "due"), delivered()));
    }

    @Test
    void leavesAloneWhatIsDueLaterForAReason() throws Exception {
        waits("sms.retry.2h", "a", Duration.ofMinutes(143));
        waits("sms.retry.20h", "b", Duration.ofHours(24));
        waits("sms.retry.24h", "due", Duration.ZERO);
        start();
        await().untilAsserted(() -> assertEquals(List.of("due"), delivered()));
        assertEquals(2, waiting());
        time.set(NOW.plus(DAY));
        await().untilAsserted(() -> assertEquals(List.of("a", "b", "due"), delivered()));
    }

    @Test
    void movesWhatAWrongClockHasPutOffAndWhatIsBehindIt() throws Exception {
        int before = TestGateway.logged(WARNING).size();
        for (int i = 0; i < 700; i++) {
            waits("sms.retry.5s", "far-" + i, DAY.plusSeconds(5));
        }
        waits("sms.retry.5s", "behind", Duration.ZERO);
        waits("sms.retry.24h", "year", Duration.ofDays(365));
        start();
        await().untilAsserted(() -> assertEquals(702, broker.count(TARGET)));
        assertEquals(0, waiting());
        assertEquals(before + 1, TestGateway.logged(WARNING).size(), "said once, not for each");
    }

    @Test
    void movesWhatWaitsWhenTheClockJumpsBackwards() {
        waits("sms.retry.5s", "a", Duration.ofSeconds(5));
        waits("sms.retry.24h", "b", Duration.ofHours(24));
        time.set(NOW.minus(DAY));
        waits("sms.retry.5s", "c", Duration.ZERO);
        start();
        await().untilAsserted(() -> assertEquals(List.of("a", "b", "c"), delivered()));
        waits("sms.retry.5s", "d", Duration.ofSeconds(5));
        time.set(NOW);
        await().untilAsserted(() -> assertEquals(List.of("a", "b", "c", "d"), delivered()));
    }

    private void start() {
        var connections = new ActiveMQConnectionFactory(broker.url(), "gateway", TestGateway.BROKER_PASSWORD);
        InstantSource source = time::get;
        scheduler = new RetryScheduler(clock(source), connections, "sms.unrecognised");
        scheduler.start();
    }

    private static Clock clock(InstantSource source) {
        return source.withZone(ZoneOffset.UTC);
    }

    /** As an event does whose last attempt failed now. */
    private void waits(String queue, String id, Duration wait) {
        try (var factory = broker.operator();
                var context = factory.createContext()) {
            context.createProducer()
                    .setPriority(Priority.WAITING)
                    .setProperty(EventProperties.EVENT_ID, id)
                    .setProperty(EventProperties.RETURN_TO, TARGET)
                    .setProperty(EventProperties.DUE_AT, time.get().plus(wait).toEpochMilli())
                    .send(context.createQueue(queue), "{}");
        }
    }

    private int waiting() throws Exception {
        int waiting = 0;
        for (var queue : RetryQueues.names()) {
            waiting += broker.count(queue);
        }
        return waiting;
    }

    private List<String> delivered() throws Exception {
        var ids = new TreeSet<String>();
        for (Message message : broker.browse(TARGET)) {
            ids.add(message.getStringProperty(EventProperties.EVENT_ID));
        }
        assertEquals(ids.size(), broker.count(TARGET), "each once");
        return List.copyOf(ids);
    }
}
