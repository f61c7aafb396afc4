package org.smscallbacks.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small file system in memory, which something else can fill. */
record SmallDisk(Path folder) {

    private static final String FILLER = "something-else";
    private static final int BLOCK = 64 << 10;
    private static final long LONGEST_SECONDS = 30;

    /** Mounts one of so many megabytes here; needs root. */
    static SmallDisk mount(Path folder, int megabytes) throws Exception {
        Files.createDirectories(folder);
        if (!run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString())) {
            throw new IllegalStateException("needs root, to mount a small file system");
        }
        return new SmallDisk(folder);
    }

    /** Whether this machine lets us mount one. */
    static boolean isPossible() throws Exception {
        var folder = Files.createTempDirectory("chaos");
        try {
            mount(folder, 1);
            return true;
        } catch (IllegalStateException | IOException e) {
            return false;
        } finally {
            unmountUnder(folder);
            Files.delete(folder);
        }
    }

    /** Whatever is mounted in this folder or is it, from this run or one that ended in the middle. */
    static void unmountUnder(Path folder) throws Exception {
        var mounts = Path.of("/proc/mounts");
        if (!Files.exists(mounts)) {
            return;
        }
        for (var line : Files.readAllLines(mounts)) {
            var mounted = Path.of(line.split(" ")[1].replace("\\040", " "));
            if (line.startsWith("tmpfs ") && mounted.startsWith(folder.toAbsolutePath())) {
                // at once, even if something still has a file open there
                run("umount", "-l", mounted.toString());
            }
        }
    }

    /** Takes all the room there is. */
    void fill() {
        try (OutputStream out = Files.newOutputStream(folder.resolve(FILLER))) {
            for (int size = BLOCK; size > 0; size = size == BLOCK ? 1 : 0) {
                fillBy(out, new byte[size]);
            }
        } catch (IOException e) {
            // not even room for the file
        }
    }

    private static void fillBy(OutputStream out, byte[] block) {
        try {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            // now it is full
        }
    }

    /** Gives back what was taken. */
    void makeRoom() throws IOException {
        Files.deleteIfExists(folder.resolve(FILLER));
    }

    private static boolean run(String... command) throws Exception {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
