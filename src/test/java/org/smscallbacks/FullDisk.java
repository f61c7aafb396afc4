package org.smscallbacks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Assumptions;

/** A small file system in memory, mounted for a test. Where this user may not mount one, the test is skipped and says so. */
record FullDisk(Path folder) implements AutoCloseable {

    /** Mounts one of this size, such as <code>64k</code> or <code>200m</code>. */
    static FullDisk mount(Path folder, String size) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString()) == 0,
                "not tested: this user may not mount a file system, and no disk can be made full without");
        return new FullDisk(folder);
    }

    /** Takes all the room there is, but for so many bytes. */
    void fill(long left) throws IOException {
        var store = Files.getFileStore(folder);
        try (var file = Files.newOutputStream(folder.resolve("something-else"))) {
            var block = new byte[4096];
            while (store.getUsableSpace() - block.length >= left) {
                file.write(block);
            }
        }
    }

    /** Gives back what was taken. */
    void makeRoom() throws IOException {
        Files.delete(folder.resolve("something-else"));
    }

    /**
     * Has a broker write the next page here: the one after the newest it has.
     *
     * @param data where the broker has its files
     */
    void takeNextPageOf(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            var newest = files.filter(file -> file.toString().endsWith(".page"))
                    .max(Comparator.comparing(file -> file.getFileName().toString()))
                    .orElseThrow();
            takePage(newest.resolveSibling("%09d.page"
                    .formatted(Integer.parseInt(newest.getFileName().toString().replace(".page", "")) + 1)));
        }
    }

    /** Has a broker write this page here. */
    void takePage(Path page) throws IOException {
        Files.createSymbolicLink(page, Files.createFile(folder.resolve("page")));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("umount", "-l", folder.toString());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
