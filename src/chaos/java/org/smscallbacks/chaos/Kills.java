package org.smscallbacks.chaos;

import java.util.Map;
import java.util.Random;

/** <code>kill -9</code> at any moment: under load, in the middle of a start, while an operator replays, right after an edit. */
final class Kills implements Fault {

    private static final int LONGEST_LIFE_MILLIS = 3_000;
    private static final String MAPPING = "routes/bulkgate/delivery-report.jslt";

    /** What its strikes are called. */
    static final String NAME = "kills";

    private final int times;
    private int count;

    /** @param times it kills under load; some starts are killed beside */
    Kills(int times) {
        this.times = times;
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        for (int i = 0; i < times; i++) {
            switch (random.nextInt(4)) {
                case 0 -> home.edit(MAPPING, text -> text + "// edited\n");
                case 1 -> replay(home);
                default -> {}
            }
            Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
            home.kill();
            count++;
            if (random.nextInt(3) == 0) {
                // once more, before it is ready
                home.launch();
                Thread.sleep(500 + random.nextInt(LONGEST_LIFE_MILLIS));
                home.kill();
                count++;
            }
            home.start();
        }
    }

    /** In the middle of which the gateway is killed. */
    private static void replay(Home home) {
        var operator = new Thread(() -> {
            try {
                home.command("unrecognised", "replay", "--all");
            } catch (Exception e) {
                // its broker is gone
            }
        });
        operator.setDaemon(true);
        operator.start();
    }

    @Override
    public Map<String, Integer> struck() {
        return Map.of(NAME, count);
    }

    /** Something is always under way. */
    @Override
    public int pauseMillis() {
        return 6;
    }
}
