package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** The live one of a pair is killed under load, the other takes over, the killed one comes back, and again; with it one of three witnesses. */
final class FailOvers extends BehindBrokers {

    private static final int PAUSE_MILLIS = 3_000;

    private final int times;
    private int count;

    FailOvers(Path folder, BrokerFiles files, int times) {
        super(folder, files, false);
        this.times = times;
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        for (int i = 0; i < times; i++) {
            brokers().awaitWhole();
            Thread.sleep(PAUSE_MILLIS + random.nextInt(PAUSE_MILLIS));
            var live = brokers().live();
            var witness = brokers().witness();
            if (witness != null) {
                // with the machine of a broker goes the witness that is on it
                witness.killOne(i);
            }
            live.kill();
            brokers().await("the other one takes over", brokers().otherThan(live)::isLive);
            count++;
            if (witness != null) {
                witness.startOne(i);
            }
            Thread.sleep(random.nextInt(PAUSE_MILLIS));
            live.launch();
        }
        brokers().awaitWhole();
    }

    @Override
    public Map<String, Integer> struck() {
        return Map.of("fail-overs", count);
    }
}
