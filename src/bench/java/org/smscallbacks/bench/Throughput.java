package org.smscallbacks.bench;

import java.util.List;

/** How many events a second each contender acknowledges, and what processor time an event costs it. */
final class Throughput {

    /** How many items a callback has, and how many connections post callbacks, each one after the other. */
    record Cell(int batch, int connections) {
        @Override
        public String toString() {
            return batch + " × " + connections;
        }
    }

    private final Contenders contenders;
    private final Samples eventsPerSecond = new Samples();
    private final Samples cpuMicros = new Samples();
    private int runs;

    Throughput(Contenders contenders) {
        this.contenders = contenders;
    }

    Samples eventsPerSecond() {
        return eventsPerSecond;
    }

    /** Processor time of the contender's process for each event, in microseconds. */
    Samples cpuMicros() {
        return cpuMicros;
    }

    /** Loads each of them with all kinds of callbacks for so long in all; what it does is not measured, but verified. */
    void warmUp(long millis) throws Exception {
        var cells = List.of(new Cell(1, 16), new Cell(10, 16), new Cell(100, 16), new Cell(1, 1));
        for (var contender : contenders.all()) {
            contender.release();
            for (var cell : cells) {
                run(contender, cell, millis / cells.size());
            }
            contender.hold();
        }
    }

    /** One round of one cell: each contender in turn, the first one another in each round. */
    void measure(int round, Cell cell, List<Contender> who, long millis) throws Exception {
        for (int i = 0; i < who.size(); i++) {
            var contender = who.get((round + i) % who.size());
            contender.release();
            run(contender, cell, millis / 5);
            long cpu = contender.cpuMillis();
            var result = run(contender, cell, millis);
            contender.hold();
            eventsPerSecond.add(cell.toString(), contender.name(), result.events / (result.nanos / 1e9));
            cpuMicros.add(cell.toString(), contender.name(), (result.cpuMillis - cpu) * 1e3 / result.events);
            System.out.printf(
                    "  %d  %-10s %-20s %8.0f events/s%n",
                    round, cell, contender.name(), result.events / (result.nanos / 1e9));
        }
    }

    private record Result(long events, long nanos, long cpuMillis) {}

    private Result run(Contender contender, Cell cell, long millis) throws Exception {
        var prefix = "run-" + ++runs;
        if (contender.name().equals(Contenders.JOURNAL)) {
            var answer = contender
                    .ask(cell.batch + " " + cell.connections + " " + millis + " " + prefix)
                    .split(" ");
            long events = Long.parseLong(answer[0]);
            long cpu = contender.cpuMillis();
            if (Queues.drain(contender, message -> {}) < events) {
                throw new IllegalStateException("LOST by the journal");
            }
            return new Result(events, Long.parseLong(answer[1]), cpu);
        }
        var outcome = contenders.loadOf(contender).run(new Reports(prefix, cell.batch), cell.connections, millis);
        long cpu = contender.cpuMillis();
        Queues.expect(contender, outcome);
        return new Result(outcome.events(), outcome.nanos(), cpu);
    }
}
