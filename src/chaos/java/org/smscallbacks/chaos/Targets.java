package org.smscallbacks.chaos;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A target that fails, hangs and comes back, while the gateway is killed in the middle of calls, retries and dead letters, and its routes edited. */
final class Targets implements Fault {

    private static final int LONGEST_LIFE_MILLIS = 4_000;
    private static final String ROUTE = "routes/targets/webhook.camel.yaml";

    /** Until the circuit breaker holds back what has been taken. */
    private static final int GONE_MILLIS = 4_000;

    /** A target that has failed is tried again after a minute at most: where nothing comes for longer, nothing will. */
    private static final long QUIET_NANOS = 75_000_000_000L;

    private static final long LONGEST_NANOS = 300_000_000_000L;

    /** It is tried by the trials only: 32 bytes that are no secret. */
    private static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private final Downstream downstream;
    private final int kills;
    private int count;

    /** @param kills while the target fails */
    Targets(long seed, int kills) throws Exception {
        this.kills = kills;
        downstream = new Downstream(seed);
    }

    @Override
    public void prepare(Home home, Random random) {
        home.set("SMS_TARGET_CRM_URL", downstream.url());
        home.set("SMS_TARGET_CRM_SECRET", SECRET);
        home.set("SMS_TARGET_CRM_RETRY", "1s, 1s, 2s");
        home.set("SMS_TARGET_CRM_RETRY_INTERIM", "1s, 1s");
        home.set("SMS_TARGET_CRM_TIMEOUT", "500ms");
        home.set("SMS_TARGET_CRM_CONCURRENCY", "16");
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        for (int i = 0; i < kills; i++) {
            Thread.sleep(1_000 + random.nextInt(LONGEST_LIFE_MILLIS));
            home.kill();
            count++;
            home.start();
        }
        // and an edit: what waits for its turn is handed back, to be taken again
        downstream.goes(true);
        Thread.sleep(GONE_MILLIS);
        home.edit(ROUTE, text -> text + "# edited\n");
        Thread.sleep(GONE_MILLIS);
        downstream.goes(false);
    }

    @Override
    public void recover(Home home) {
        downstream.recovers();
    }

    /** Whatever was acknowledged was taken by the target, or is a dead letter of it. */
    @Override
    public Set<String> astray(Home home, Ledger ledger) throws Exception {
        Set<String> astray = new HashSet<>(ledger.acknowledged());
        long until = System.nanoTime() + LONGEST_NANOS;
        long quietUntil = System.nanoTime() + QUIET_NANOS;
        while (!astray.isEmpty() && System.nanoTime() < Math.min(until, quietUntil)) {
            int before = astray.size();
            astray.removeAll(Reader.drain(home, true, List.of("sms.dead.crm")).keySet());
            astray.removeAll(downstream.taken().keySet());
            if (astray.size() < before) {
                quietUntil = System.nanoTime() + QUIET_NANOS;
            }
            Thread.sleep(500);
        }
        return astray;
    }

    @Override
    public Map<String, Integer> struck() {
        return Map.of(Kills.NAME, count);
    }

    @Override
    public int pauseMillis() {
        return 150;
    }

    @Override
    public void clean() {
        downstream.close();
    }
}
