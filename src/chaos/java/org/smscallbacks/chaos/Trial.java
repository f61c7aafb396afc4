package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One gateway, some providers, one fault; then every queue is read and compared with what the providers were told. */
final class Trial {

    private static final int PROVIDERS = 6;
    private static final int PAUSE_MILLIS = 20;
    private static final long LAST_ANSWER_MILLIS = 180_000;

    private final Path folder;
    private final Path distribution;

    /** @param folder of which <code>home</code> is emptied first, and left for whoever looks into a loss */
    Trial(Path folder) {
        this.folder = folder;
        this.distribution = folder.resolve("distribution");
    }

    Result run(String faultName, long seed, String commit) throws Exception {
        return run(distribution, faultName, seed, commit);
    }

    Result run(Path distribution, String faultName, long seed, String commit) throws Exception {
        var random = new Random(seed);
        var ledger = new Ledger();
        var fault = fault(faultName, random, ledger);
        var home = Home.of(distribution, folder.resolve("home"));
        try {
            fault.prepare(home, random);
            home.start();
            var providers = new ArrayList<Provider>();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < PROVIDERS; i++) {
                var provider = new Provider(home, ledger, "chaos-" + seed + "-" + i, random.nextLong(), PAUSE_MILLIS);
                providers.add(provider);
                threads.add(new Thread(provider));
            }
            threads.forEach(Thread::start);
            fault.strike(home, random);
            providers.forEach(Provider::finish);
            for (var thread : threads) {
                thread.join(LAST_ANSWER_MILLIS);
            }
            boolean heals = threads.stream().noneMatch(Thread::isAlive);
            threads.forEach(Thread::interrupt);
            fault.recover(home);
            var words = heals ? fault.verdict(home, ledger) : "callbacks are still refused three minutes after the fault";
            return compare(home, fault, faultName, seed, commit, ledger, words);
        } finally {
            home.kill();
            fault.clean(home);
        }
    }

    private static Result compare(
            Home home, Fault fault, String name, long seed, String commit, Ledger ledger, String words)
            throws Exception {
        Map<String, Integer> found = Reader.drain(home, seed % 2 == 0, Reader.QUEUES);
        fault.consumed().forEach((id, times) -> found.merge(id, times, Integer::sum));
        var acknowledged = ledger.acknowledged();
        return new Result(
                commit,
                LocalDate.now().toString(),
                name,
                seed,
                fault.count(),
                acknowledged.size(),
                (int) acknowledged.stream().filter(id -> !found.containsKey(id)).count(),
                (int) found.values().stream().filter(times -> times > 1).count(),
                (int) found.keySet().stream().filter(id -> !acknowledged.contains(id)).count(),
                ledger.odd(),
                ledger.refusedMillis(PROVIDERS),
                ledger.slowest(),
                words);
    }

    private static Fault fault(String name, Random random, Ledger ledger) throws Exception {
        return switch (name) {
            case "kill" -> new Kills();
            case "disk" -> new FullDisk();
            case "copy" -> new TornCopy(ledger);
            case "targets" -> new Targets(random.nextLong());
            case "consumers" -> new Consumers();
            case "callers" -> new HostileCallers();
            case "mixture" -> new Mixture(List.of(
                    new Targets(random.nextLong()), new HostileCallers(), new Consumers(), new Kills()));
            default -> throw new IllegalArgumentException(
                    name + " is no fault: write kill, disk, copy, targets, consumers, callers or mixture");
        };
    }
}
