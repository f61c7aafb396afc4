package org.smscallbacks.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Random;

/**
 * A disk that is full while queues page, then has room again. All of the broker's data lie on a small disk that something else fills, or
 * its pages alone do, so that the journal can go on. The reserve is as low as it goes, so that writes fail and not only callbacks are
 * refused: it has struck when a gateway says that a write has failed. Whoever finds that it has ended starts it again. Needs root.
 */
final class FullDisk implements Fault {

    private static final int MEGABYTES_OF_ALL = 220;
    private static final int MEGABYTES_OF_PAGES = 96;
    private static final int FILLINGS_FOR_ONE = 4;
    private static final int FULL_MILLIS = 2_000;
    private static final long UNTIL_IT_PAGES_NANOS = 15_000_000_000L;

    private final int enough;
    private int count;
    private SmallDisk disk;

    /** @param enough gateways that have seen a write fail, unless too many have not */
    FullDisk(int enough) {
        this.enough = enough;
    }

    @Override
    public void prepare(Home home, Random random) throws Exception {
        disk = random.nextBoolean()
                ? SmallDisk.mount(home.data(), MEGABYTES_OF_ALL)
                : SmallDisk.mount(home.data().resolve("paging"), MEGABYTES_OF_PAGES);
        home.set("SMS_BROKER_DISK_RESERVE", "1MiB");
        // queues page from the first bytes on, and the reserve is all that refuses before a write does
        home.edit("config/broker.xml", text -> text.replaceAll("<max-size-bytes>[^<]*<", "<max-size-bytes>200K<")
                .replaceAll("<page-size-bytes>[^<]*<", "<page-size-bytes>100K<")
                .replaceAll("<max-disk-usage>[^<]*<", "<max-disk-usage>100<"));
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        for (int i = 0; i < FILLINGS_FOR_ONE * enough && count < enough; i++) {
            waitUntilItPages(home);
            Thread.sleep(random.nextInt(1_000));
            disk.fill();
            long until = System.nanoTime() + (FULL_MILLIS + random.nextInt(FULL_MILLIS)) * 1_000_000L;
            while (System.nanoTime() < until && home.isAlive()) {
                Thread.sleep(20);
            }
            if (random.nextBoolean()) {
                // as its supervisor would, who does not know that the disk is full
                home.launch();
                Thread.sleep(FULL_MILLIS);
            }
            disk.makeRoom();
            home.start();
            count = (int) home.logs().stream().filter(FullDisk::hasFailed).count();
        }
    }

    private static void waitUntilItPages(Home home) throws Exception {
        long until = System.nanoTime() + UNTIL_IT_PAGES_NANOS;
        while (pages(home) < 2 && System.nanoTime() < until) {
            Thread.sleep(50);
        }
    }

    private static long pages(Home home) {
        try (var files = Files.walk(home.data().resolve("paging"))) {
            return files.filter(file -> file.toString().endsWith(".page")).count();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    /** What Artemis says, or the gateway: the disk refused a write, or took a part of it. */
    private static boolean hasFailed(String log) {
        return log.contains("No space left on device") || log.contains("only a part was written");
    }

    @Override
    public Map<String, Integer> struck() {
        return Map.of("full disks", count);
    }
}
