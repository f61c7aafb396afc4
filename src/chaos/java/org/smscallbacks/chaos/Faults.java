package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The faults by their names. */
final class Faults {

    /** Those of a run that names none. */
    static final List<String> USUAL = List.of(
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
    static final List<String> APART =
            List.of("broker-cut", "partition", "partition-shared", "partition-alone", "partition-check");

    private final Path folder;
    private final double strikes;
    private final Random random;
    private final Ledger ledger;

    /** @param strikes so many times as often as usual a fault strikes */
    Faults(Path folder, double strikes, Random random, Ledger ledger) {
        this.folder = folder;
        this.strikes = strikes;
        this.random = random;
        this.ledger = ledger;
    }

    Fault get(String name) throws Exception {
        return switch (name) {
            case "kill" -> new Kills(times(5));
            case "disk" -> new FullDisk(times(2));
            case "copy" -> new TornCopy(ledger);
            case "targets" -> new Targets(random.nextLong(), times(4));
            case "consumers" -> new Consumers(ledger, times(12));
            case "callers" -> new HostileCallers(times(8_000));
            case "mixture" -> mixture();
            case "broker-kill" -> new BrokerOutages(folder, BrokerOutages.How.KILL, times(4));
            case "broker-freeze" -> new BrokerOutages(folder, BrokerOutages.How.FREEZE, times(2));
            case "broker-cut" -> new BrokerOutages(folder, BrokerOutages.How.CUT, times(2));
            case "twins" -> new Twins(folder, ledger, times(1));
            case "failover" -> new FailOvers(folder, BrokerFiles.REPLICATION, times(2));
            case "failover-shared" -> new FailOvers(folder, BrokerFiles.SHARED_STORE, times(2));
            case "failover-witness" -> new FailOvers(folder, BrokerFiles.WITNESS, times(2));
            case "freeze" -> new Partitions(folder, BrokerFiles.WITNESS, waysOr(Partitions.HANGS), times(2));
            case "freeze-shared" ->
                new Partitions(folder, BrokerFiles.SHARED_STORE, waysOr(Partitions.HANGS), times(2));
            case "partition" -> new Partitions(folder, BrokerFiles.WITNESS, Partitions.CUTS, times(4));
            case "partition-shared" -> new Partitions(folder, BrokerFiles.SHARED_STORE, Partitions.CUTS, times(3));
            case "partition-alone" ->
                new Partitions(folder, BrokerFiles.REPLICATION, waysOr(List.of(Partitions.Way.BETWEEN_THE_TWO)), 1);
            case "partition-check" ->
                new Partitions(folder, BrokerFiles.NETWORK_CHECK, waysOr(List.of(Partitions.Way.BETWEEN_THE_TWO)), 1);
            case "freeze-alone" ->
                new Partitions(folder, BrokerFiles.REPLICATION, waysOr(List.of(Partitions.Way.LIVE_HANGS)), 1);
            default ->
                throw new IllegalArgumentException(
                        name + " is no fault: write some of " + String.join(",", USUAL) + "," + String.join(",", MORE));
        };
    }

    /** What is cut, or hangs: what was asked for, or these in turn. */
    private static List<Partitions.Way> waysOr(List<Partitions.Way> usual) {
        var way = System.getProperty("chaos.way");
        return way == null ? usual : List.of(Partitions.Way.valueOf(way));
    }

    private Fault mixture() throws Exception {
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
