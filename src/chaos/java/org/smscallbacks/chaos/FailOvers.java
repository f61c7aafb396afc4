package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** The live one of a pair is killed under load, the other takes over, the killed one comes back, and again. */
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
            live.kill();
            brokers().await("the other one takes over", brokers().otherThan(live)::isLive);
            count++;
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
