package org.smscallbacks.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.smscallbacks.bench.Throughput.Cell;

/**
 * The gateway against the same job done by hand and done the usual way, side by side in one run; see <code>speed.sh</code>. Leaves
 * <code>report.md</code> and <code>speed.svg</code> (or <code>growth.md</code>) in the folder.
 */
public final class Bench {

    private static final List<String> BY_HAND =
            List.of(Contenders.US, Contenders.FLOOR, Contenders.BEST_FLOOR, Contenders.IN_PROCESS, Contenders.JOURNAL);
    private static final List<String> ALL = List.of(
            Contenders.US,
            Contenders.FLOOR,
            Contenders.BEST_FLOOR,
            Contenders.IN_PROCESS,
            Contenders.JOURNAL,
            Contenders.PLAIN_CAMEL,
            Contenders.SPRING_INTEGRATION);
    private static final int USUAL_CONNECTIONS = 16;

    /** Of these cells the bars speak. */
    private static final List<Cell> OF_THE_BARS =
            List.of(new Cell(1, 1), new Cell(1, 16), new Cell(1, 64), new Cell(10, 16), new Cell(100, 16));

    /** So many of the largest callbacks at a time want more memory than the others have; the gateway answers some with 503. */
    private static final Cell TOO_MUCH_FOR_OTHERS = new Cell(2_000, 64);

    /** How long and how often each thing is measured. */
    private record Plan(
            List<Cell> cells,
            int rounds,
            long warmUpMillis,
            long runMillis,
            long latencyMillis,
            List<Integer> consumers,
            int deliveries) {

        static Plan named(String name) {
            return switch (name) {
                case "full" -> new Plan(allCells(), 5, 40_000, 1_000, 12_000, List.of(1, 8, 32), 3_000);
                case "bars" -> new Plan(OF_THE_BARS, 5, 40_000, 1_000, 12_000, List.of(8, 32), 3_000);
                case "short" ->
                    new Plan(
                            List.of(new Cell(1, 16), new Cell(10, 16), new Cell(100, 16)),
                            1,
                            6_000,
                            1_000,
                            4_000,
                            List.of(8),
                            1_000);
                default -> throw new IllegalArgumentException("full, bars, short or growth, not " + name);
            };
        }

        private static List<Cell> allCells() {
            return Stream.of(1, 10, 100, 2_000)
                    .flatMap(batch -> Stream.of(1, 16, 64).map(connections -> new Cell(batch, connections)))
                    .toList();
        }
    }

    private final Contenders contenders;
    private final Path folder;

    private Bench(Contenders contenders, Path folder) {
        this.contenders = contenders;
        this.folder = folder;
    }

    /** <code>args</code>: full, bars, short or growth; the folder; for growth the largest number of events that wait. */
    public static void main(String[] args) throws Exception {
        var folder = Path.of(args[1]);
        var homes = folder.resolve("homes");
        try (var contenders = new Contenders(
                folder.resolve("distribution"), homes, folder.resolve("classes"), folder.resolve("spring"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(contenders::kill));
            var bench = new Bench(contenders, homes);
            if (args[0].equals("growth")) {
                bench.growth(Long.parseLong(args[2]));
            } else {
                bench.speed(Plan.named(args[0]));
            }
        }
        System.exit(0);
    }

    private void speed(Plan plan) throws Exception {
        var report = new Report("Speed");
        startUp(plan.rounds, report);
        contenders.start(ALL);
        report.says("The journal: " + journal() + ". Heap " + Contender.HEAP + " each.");
        SameJob.check(contenders);
        var throughput = throughput(plan);
        contenders.stop();
        var delivery = new Delivery(contenders, folder);
        delivery.measureLatency(plan.rounds, plan.latencyMillis, plan.warmUpMillis);
        for (int consumers : plan.consumers) {
            delivery.measureThroughput(consumers, plan.rounds, plan.deliveries, plan.warmUpMillis);
        }

        throughputTables(report, throughput);
        latencyTable(report, delivery);
        deliveryTable(report, delivery.delivered());
        smallHeap(report, plan.warmUpMillis);
        new Bars(report).check(throughput.eventsPerSecond(), delivery);
        Plot.write(folder.resolveSibling("speed.svg"), throughput.eventsPerSecond(), ALL);
        report.says("![events a second](speed.svg)");
        report.write(folder.resolveSibling("report.md"));
    }

    private void startUp(int rounds, Report report) throws Exception {
        var seconds = new Samples();
        var cpu = new Samples();
        var who = ALL.stream().filter(name -> !name.equals(Contenders.JOURNAL)).toList();
        for (var name : who) {
            try (var contender = contenders.make(name, folder.resolve("start-up"))) {
                for (int round = 0; round < Math.min(rounds, 3); round++) {
                    seconds.add("", name, contender.start());
                    cpu.add("", name, contender.cpuMillis() / 1e3);
                    contender.kill();
                }
            }
        }
        var table = report.table("Start", "", "until ready, s", "CPU until then, s");
        for (var name : who) {
            table.row(name, "%.1f".formatted(seconds.median("", name)), "%.1f".formatted(cpu.median("", name)));
        }
    }

    /** What the gateway's own log says of it. */
    private String journal() throws Exception {
        return contenders.named(Contenders.US).log().contains("The journal uses NIO")
                ? "NIO (libaio is not there)"
                : "ASYNCIO";
    }

    private Throughput throughput(Plan plan) throws Exception {
        var throughput = new Throughput(contenders);
        throughput.warmUp(plan.warmUpMillis);
        for (int round = 0; round < plan.rounds; round++) {
            for (var cell : plan.cells) {
                // what no bar speaks of is measured once
                if (round == 0 || OF_THE_BARS.contains(cell)) {
                    throughput.measure(
                            round,
                            cell,
                            in(cell).stream().map(contenders::named).toList(),
                            plan.runMillis);
                }
            }
        }
        return throughput;
    }

    private static List<String> in(Cell cell) {
        if (cell.equals(TOO_MUCH_FOR_OTHERS)) {
            return List.of(Contenders.US);
        }
        return OF_THE_BARS.contains(cell) && cell.connections() == USUAL_CONNECTIONS ? ALL : BY_HAND;
    }

    private void throughputTables(Report report, Throughput throughput) {
        var rates = throughput.eventsPerSecond();
        perContender(report.table("Events a second, items × connections (median)", columns(ALL)), rates, "%,.0f");
        perContender(
                report.table("Processor time, µs an event (median)", columns(ALL)), throughput.cpuMicros(), "%.0f");
        var others = ALL.subList(1, ALL.size());
        var ratios = report.table("us / the other: median of the rounds (least to most)", columns(others));
        for (var cell : rates.cells()) {
            var row = new ArrayList<>(List.of(cell));
            others.forEach(
                    other -> row.add(rates.ratio(cell, Contenders.US, other).toString()));
            ratios.row(row.toArray(String[]::new));
        }
    }

    private static void perContender(Report.Table table, Samples samples, String format) {
        for (var cell : samples.cells()) {
            var row = new ArrayList<>(List.of(cell));
            for (var name : ALL) {
                double median = samples.median(cell, name);
                row.add(Double.isNaN(median) ? "" : format.formatted(median));
            }
            table.row(row.toArray(String[]::new));
        }
    }

    private static String[] columns(List<String> names) {
        return IntStream.rangeClosed(0, names.size())
                .mapToObj(i -> i == 0 ? "" : names.get(i - 1))
                .toArray(String[]::new);
    }

    private static void latencyTable(Report report, Delivery delivery) {
        var table = report.table(
                "From the callback to the target, ms", "", "", "events", "p50", "p99", "p99.9", "p99, us / floor");
        for (var cell : delivery.p99().cells()) {
            for (var name : List.of(Contenders.US, Contenders.FLOOR)) {
                var times = delivery.latency(cell, name);
                table.row(
                        cell,
                        name,
                        String.valueOf(times.count()),
                        times.toString(),
                        name.equals(Contenders.US)
                                ? delivery.p99()
                                        .ratio(cell, Contenders.US, Contenders.FLOOR)
                                        .toString()
                                : "");
            }
        }
    }

    private static void deliveryTable(Report report, Samples delivered) {
        var table = report.table("Delivery to one target, events/s", "", "us", "by hand", "us / by hand");
        for (var cell : delivered.cells()) {
            table.row(
                    cell,
                    "%.0f".formatted(delivered.median(cell, Contenders.US)),
                    "%.0f".formatted(delivered.median(cell, Contenders.FLOOR)),
                    delivered.ratio(cell, Contenders.US, Contenders.FLOOR).toString());
        }
    }

    /** 5 000 events a second, ten in a callback, with a heap of 256 MB. */
    private void smallHeap(Report report, long millis) throws Exception {
        try (var us =
                contenders.make(Contenders.US, folder.resolve("small-heap")).withHeap("256m")) {
            us.start();
            var load = contenders.loadOf(us);
            Queues.expect(us, load.runAtRate(new Reports("small-heap-warm", 10), USUAL_CONNECTIONS, 250, millis));
            var outcome = load.runAtRate(new Reports("small-heap", 10), USUAL_CONNECTIONS, 500, millis);
            Queues.expect(us, outcome);
            report.says(
                    ("With a heap of 256 MB: %.0f events/s asked for, %.0f acknowledged, %d callbacks refused, answers p50 | p99"
                                    + " | p99.9 ms %s; %s.")
                            .formatted(
                                    5_000.0,
                                    outcome.eventsPerSecond(),
                                    outcome.refused(),
                                    new Times(outcome.answerNanos()),
                                    us.collections()));
        }
    }

    private void growth(long most) throws Exception {
        var report = new Report("Growth");
        var growth = new Growth(contenders, folder, report);
        growth.batch(List.of(1, 10, 100, 1_000, 10_000), 3_000);
        growth.targets(List.of(1, 100), 3_000);
        growth.queueDepth(List.of(0L, most / 10, most), 3_000);
        report.write(folder.resolveSibling("growth.md"));
    }
}
