package org.smscallbacks.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The machine is gone and what is left is what had been written at one moment, torn at its end: a copy of the data under load, with a part
 * of the journal that was written last made zeros, started as another gateway. What was acknowledged before the copy began must be there. So
 * that the torn part holds nothing of that, the copy begins a while after it was noted.
 */
final class TornCopy implements Fault {

    /** The head of a file of the journal: version, version of the user, id of the file. */
    private static final int HEAD = 16;

    private static final int LARGEST_TEAR = 2_048;
    private static final int EVENTS_IN_BETWEEN = 400;
    private static final long LONGEST_READING_MILLIS = 100_000;
    private static final long LONGEST_NANOS = 30_000_000_000L;

    private final Ledger ledger;
    private int count;
    private Home copied;
    private Set<String> before = Set.of();

    TornCopy(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        Thread.sleep(2_000 + random.nextInt(3_000));
        copied = home.beside("-copy");
        before = new HashSet<>(ledger.acknowledged());
        long until = System.nanoTime() + LONGEST_NANOS;
        while (ledger.acknowledged().size() < before.size() + EVENTS_IN_BETWEEN && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        Home.copy(home.data(), copied.data());
        tear(copied.data().resolve("journal"), random.nextInt(LARGEST_TEAR));
        copied.start();
        count++;
    }

    private static void tear(Path journal, int bytes) throws IOException {
        var file = newest(journal);
        int end = end(Files.readAllBytes(file));
        int torn = Math.max(HEAD, end - bytes);
        try (var tearing = new RandomAccessFile(file.toFile(), "rw")) {
            tearing.seek(torn);
            tearing.write(new byte[end - torn]);
        }
    }

    /** The one begun last that has a record. */
    private static Path newest(Path journal) throws IOException {
        Path newest = null;
        long newestId = -1;
        try (var files = Files.newDirectoryStream(journal, "*.amq")) {
            for (var file : files) {
                var bytes = Files.readAllBytes(file);
                long id = bytes.length < HEAD ? -1 : ByteBuffer.wrap(bytes).getLong(HEAD - Long.BYTES);
                if (id > newestId && end(bytes) > HEAD) {
                    newestId = id;
                    newest = file;
                }
            }
        }
        if (newest == null) {
            throw new IOException("there is no journal in " + journal);
        }
        return newest;
    }

    /** Behind the last byte that is not zero. */
    private static int end(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    @Override
    public Set<String> astray(Home home, Ledger ledger) throws Exception {
        var found = Reader.drainUntil(
                        copied, before.size() % 2 == 0, LONGEST_READING_MILLIS, ids -> hasAll(ids, ledger))
                .keySet();
        var missing = new HashSet<>(before);
        missing.removeAll(found);
        missing.removeAll(ledger.taken().keySet());
        return missing;
    }

    private boolean hasAll(Set<String> ids, Ledger ledger) {
        return before.stream().allMatch(id -> ids.contains(id) || ledger.taken().containsKey(id));
    }

    @Override
    public Map<String, Integer> struck() {
        return Map.of("copies", count);
    }

    @Override
    public void clean() throws Exception {
        if (copied != null) {
            copied.kill();
            Home.delete(copied.folder());
        }
    }
}
