package org.smscallbacks.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the files an operator edits, and says so once nothing has changed any more for a moment: who copies a folder or saves
 * several files is not disturbed half-way. Looks at the files' sizes and times, which works on every file system.
 */
public final class FileWatcher extends Thread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileWatcher.class);

    private static final long LOOK_EVERY_MILLIS = 500;
    private static final int DEEPEST = 8;

    /** What is read again at any time; not what editors leave beside a file while it is open. */
    private static final Pattern READ_AGAIN =
            Pattern.compile("[^.].*\\.(yaml|jslt|csv)|(application|signatures)\\.properties");

    /** And what is read at the start only. */
    private static final Pattern READ_AT_ALL = Pattern.compile("[^.].*\\.(yaml|jslt|csv|properties|xml)");

    private final Pattern names;
    private final Supplier<List<Path>> places;
    private final Runnable onEdit;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Map<Path, String> used;

    /**
     * What is there now counts as read; what changes from here on is an edit.
     *
     * @param places the files and folders that are watched, asked for anew each time
     * @param onEdit called by this thread
     */
    FileWatcher(Supplier<List<Path>> places, Runnable onEdit) {
        this(READ_AGAIN, places, onEdit);
    }

    /** Of all files in a folder that a gateway reads when it starts: for one that could not start yet. */
    public static FileWatcher beforeTheStart(Path folder, Runnable onEdit) {
        return new FileWatcher(READ_AT_ALL, () -> List.of(folder), onEdit);
    }

    private FileWatcher(Pattern names, Supplier<List<Path>> places, Runnable onEdit) {
        super("file-watcher");
        setDaemon(true);
        this.names = names;
        this.places = places;
        this.onEdit = onEdit;
        this.used = look();
    }

    @Override
    public void run() {
        try {
            var seen = used;
            while (!closing.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                var now = look();
                if (!now.equals(used) && now.equals(seen)) {
                    used = now;
                    tell();
                }
                seen = now;
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }

    private void tell() {
        try {
            onEdit.run();
        } catch (RuntimeException | Error e) {
            // the next one may
            LOG.error("An edit could not be used", e);
        }
    }

    private Map<Path, String> look() {
        var found = new TreeMap<Path, String>();
        for (var place : places.get()) {
            try (var files = Files.find(place, DEEPEST, this::isWatched)) {
                for (var file : files.toList()) {
                    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    found.put(file, attributes.size() + " " + attributes.lastModifiedTime());
                }
            } catch (IOException | UncheckedIOException e) {
                // one that goes while it is looked at; the next look finds what is there
                LOG.debug("not all files could be looked at", e);
            }
        }
        return found;
    }

    private boolean isWatched(Path file, BasicFileAttributes attributes) {
        return attributes.isRegularFile()
                && names.matcher(file.getFileName().toString()).matches();
    }

    /** Returns when an edit that is on its way is done. */
    @Override
    public void close() throws InterruptedException {
        closing.countDown();
        join();
    }
}
