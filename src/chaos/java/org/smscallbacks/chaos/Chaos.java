package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs trials and adds up what came of them; ends with 1 when an acknowledged event was lost. */
public final class Chaos {

    private static final List<String> FAULTS =
            List.of("kill", "disk", "copy", "targets", "consumers", "callers", "mixture");
    private static final int TRIALS_TO_CATCH_A_MUTANT = 10;

    private final Path folder;
    private final Path results;
    private final String commit = System.getProperty("commit", "unknown");

    private Chaos(Path folder) {
        this.folder = folder;
        this.results = folder.resolve("results.jsonl");
    }

    /** @param arguments the folder, then <code>mutants</code>, <code>report</code> or <code>minutes= trials= seed= faults=</code> */
    public static void main(String[] arguments) throws Exception {
        var chaos = new Chaos(Path.of(arguments[0]));
        var rest = Arrays.asList(arguments).subList(1, arguments.length);
        boolean isWell = true;
        if (rest.contains("mutants")) {
            isWell = chaos.catchMutants();
        } else if (!rest.contains("report")) {
            isWell = chaos.run(rest.stream()
                    .map(word -> word.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
        }
        Report.write(Result.all(chaos.results), chaos.folder.resolve("report.md"));
        System.exit(isWell ? 0 : 1);
    }

    private boolean run(Map<String, String> options) throws Exception {
        var faults = new ArrayList<>(List.of(options.getOrDefault("faults", String.join(",", FAULTS)).split(",")));
        if (faults.contains("disk") && !FullDisk.isPossible()) {
            System.out.println("disk is left out: it needs root, to mount a small file system");
            faults.remove("disk");
        }
        long seed = Long.parseLong(options.getOrDefault("seed", String.valueOf(System.currentTimeMillis() % 1_000_000_000)));
        int trials = Integer.parseInt(options.getOrDefault("trials", String.valueOf(Integer.MAX_VALUE)));
        long until = System.nanoTime()
                + Duration.ofMinutes(Long.parseLong(options.getOrDefault("minutes", options.containsKey("trials") ? "1000" : "10")))
                        .toNanos();
        boolean isWell = true;
        for (int i = 0; i < trials && System.nanoTime() < until; i++) {
            var result = new Trial(folder).run(faults.get(i % faults.size()), seed + i, commit);
            result.append(results);
            System.out.println(inWords(result));
            isWell &= !result.isLoss();
            if (result.isLoss()) {
                var kept = folder.resolve("lost-" + result.seed());
                Home.delete(kept);
                Home.copy(folder.resolve("home"), kept);
            }
        }
        return isWell;
    }

    private boolean catchMutants() throws Exception {
        boolean allCaught = true;
        for (var mutant : Mutant.ALL) {
            var distribution = mutant.build(Path.of("").toAbsolutePath(), folder.resolve("distribution"), folder.resolve("mutant"));
            Result caught = null;
            for (int seed = 1; caught == null && seed <= TRIALS_TO_CATCH_A_MUTANT; seed++) {
                var result = new Trial(folder).run(distribution, mutant.fault(), seed, commit);
                System.out.println("  " + inWords(result));
                caught = result.isLoss() ? result : null;
            }
            System.out.println(mutant.name() + ": "
                    + (caught == null ? "NOT CAUGHT" : "caught by " + mutant.fault() + ", seed " + caught.seed()));
            allCaught &= caught != null;
        }
        return allCaught;
    }

    private static String inWords(Result result) {
        return "%s seed %d: struck %d, acknowledged %d, missing %d, doubled %d, unacknowledged %d, odd answers %d, refused %d ms, slowest yes %d ms %s"
                .formatted(
                        result.fault(),
                        result.seed(),
                        result.struck(),
                        result.acknowledged(),
                        result.missing(),
                        result.doubled(),
                        result.unacknowledged(),
                        result.odd(),
                        result.refusedMillis(),
                        result.slowestMillis(),
                        result.words());
    }
}
