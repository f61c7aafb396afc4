package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** Every callback goes to two gateways of one broker at the same moment: what is doubled where nothing is broken. */
final class Twins extends BehindBrokers {

    private static final int MILLIS = 20_000;

    private final Ledger ledger;
    private final int times;

    /** @param times it goes on for twenty seconds */
    Twins(Path folder, Ledger ledger, int times) {
        super(folder, BrokerFiles.ONE, false);
        this.ledger = ledger;
        this.times = times;
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        Thread.sleep((long) MILLIS * times);
    }

    @Override
    public boolean callsAllAtOnce() {
        return true;
    }

    @Override
    public Map<String, Integer> struck() {
        return Map.of("callbacks to both", ledger.atOnce());
    }
}
