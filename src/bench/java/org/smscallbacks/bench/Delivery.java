package org.smscallbacks.bench;

import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.smscallbacks.broker.QueueControl;

/** From the callback to an HTTP target: how long an event takes, and how many a second go out; the gateway and the floor side by side. */
final class Delivery {

    static final String QUEUE = "sms.target.webhook";
    static final String SECRET = "whsec_YmVuY2htYXJrLWJlbmNobWFyay1iZW5jaG1hcmsh";
    private static final long LONGEST_DELIVERY_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int EVENTS_IN_A_TRANSACTION = 500;
    private static final int CONNECTIONS = 16;

    private final Contenders contenders;
    private final Path folder;
    private final Map<String, List<Long>> latencies = new HashMap<>();
    private final Samples p99 = new Samples();
    private final Samples delivered = new Samples();
    private int runs;

    Delivery(Contenders contenders, Path folder) {
        this.contenders = contenders;
        this.folder = folder;
    }

    /** The 99th percentile of each round, in milliseconds. */
    Samples p99() {
        return p99;
    }

    /** Events a second at the target, by number of consumers. */
    Samples delivered() {
        return delivered;
    }

    /** Of all rounds together. */
    Times latency(String cell, String contender) {
        return new Times(latencies.get(cell + contender));
    }

    /** Callbacks with one report at ten a second, and at half of what the slower of the two can deliver. */
    void measureLatency(int rounds, long millis, long warmUpMillis) throws Exception {
        try (var receiver = new Receiver();
                var us = withTarget(Contenders.US, receiver, 8);
                var floor = withTarget(Contenders.FLOOR, receiver, 8)) {
            var both = List.of(us, floor);
            double capacity = Double.MAX_VALUE;
            for (var contender : both) {
                contender.start();
                capacity = Math.min(capacity, capacity(contender, receiver, warmUpMillis));
                contender.hold();
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < both.size(); i++) {
                    var contender = both.get((round + i) % both.size());
                    contender.release();
                    measureLatency("10 callbacks/s", contender, receiver, 10, millis);
                    measureLatency("half load", contender, receiver, capacity / 2, millis / 4);
                    contender.hold();
                }
            }
        }
    }

    /** Events a second that get through to the target, after so long. */
    private double capacity(Contender contender, Receiver receiver, long millis) throws Exception {
        var load = contenders.loadOf(contender);
        var reports = new Reports("latency-" + ++runs, 1);
        load.run(reports, CONNECTIONS, millis);
        awaitArrivals(receiver, reports, 1);
        reports = new Reports("latency-" + ++runs, 1);
        long started = System.nanoTime();
        var outcome = load.run(reports, CONNECTIONS, 3_000);
        awaitArrivals(receiver, reports, outcome.calls().length);
        return outcome.events() / ((System.nanoTime() - started) / 1e9);
    }

    private void measureLatency(String cell, Contender contender, Receiver receiver, double rate, long millis)
            throws Exception {
        var reports = new Reports("latency-" + ++runs, 1);
        var outcome = contenders.loadOf(contender).runAtRate(reports, CONNECTIONS, rate, millis);
        awaitArrivals(receiver, reports, outcome.calls().length);
        var nanos = new ArrayList<Long>();
        for (int i = 0; i < outcome.calls().length; i++) {
            var arrival = receiver.arrivals().get(reports.messageId(outcome.calls()[i], 0));
            nanos.add(arrival - outcome.dueNanos()[i]);
        }
        latencies
                .computeIfAbsent(cell + contender.name(), c -> new ArrayList<>())
                .addAll(nanos);
        p99.add(cell, contender.name(), new Times(nanos).millis(99));
        System.out.printf("  %-16s %-8s p50 | p99 | p99.9 ms %s%n", cell, contender.name(), new Times(nanos));
        Queues.drain(contender, message -> {});
    }

    private static void awaitArrivals(Receiver receiver, Reports reports, long count) throws InterruptedException {
        long started = System.nanoTime();
        while (receiver.arrivals().keySet().stream()
                        .filter(id -> reports.placeOf(id) >= 0)
                        .count()
                < count) {
            if (System.nanoTime() - started > LONGEST_DELIVERY_NANOS) {
                throw new IllegalStateException("not all events of " + count + " callbacks came to the target");
            }
            Thread.sleep(20);
        }
    }

    /** So many events wait in the target's queue; how fast they go out once it is no longer paused. */
    void measureThroughput(int consumers, int rounds, int events, long warmUpMillis) throws Exception {
        try (var receiver = new Receiver();
                var us = withTarget(Contenders.US, receiver, consumers);
                var floor = withTarget(Contenders.FLOOR, receiver, consumers)) {
            var both = List.of(us, floor);
            for (var contender : both) {
                contender.start();
                long started = System.nanoTime();
                while (System.nanoTime() - started < TimeUnit.MILLISECONDS.toNanos(warmUpMillis)) {
                    deliver(contender, receiver, events);
                }
                contender.hold();
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < both.size(); i++) {
                    var contender = both.get((round + i) % both.size());
                    contender.release();
                    double rate = deliver(contender, receiver, events);
                    contender.hold();
                    delivered.add(consumers + " consumers", contender.name(), rate);
                    System.out.printf(
                            "  %d consumers %-8s %.0f events/s delivered%n", consumers, contender.name(), rate);
                }
            }
        }
    }

    /** Events a second at the target, of so many that wait for it and for nobody else. */
    double deliver(Contender contender, Receiver receiver, int events) throws Exception {
        receiver.arrivals().clear();
        try (var factory = contender.operators()) {
            var control = new QueueControl(factory);
            control.pause(QUEUE);
            fill(contender, events);
            control.resume(QUEUE);
        }
        long started = System.nanoTime();
        while (receiver.arrivals().size() < events) {
            if (System.nanoTime() - started > LONGEST_DELIVERY_NANOS) {
                throw new IllegalStateException(contender.name() + " delivered only "
                        + receiver.arrivals().size());
            }
            Thread.sleep(5);
        }
        var times =
                receiver.arrivals().values().stream().mapToLong(time -> time).summaryStatistics();
        return (events - 1) / ((times.getMax() - times.getMin()) / 1e9);
    }

    /** Events as the gateway stores them. */
    private void fill(Contender contender, int count) throws JMSException {
        try (var factory = contender.operators();
                var connection = factory.createConnection();
                var session = connection.createSession(true, Session.SESSION_TRANSACTED);
                var producer = session.createProducer(session.createQueue(QUEUE))) {
            int run = ++runs;
            for (int i = 1; i <= count; i++) {
                var id = "event-" + run + "-" + i;
                producer.send(StoredEvents.message(session, id));
                if (i % EVENTS_IN_A_TRANSACTION == 0 || i == count) {
                    session.commit();
                }
            }
        }
    }

    private Contender withTarget(String name, Receiver receiver, int consumers) throws IOException {
        return contenders
                .make(name, folder.resolve("target-" + ++runs))
                .with("sms.target.webhook.url", receiver.url())
                .with("sms.target.webhook.secret", SECRET)
                .with("sms.target.webhook.concurrency", String.valueOf(consumers));
    }
}
