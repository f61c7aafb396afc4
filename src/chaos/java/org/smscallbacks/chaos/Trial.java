package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** One gateway, some providers, one fault; then every queue is read and compared with what the providers were told. */
final class Trial {

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
        var fault = new Faults(folder, strikes, random, ledger).get(faultName);
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

    private static String suchAs(Set<String> ids, Ledger ledger) {
        var id = ids.iterator().next();
        return "such as " + id + ", of which consumers said:" + ledger.heard(id);
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
                missing.isEmpty() && astray.isEmpty() ? words : suchAs(missing.isEmpty() ? astray : missing, ledger));
    }
}
