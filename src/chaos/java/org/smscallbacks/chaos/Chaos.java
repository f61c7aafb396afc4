package org.smscallbacks.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs trials and adds up what came of them; ends with 1 when an acknowledged event was lost, or a trial could not be held. */
public final class Chaos {

    private static final int TRIALS_TO_CATCH_A_MUTANT = 10;

    private final Path folder;
    private final Path results;
    private final double strikes;
    private final String commit = System.getProperty("commit", "unknown");

    private Chaos(Path folder, double strikes) {
        this.folder = folder;
        this.strikes = strikes;
        this.results = folder.resolve("results.jsonl");
    }

    /** @param arguments the folder, then <code>mutants</code>, <code>report</code> or <code>minutes= trials= seed= faults= strikes= broker= patience= way= client= fence=</code> */
    public static void main(String[] arguments) throws Exception {
        var rest = Arrays.asList(arguments).subList(1, arguments.length);
        var options = rest.stream()
                .filter(word -> word.contains("="))
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        // what the brokers of the faults that have some are made of
        options.forEach((name, value) -> System.setProperty("chaos." + name, value));
        var chaos = new Chaos(
                Path.of(arguments[0]).toAbsolutePath(), Double.parseDouble(options.getOrDefault("strikes", "1")));
        boolean isWell = true;
        if (rest.contains("mutants")) {
            isWell = chaos.catchMutants(
                    Long.parseLong(options.getOrDefault("seed", "1")), options.getOrDefault("only", ""));
        } else if (!rest.contains("report")) {
            isWell = chaos.run(options);
        }
        Report.write(Result.all(chaos.results), chaos.folder.resolve("report.md"));
        System.exit(isWell ? 0 : 1);
    }

    private boolean run(Map<String, String> options) throws Exception {
        var faults = new ArrayList<>(List.of(
                options.getOrDefault("faults", String.join(",", Faults.USUAL)).split(",")));
        if (faults.contains("disk") && !SmallDisk.isPossible()) {
            System.out.println("disk is left out: it needs root, to mount a small file system");
            faults.remove("disk");
        }
        if (faults.stream().anyMatch(Faults.APART::contains) && !Network.isPossible()) {
            System.out.println(
                    String.join(", ", Faults.APART)
                            + ": left out, they need root, the command ip, and network namespaces, to cut machines off from each other");
            faults.removeAll(Faults.APART);
        }
        long seed = Long.parseLong(
                options.getOrDefault("seed", String.valueOf(System.currentTimeMillis() / 100 % 100_000_000)));
        int trials = Integer.parseInt(options.getOrDefault("trials", String.valueOf(Integer.MAX_VALUE)));
        var minutes = Long.parseLong(options.getOrDefault("minutes", options.containsKey("trials") ? "1000" : "10"));
        long until = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        boolean isWell = true;
        for (int i = 0; !faults.isEmpty() && i < trials && System.nanoTime() < until; i++) {
            isWell &= isWell(faults.get(i % faults.size()), seed + i);
        }
        return isWell;
    }

    /** Holds one trial; what could not be held, and a fault that did not strike, is said and does not count. */
    private boolean isWell(String fault, long seed) throws Exception {
        var result = trial(folder.resolve("distribution"), fault, seed);
        if (result == null) {
            return false;
        }
        if (result.struck().isEmpty() && !result.isLoss()) {
            System.out.println("  that is no trial: the fault did not strike");
            return true;
        }
        result.append(results);
        if (!result.isWell()) {
            keep(fault, seed);
        }
        return result.isWell();
    }

    private Result trial(Path distribution, String fault, long seed) throws Exception {
        try {
            var result = new Trial(folder, distribution, strikes).run(fault, seed, commit);
            System.out.println(result.inWords());
            return result;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            System.out.println(fault + " seed " + seed + ": could not be held");
            e.printStackTrace(System.out);
            keep(fault, seed);
            return null;
        }
    }

    private void keep(String fault, long seed) throws Exception {
        var kept = folder.resolve("kept-" + fault + "-" + seed);
        Home.delete(kept);
        for (var part : List.of("home", "brokers")) {
            if (Files.exists(folder.resolve(part))) {
                Home.copy(folder.resolve(part), kept.resolve(part));
            }
        }
        System.out.println("  its gateway, and its brokers if it had some, are kept in " + kept);
    }

    /** Whether what is missing, doubled, and there without a yes, is counted: one of each. */
    private boolean seesThroughWrongLedger(long seed) throws Exception {
        var result = new Trial(folder, folder.resolve("distribution"), strikes)
                .withWrongLedger()
                .run("callers", seed, commit);
        boolean isSeen = result.missing() == 1 && result.doubled() == 1 && result.unacknowledged() == 1;
        System.out.println("  " + result.inWords());
        System.out.println("a wrong ledger: " + (isSeen ? "seen through" : "NOT SEEN THROUGH"));
        return isSeen;
    }

    /** Whether a change of the gateway has left the mutants behind: throws when one of them cannot be made of its source any more. */
    public static void compileMutants(Path folder) throws Exception {
        for (var mutant : Mutant.ALL) {
            mutant.compile(Path.of(""), folder.resolve(mutant.name()), System.getProperty("java.class.path"));
        }
    }

    private boolean catchMutants(long seed, String only) throws Exception {
        boolean allCaught = only.isEmpty() ? seesThroughWrongLedger(seed) : true;
        for (var mutant : Mutant.ALL) {
            if (!mutant.name().contains(only)) {
                continue;
            }
            var distribution = mutant.build(
                    Path.of("").toAbsolutePath(), folder.resolve("distribution"), folder.resolve("mutant"));
            Result caught = null;
            for (int i = 0; caught == null && i < TRIALS_TO_CATCH_A_MUTANT; i++) {
                var result = trial(distribution, mutant.fault(), seed + i);
                caught = result != null && result.isLoss() ? result : null;
            }
            System.out.println(mutant.name() + ": "
                    + (caught == null ? "NOT CAUGHT" : "caught by " + mutant.fault() + ", seed " + caught.seed()));
            allCaught &= caught != null;
        }
        return allCaught;
    }
}
