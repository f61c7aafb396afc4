package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** One broker of two gateways is killed and started again, hangs, or cannot be reached for a while. */
final class BrokerOutages extends BehindBrokers {

    /** What happens to it. */
    enum How {
        KILL("broker kills"),
        FREEZE("freezes"),
        CUT("cuts");

        private final String name;

        How(String name) {
            this.name = name;
        }
    }

    private static final int PAUSE_MILLIS = 3_000;
    private static final int SHORTEST_MILLIS = 3_000;
    private static final int LONGEST_MILLIS = 30_000;

    private final How how;
    private final int times;
    private int count;

    BrokerOutages(Path folder, How how, int times) {
        super(folder, BrokerFiles.ONE, how == How.CUT);
        this.how = how;
        this.times = times;
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        var broker = brokers().first();
        for (int i = 0; i < times; i++) {
            Thread.sleep(PAUSE_MILLIS + random.nextInt(PAUSE_MILLIS));
            long millis = SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS);
            switch (how) {
                case KILL -> {
                    broker.kill();
                    broker.launch();
                }
                case FREEZE -> {
                    broker.freeze();
                    Thread.sleep(millis);
                    broker.thaw();
                }
                case CUT -> {
                    network().cutOff("broker-a");
                    Thread.sleep(millis);
                    network().heal();
                }
            }
            count++;
            brokers().awaitWhole();
            home.start();
            gateways(home).get(1).start();
        }
    }

    @Override
    public Map<String, Integer> struck() {
        return Map.of(how.name, count);
    }
}
