package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** For a while one of a pair hangs, or it, its witness and two gateways cannot all reach each other: in each of these ways, in turn. */
final class Partitions extends BehindBrokers {

    /** What is cut, or hangs. */
    enum Way {
        BETWEEN_THE_TWO,
        LIVE_FROM_ALL,
        LIVE_FROM_ONE_GATEWAY,
        LIVE_FROM_WITNESS,
        LIVE_HANGS,
        LIVE_MACHINE_HANGS,
        BACKUP_HANGS
    }

    /** For these every machine has a network of its own. */
    static final List<Way> CUTS =
            List.of(Way.BETWEEN_THE_TWO, Way.LIVE_FROM_ALL, Way.LIVE_FROM_ONE_GATEWAY, Way.LIVE_FROM_WITNESS);

    static final List<Way> HANGS = List.of(Way.LIVE_HANGS, Way.BACKUP_HANGS);

    private static final int PAUSE_MILLIS = 3_000;
    private static final int SHORTEST_MILLIS = 20_000;
    private static final int MORE_MILLIS = 15_000;

    private final List<Way> ways;
    private final int times;
    private final Map<String, Integer> count = new TreeMap<>();

    Partitions(Path folder, BrokerFiles files, List<Way> ways, int times) {
        super(folder, files, ways.stream().anyMatch(CUTS::contains));
        this.ways = ways;
        this.times = times;
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        int first = random.nextInt(ways.size());
        for (int i = 0; i < times; i++) {
            brokers().awaitWhole();
            Thread.sleep(PAUSE_MILLIS + random.nextInt(PAUSE_MILLIS));
            var live = brokers().live();
            var way = ways.get((first + i) % ways.size());
            begin(way, live);
            Thread.sleep(SHORTEST_MILLIS + random.nextInt(MORE_MILLIS));
            end(way, live);
            count.merge(CUTS.contains(way) ? "partitions" : "freezes", 1, Integer::sum);
            brokers().awaitWhole();
            if (brokers().live() != live) {
                count.merge("fail-overs", 1, Integer::sum);
            }
        }
    }

    private void begin(Way way, BrokerProcess live) throws Exception {
        var name = brokers().nameOf(live);
        switch (way) {
            case BETWEEN_THE_TWO -> network().cut("broker-a", "broker-b");
            case LIVE_FROM_ALL -> network().cutOff(name);
            case LIVE_FROM_ONE_GATEWAY -> network().cut(name, "gateway-a");
            case LIVE_FROM_WITNESS -> network().cut(name, "witness");
            case LIVE_HANGS -> live.freeze();
            case LIVE_MACHINE_HANGS -> live.freezeMachine();
            case BACKUP_HANGS -> brokers().otherThan(live).freeze();
        }
    }

    private void end(Way way, BrokerProcess live) throws Exception {
        switch (way) {
            case LIVE_HANGS, LIVE_MACHINE_HANGS -> live.thaw();
            case BACKUP_HANGS -> brokers().otherThan(live).thaw();
            default -> network().heal();
        }
    }

    @Override
    public Map<String, Integer> struck() {
        return count;
    }
}
