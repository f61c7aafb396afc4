package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** One gateway, some providers, one fault; then every queue is read and compared with what the providers were told. */
final class Trial {

    /** Those of a run that names none. */
    static final List<String> FAULTS = List.of(
            "kill",
            "disk",
            "copy",
            "targets",
            "consumers",
            "callers",
            "mixture",
            "broker-kill",
            "failover",
            "failover-shared");

    /** Beside them: they take long, need a whole distribution of Artemis, or show what one had better not do. */
    private static final List<String> MORE = List.of(
            "twins",
            "broker-freeze",
            "broker-cut",
            "failover-witness",
            "freeze",
            "freeze-shared",
            "partition",
            "partition-shared",
            "partition-alone",
            "partition-check",
            "freeze-alone");

    /** They cut machines off from each other. */
    static final List<String> APART = List.of("broker-cut", "partition", "partition-shared", "partition-alone", "partition-check");

    private static final int PROVIDERS = 6;
    private static final long LAST_ANSWER_MILLIS = 180_000;
    private static final long END_MILLIS = 5_000;

    private final Path folder;
    private final Path distribution;
    private final double strikes;
    private boolean lies;

    /**
     * @param folder of which <code>home</code> is emptied first, and left for whoever looks into a loss
     * @param distribution unpacked
     * @param strikes so many times as often as usual a fault strikes
     */
    Trial(Path folder, Path distribution, double strikes) {
        this.folder = folder;
        this.distribution = distribution;
        this.strikes = strikes;
    }

    /** A trial that must find fault: see {@link Ledger#lies}. */
    Trial withWrongLedger() {
        lies = true;
        return this;
    }

    Result run(String faultName, long seed, String commit) throws Exception {
        var random = new Random(seed);
        var ledger = new Ledger();
        var fault = fault(faultName, random, ledger);
        var providers = new ArrayList<Provider>();
        Home home = null;
        try {
            Home.delete(folder.resolve("brokers"));
            home = Home.of(distribution, folder.resolve("home"));
            fault.prepare(home, random);
            home.start();
            for (int i = 0; i < PROVIDERS; i++) {
                var name = "chaos-" + seed + "-" + i;
                var provider = new Provider(fault.gateways(home), ledger, name, random.nextLong(), fault.pauseMillis());
                providers.add(fault.callsAllAtOnce() ? provider.atOnce() : provider);
            }
            providers.forEach(Provider::start);
            fault.strike(home, random);
            var words = answersAll(providers) ? "" : "callbacks are still refused three minutes after the fault";
            fault.recover(home);
            var astray = fault.astray(home, ledger);
            if (lies) {
                ledger.lies();
            }
            return compare(home, fault, faultName, seed, commit, ledger, astray, words);
        } finally {
            letGo(home, fault, providers);
        }
    }

    private static boolean answersAll(List<Provider> providers) throws InterruptedException {
        providers.forEach(Provider::finish);
        long until = System.nanoTime() + LAST_ANSWER_MILLIS * 1_000_000;
        for (var provider : providers) {
            provider.join(Math.max(1, (until - System.nanoTime()) / 1_000_000));
        }
        return providers.stream().noneMatch(Provider::isAlive);
    }

    /** Whatever happened: nothing of a trial stays behind but its folder. */
    private void letGo(Home home, Fault fault, List<Provider> providers) throws Exception {
        try {
            for (var provider : providers) {
                provider.finish();
                provider.interrupt();
                provider.join(END_MILLIS);
            }
            fault.clean();
        } finally {
            if (home != null) {
                home.kill();
                SmallDisk.unmountUnder(home.folder());
            }
        }
    }

    private static Result compare(
            Home home,
            Fault fault,
            String name,
            long seed,
            String commit,
            Ledger ledger,
            Set<String> astray,
            String words)
            throws Exception {
        var found = Reader.drainUntil(home, seed % 2 == 0, fault.longestWayBackMillis(), ids -> ledger.missingIn(ids)
                .isEmpty());
        var acknowledged = ledger.acknowledged();
        var missing = ledger.missingIn(found.keySet());
        ledger.taken().forEach((id, times) -> found.merge(id, times, Integer::sum));
        return new Result(
                commit,
                LocalDate.now().toString(),
                name,
                seed,
                fault.hasStruck() ? new TreeMap<>(fault.struck()) : new TreeMap<>(),
                acknowledged.size(),
                missing.size(),
                astray.size(),
                (int) ledger.sent().stream()
                        .filter(id -> found.getOrDefault(id, 0) > 1)
                        .count(),
                (int) ledger.sent().stream()
                        .filter(id -> found.containsKey(id) && !acknowledged.contains(id))
                        .count(),
                ledger.odd(),
                ledger.refusedMillis(PROVIDERS),
                ledger.slowest(),
                missing.isEmpty() && astray.isEmpty()
                        ? words
                        : "such as "
                                + (missing.isEmpty() ? astray : missing)
                                        .iterator()
                                        .next());
    }

    private Fault fault(String name, Random random, Ledger ledger) throws Exception {
        return switch (name) {
            case "kill" -> new Kills(times(5));
            case "disk" -> new FullDisk(times(2));
            case "copy" -> new TornCopy(ledger);
            case "targets" -> new Targets(random.nextLong(), times(4));
            case "consumers" -> new Consumers(ledger, times(12));
            case "callers" -> new HostileCallers(times(8_000));
            case "mixture" -> mixture(random, ledger);
            case "broker-kill" -> new BrokerOutages(folder, BrokerOutages.How.KILL, times(4));
            case "broker-freeze" -> new BrokerOutages(folder, BrokerOutages.How.FREEZE, times(2));
            case "broker-cut" -> new BrokerOutages(folder, BrokerOutages.How.CUT, times(2));
            case "twins" -> new Twins(folder, ledger, times(1));
            case "failover" -> new FailOvers(folder, Brokers.Kind.REPLICATION, times(2));
            case "failover-shared" -> new FailOvers(folder, Brokers.Kind.SHARED_STORE, times(2));
            case "failover-witness" -> new FailOvers(folder, Brokers.Kind.WITNESS, times(2));
            case "freeze" -> new Partitions(folder, Brokers.Kind.WITNESS, Partitions.HANGS, times(2));
            case "freeze-shared" -> new Partitions(folder, Brokers.Kind.SHARED_STORE, Partitions.HANGS, times(2));
            case "partition" -> new Partitions(folder, Brokers.Kind.WITNESS, Partitions.CUTS, times(4));
            case "partition-shared" -> new Partitions(folder, Brokers.Kind.SHARED_STORE, Partitions.CUTS, times(3));
            case "partition-alone" -> new Partitions(folder, Brokers.Kind.REPLICATION, oneWay(), 1);
            case "partition-check" -> new Partitions(folder, Brokers.Kind.NETWORK_CHECK, oneWay(), 1);
            case "freeze-alone" -> new Partitions(folder, Brokers.Kind.REPLICATION, Partitions.HANGS, 1);
            default ->
                throw new IllegalArgumentException(name + " is no fault: write some of "
                        + String.join(",", FAULTS) + "," + String.join(",", MORE));
        };
    }

    /** What is cut where one partition is enough to need an operator. */
    private static List<Partitions.Way> oneWay() {
        return List.of(Partitions.Way.valueOf(System.getProperty("chaos.way", "BETWEEN_THE_TWO")));
    }

    private Fault mixture(Random random, Ledger ledger) throws Exception {
        var inTurn = new ArrayList<Fault>(
                List.of(new Targets(random.nextLong(), times(4)), new Kills(times(5)), new TornCopy(ledger)));
        if (SmallDisk.isPossible()) {
            inTurn.add(new FullDisk(times(2)));
        }
        Collections.shuffle(inTurn, random);
        return new Mixture(List.of(new HostileCallers(times(8_000)), new Consumers(ledger, times(12))), inTurn);
    }

    private int times(int usual) {
        return (int) Math.max(1, Math.round(usual * strikes));
    }
}
