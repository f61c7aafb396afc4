package org.smscallbacks.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A disk that is full while queues page, then has room again: the broker's data lie on a small tmpfs that something else fills. Needs
 * root. The reserve is set as low as it goes, so that the disk is really full, and not only nearly.
 */
final class FullDisk implements Fault {

    private static final int MEGABYTES = 220;
    private static final int FULL_MILLIS = 4_000;

    private int count;
    private boolean mounted;

    /** Whether this machine lets us mount a file system. */
    static boolean isPossible() throws Exception {
        var folder = Files.createTempDirectory("chaos");
        boolean mounts = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString()) == 0;
        if (mounts) {
            run("umount", folder.toString());
        }
        Files.delete(folder);
        return mounts;
    }

    @Override
    public void prepare(Home home, Random random) throws Exception {
        var data = Files.createDirectories(home.data().getParent());
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", data.toString()) == 0;
        if (!mounted) {
            throw new IllegalStateException("needs root, to mount a small file system");
        }
        home.set("SMS_BROKER_DISK_RESERVE", "1MiB");
        // queues page from the first megabytes on
        home.edit("config/broker.xml", text -> text.replaceAll("<max-size-bytes>[^<]*<", "<max-size-bytes>1M<")
                .replaceAll("<page-size-bytes>[^<]*<", "<page-size-bytes>200K<"));
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        var filler = home.data().resolveSibling("filler");
        Thread.sleep(random.nextInt(3_000));
        fill(filler);
        count++;
        long until = System.nanoTime() + (FULL_MILLIS + random.nextInt(FULL_MILLIS)) * 1_000_000L;
        while (System.nanoTime() < until) {
            Thread.sleep(100);
            if (!home.isAlive()) {
                // as its supervisor would; it cannot start on a full disk
                home.launch();
                Thread.sleep(1_000);
            }
        }
        Files.delete(filler);
        home.start();
    }

    private static void fill(Path filler) throws IOException {
        var block = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            // now it is full
        }
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void clean(Home home) throws Exception {
        if (mounted) {
            run("umount", home.data().getParent().toString());
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
