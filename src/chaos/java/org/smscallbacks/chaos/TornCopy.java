package org.smscallbacks.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The machine is gone and what is left is what had been written at one moment, torn at its end: a copy of the data under load, with a part
 * cut off the journal file that was written last, started as another gateway. What was acknowledged before the copy began must be there, but
 * for what the torn part may hold, which is not.
 */
final class TornCopy implements Fault {

    private int count;
    private Home copied;
    private Set<String> before = Set.of();
    private final Ledger ledger;

    TornCopy(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        Thread.sleep(2_000 + random.nextInt(3_000));
        var folder = home.folder().resolveSibling(home.folder().getFileName() + "-copy");
        copied = Home.of(home.folder().resolveSibling("distribution"), folder);
        before = new HashSet<>(ledger.acknowledged());
        Home.copy(home.data(), copied.data());
        count++;
        tear(copied.data().resolve("journal"), random);
        copied.start();
    }

    /** Zeros from the end of what is written in the newest file: what the disk had not got to. */
    private static void tear(Path journal, Random random) throws IOException {
        Path newest;
        try (var files = Files.list(journal)) {
            newest = files.filter(file -> file.toString().endsWith(".amq"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .orElseThrow();
        }
        try (var file = new RandomAccessFile(newest.toFile(), "rw")) {
            var bytes = new byte[(int) file.length()];
            file.readFully(bytes);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] == 0) {
                end--;
            }
            int torn = Math.max(0, end - random.nextInt(64));
            file.seek(torn);
            file.write(new byte[end - torn]);
        }
    }

    @Override
    public String verdict(Home home, Ledger ledger) throws Exception {
        var found = Reader.drain(copied, count % 2 == 0, Reader.QUEUES).keySet();
        var missing = new HashSet<>(before);
        missing.removeAll(found);
        return missing.isEmpty() ? "" : missing.size() + " acknowledged events are not in the copy, such as " + List.copyOf(missing).get(0);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void clean(Home home) throws Exception {
        if (copied != null) {
            copied.kill();
            Home.delete(copied.folder());
        }
    }
}
