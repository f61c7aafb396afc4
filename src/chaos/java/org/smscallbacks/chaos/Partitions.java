package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The machines of a pair, its witness and two gateways cannot reach each other for a while, in one way or another. */
final class Partitions extends BehindBrokers {

    private static final int PAUSE_MILLIS = 3_000;
    private static final int SHORTEST_MILLIS = 25_000;
    private static final int MORE_MILLIS = 20_000;

    private final int times;
    private final Map<String, Integer> count = new TreeMap<>();

    Partitions(Path folder, Brokers.Kind kind, int times) {
        super(folder, kind, true);
        this.times = times;
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        int first = random.nextInt(4);
        for (int i = 0; i < times; i++) {
            brokers().awaitWhole();
            Thread.sleep(random.nextInt(PAUSE_MILLIS));
            var live = brokers().live();
            var name = brokers().nameOf(live);
            switch ((first + i) % 4) {
                case 0 -> network().cut("broker-a", "broker-b");
                case 1 -> network().cutOff(name);
                case 2 -> network().cut(name, "gateway-a");
                default -> network().cut(name, "witness");
            }
            Thread.sleep(SHORTEST_MILLIS + random.nextInt(MORE_MILLIS));
            network().heal();
            count.merge("partitions", 1, Integer::sum);
            brokers().awaitWhole();
            if (brokers().live() != live) {
                count.merge("fail-overs", 1, Integer::sum);
            }
        }
    }

    @Override
    public Map<String, Integer> struck() {
        return count;
    }
}
