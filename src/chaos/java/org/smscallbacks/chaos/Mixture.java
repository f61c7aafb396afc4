package org.smscallbacks.chaos;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Several faults of one gateway: some go on all the time, while the others strike one after the other, in any order. */
final class Mixture implements Fault {

    private static final long LONGEST_MILLIS = 60_000;

    private final List<Fault> always;
    private final List<Fault> inTurn;

    Mixture(List<Fault> always, List<Fault> inTurn) {
        this.always = always;
        this.inTurn = inTurn;
    }

    @Override
    public void prepare(Home home, Random random) throws Exception {
        for (var fault : always) {
            fault.prepare(home, random);
        }
        for (var fault : inTurn) {
            fault.prepare(home, random);
        }
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        var threads = always.stream()
                .map(fault -> inBackground(fault, home, new Random(random.nextLong())))
                .toList();
        try {
            for (var fault : inTurn) {
                fault.strike(home, random);
            }
            for (var thread : threads) {
                thread.join(LONGEST_MILLIS);
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }

    private static Thread inBackground(Fault fault, Home home, Random random) {
        var thread = new Thread(() -> {
            try {
                fault.strike(home, random);
            } catch (Exception e) {
                // a fault that cannot go on while others strike; how often it did is counted
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void recover(Home home) throws Exception {
        for (var fault : inTurn) {
            fault.recover(home);
        }
    }

    @Override
    public Set<String> astray(Home home, Ledger ledger) throws Exception {
        var astray = new HashSet<String>();
        for (var fault : inTurn) {
            astray.addAll(fault.astray(home, ledger));
        }
        return astray;
    }

    @Override
    public Map<String, Integer> struck() {
        var struck = new TreeMap<String, Integer>();
        all().forEach(fault -> fault.struck().forEach((name, times) -> struck.merge(name, times, Integer::sum)));
        return struck;
    }

    /** It is one only when each of them did. */
    @Override
    public boolean hasStruck() {
        return all().allMatch(Fault::hasStruck);
    }

    private Stream<Fault> all() {
        return Stream.concat(always.stream(), inTurn.stream());
    }

    @Override
    public int pauseMillis() {
        return inTurn.stream().mapToInt(Fault::pauseMillis).max().orElseThrow();
    }

    @Override
    public long longestWayBackMillis() {
        return always.stream().mapToLong(Fault::longestWayBackMillis).max().orElseThrow();
    }

    @Override
    public void clean() throws Exception {
        for (var fault : inTurn) {
            fault.clean();
        }
    }
}
