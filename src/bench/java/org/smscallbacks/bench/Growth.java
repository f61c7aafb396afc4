package org.smscallbacks.bench;

import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.smscallbacks.broker.QueueControl;

/** What becomes of the gateway's speed and memory as queues, targets and callbacks grow. */
final class Growth {

    private static final String HEAP = "512m";
    private static final int EVENTS_IN_A_TRANSACTION = 1_000;
    private static final int FILLERS = 2;
    private static final int ROUNDS = 5;
    private static final int DELIVERIES = 3_000;
    private static final long AT_REST_MILLIS = 10_000;
    private static final long LONGEST_BACKLOG_MILLIS = 180_000;
    private static final String BACKLOG = "sms.dead.backlog";

    private final Contenders contenders;
    private final Path folder;
    private final Report report;
    private int runs;

    Growth(Contenders contenders, Path folder, Report report) {
        this.contenders = contenders;
        this.folder = folder;
        this.report = report;
    }

    /** Half of the events lie in a queue nobody takes from, half in the queue that new events come to. */
    void queueDepth(List<Long> depths, long millis) throws Exception {
        var table = report.table(
                "Queue depth (heap " + HEAP + ")",
                "events that wait",
                "events/s, 10 × 16",
                "heap after a collection, MB",
                "RSS, MB",
                "start after kill -9, s",
                "collections");
        try (var us = contenders.make(Contenders.US, folder.resolve("depth")).withHeap(HEAP)) {
            us.start();
            throughput(us, 10, 16, 10_000);
            long waiting = 0;
            for (long depth : depths) {
                fill(us, (depth - waiting) / 2, BACKLOG);
                fill(us, (depth - waiting) / 2, "sms.delivery.final");
                waiting = depth;
                double rate = throughput(us, 10, 16, millis);
                long heap = us.heapMegabytes();
                long resident = us.residentMegabytes();
                var collections = us.collections();
                us.kill();
                double start = us.start();
                throughput(us, 10, 16, millis);
                table.row(
                        String.valueOf(depth),
                        "%.0f".formatted(rate),
                        String.valueOf(heap),
                        String.valueOf(resident),
                        "%.1f".formatted(start),
                        collections);
            }
        }
    }

    /** All but one of the targets take clicks only: none of these events. */
    void targets(List<Integer> counts, long millis) throws Exception {
        var delivery = new Delivery(contenders, folder);
        var table = report.table(
                "Targets (median of " + ROUNDS + ")",
                "targets",
                "stored events/s, 10 × 16",
                "delivered events/s",
                "at rest, % of a core",
                "threads",
                "heap after a collection, MB",
                "RSS, MB",
                "start, s");
        for (int count : counts) {
            try (var receiver = new Receiver();
                    var us = contenders
                            .make(Contenders.US, folder.resolve("targets-" + count))
                            .with("sms.target.webhook.url", receiver.url())
                            .with("sms.target.webhook.secret", Delivery.SECRET)) {
                for (int i = 1; i < count; i++) {
                    addTarget(us, "t" + i, receiver);
                }
                var starts = new ArrayList<Double>();
                var stored = new ArrayList<Double>();
                var delivered = new ArrayList<Double>();
                for (int round = 0; round < ROUNDS; round++) {
                    us.kill();
                    starts.add(us.start());
                }
                throughput(us, 10, 16, millis * 5);
                for (int round = 0; round < ROUNDS; round++) {
                    stored.add(throughput(us, 10, 16, millis));
                    awaitDeliveries(us);
                    delivered.add(delivery.deliver(us, receiver, DELIVERIES));
                }
                long cpu = us.cpuMillis();
                Thread.sleep(AT_REST_MILLIS);
                cpu = us.cpuMillis() - cpu;
                table.row(
                        String.valueOf(count),
                        "%.0f".formatted(Samples.median(stored)),
                        "%.0f".formatted(Samples.median(delivered)),
                        "%.1f".formatted(100.0 * cpu / AT_REST_MILLIS),
                        String.valueOf(us.threads()),
                        String.valueOf(us.heapMegabytes()),
                        String.valueOf(us.residentMegabytes()),
                        "%.1f".formatted(Samples.median(starts)));
            }
        }
    }

    private static void awaitDeliveries(Contender us) throws Exception {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_BACKLOG_MILLIS);
        try (var factory = us.operators()) {
            var control = new QueueControl(factory);
            while (control.queues().stream()
                    .anyMatch(queue -> queue.name().equals(Delivery.QUEUE) && queue.messages() > 0)) {
                if (System.nanoTime() > until) {
                    throw new IllegalStateException("what was stored is not delivered");
                }
                Thread.sleep(100);
            }
        }
    }

    private static void addTarget(Contender us, String name, Receiver receiver) {
        us.with("sms.target." + name + ".url", receiver.url())
                .with("sms.target." + name + ".secret", Delivery.SECRET)
                .with("sms.target." + name + ".events", "sms.link-click")
                .with("sms.target." + name + ".concurrency", "1");
    }

    void batch(List<Integer> sizes, long millis) throws Exception {
        var table = report.table(
                "Items in a callback (4 connections)",
                "items",
                "events/s",
                "CPU, µs an event",
                "p99 of the answer, ms");
        try (var us = contenders.make(Contenders.US, folder.resolve("batch"))) {
            us.start();
            throughput(us, 10, 16, millis * 5);
            for (int size : sizes) {
                throughput(us, size, 4, millis);
                long cpu = us.cpuMillis();
                var outcome = load(us, size, 4, millis);
                cpu = us.cpuMillis() - cpu;
                Queues.expect(us, outcome);
                table.row(
                        String.valueOf(size),
                        "%.0f".formatted(outcome.eventsPerSecond()),
                        "%.0f".formatted(cpu * 1e3 / outcome.events()),
                        "%.1f".formatted(new Times(outcome.answerNanos()).millis(99)));
            }
        }
    }

    private double throughput(Contender us, int batch, int connections, long millis) throws Exception {
        return load(us, batch, connections, millis).eventsPerSecond();
    }

    private Load.Outcome load(Contender us, int batch, int connections, long millis) throws Exception {
        return contenders.loadOf(us).run(new Reports("growth-" + ++runs, batch), connections, millis);
    }

    /** Straight into the broker, over its acceptor. */
    private void fill(Contender us, long count, String queue) {
        var fillers = IntStream.range(0, FILLERS)
                .mapToObj(filler -> CompletableFuture.runAsync(() -> {
                    try {
                        send(us, count / FILLERS, queue, "fill-" + ++runs + "-" + filler + "-");
                    } catch (JMSException e) {
                        throw new CompletionException(e);
                    }
                }))
                .toList();
        fillers.forEach(CompletableFuture::join);
    }

    private static void send(Contender us, long count, String queue, String prefix) throws JMSException {
        try (var factory = us.operators();
                var connection = factory.createConnection();
                var session = connection.createSession(true, Session.SESSION_TRANSACTED);
                var producer = session.createProducer(session.createQueue(queue))) {
            for (long i = 1; i <= count; i++) {
                producer.send(StoredEvents.message(session, prefix + i));
                if (i % EVENTS_IN_A_TRANSACTION == 0 || i == count) {
                    session.commit();
                }
            }
        }
    }
}
