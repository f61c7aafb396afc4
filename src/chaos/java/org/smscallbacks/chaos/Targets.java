package org.smscallbacks.chaos;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A target that fails, hangs and comes back, while the gateway is killed in the middle of calls, retries and dead letters. */
final class Targets implements Fault {

    private static final long LONGEST_MILLIS = 120_000;

    private final Downstream downstream;
    private int count;

    Targets(long seed) throws Exception {
        downstream = new Downstream(seed);
    }

    @Override
    public void prepare(Home home, Random random) {
        home.set("SMS_TARGET_CRM_URL", downstream.url());
        home.set("SMS_TARGET_CRM_RETRY", "1s, 1s, 2s");
        home.set("SMS_TARGET_CRM_RETRY_INTERIM", "1s, 1s");
        home.set("SMS_TARGET_CRM_TIMEOUT", "1s");
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        for (int i = 0; i < 2; i++) {
            Thread.sleep(1_000 + random.nextInt(3_000));
            home.kill();
            count++;
            home.start();
        }
    }

    @Override
    public void recover(Home home) {
        downstream.recovers();
    }

    /** Whatever was acknowledged was taken by the target, or is a dead letter of it. */
    @Override
    public String verdict(Home home, Ledger ledger) throws Exception {
        Set<String> missing = new HashSet<>(ledger.acknowledged());
        long until = System.nanoTime() + LONGEST_MILLIS * 1_000_000;
        while (!missing.isEmpty() && System.nanoTime() < until) {
            missing.removeAll(Reader.drain(home, true, List.of("sms.dead.crm")).keySet());
            missing.removeAll(downstream.taken().keySet());
            Thread.sleep(500);
        }
        return missing.isEmpty()
                ? ""
                : missing.size() + " acknowledged events have not reached the target, nor its dead letters, such as "
                        + List.copyOf(missing).get(0);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void clean(Home home) {
        downstream.close();
    }
}
