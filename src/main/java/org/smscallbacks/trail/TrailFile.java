package org.smscallbacks.trail;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.TrailSettings;

/** The file of the day, of the one gateway that writes in the folder. Used by one thread. */
public final class TrailFile {

    private static final Logger LOG = LoggerFactory.getLogger(TrailFile.class);

    /** So much must be left above what the store keeps free. */
    private static final long ROOM = 64L << 20;

    private static final String OPERATOR = "-operator";
    private static final int BUFFER = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            // else each line is a call of the operating system
            .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);

    private final TrailFolder folder;
    private final int days;
    private final LongSupplier roomLeft;
    private FileChannel lock;
    private TrailFolder.Hash hash;
    private LocalDate day;
    private OutputStream out;
    private SequenceWriter lineWriter;

    private TrailFile(TrailFolder folder, int days, LongSupplier roomLeft) {
        this.folder = folder;
        this.days = days;
        this.roomLeft = roomLeft;
    }

    /**
     * Takes the folder for this gateway; where that cannot be written to, with the first line.
     *
     * @param roomLeft how many bytes may be written there until the store's reserve is reached
     * @throws ConfigurationException when another gateway has it
     */
    public static TrailFile open(TrailSettings settings, LongSupplier roomLeft) {
        var file = new TrailFile(new TrailFolder(settings.folder()), settings.days(), roomLeft);
        try {
            file.lock();
        } catch (OverlappingFileLockException e) {
            file.close();
            throw new ConfigurationException("the trail in " + settings.folder().toAbsolutePath()
                    + " is written by another gateway: give this one a folder of its own with sms.trail.folder");
        } catch (IOException e) {
            LOG.debug("the first line will say so", e);
        }
        return file;
    }

    private void lock() throws IOException {
        if (lock != null) {
            return;
        }
        Files.createDirectories(folder.path());
        var channel = FileChannel.open(
                folder.path().resolve(TrailFolder.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
            lock = channel;
        } finally {
            if (lock == null) {
                close(channel);
            }
        }
    }

    /** Notes these steps of an operator, who works beside the gateway. */
    public static void append(TrailSettings settings, List<TrailLine> lines) throws IOException {
        if (!settings.isOn() || lines.isEmpty()) {
            return;
        }
        Files.createDirectories(settings.folder());
        var file = new TrailFolder(settings.folder()).file(LocalDate.now(ZoneOffset.UTC), OPERATOR);
        try (var out = new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), BUFFER)) {
            for (var line : lines) {
                JSON.writeValue(out, line);
                out.write('\n');
            }
        }
    }

    String folder() {
        return folder.path().toString();
    }

    /** Appends these lines; when this returns the operating system has them. */
    void write(List<TrailLine> lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        if (roomLeft.getAsLong() < ROOM) {
            throw new IOException("the disk has less than " + (ROOM >> 20) + " MiB above the broker's reserve");
        }
        try {
            openFileOfToday();
            for (var line : lines) {
                line.hide(hash);
                lineWriter.write(line);
            }
            lineWriter.flush();
        } catch (IOException e) {
            closeFile();
            throw e;
        }
    }

    private void openFileOfToday() throws IOException {
        var today = LocalDate.now(ZoneOffset.UTC);
        if (out != null && today.equals(day)) {
            return;
        }
        closeFile();
        lock();
        folder.createKey();
        hash = folder.hash();
        folder.forget(today.minusDays(days - 1L));
        out = new BufferedOutputStream(
                Files.newOutputStream(folder.file(today, ""), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                BUFFER);
        // what a crash has cut short is a line of its own
        out.write('\n');
        lineWriter =
                JSON.writerFor(TrailLine.class).withRootValueSeparator("\n").writeValues(out);
        day = today;
    }

    private void closeFile() {
        close(out);
        out = null;
    }

    void close() {
        closeFile();
        close(lock);
    }

    private static void close(AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            LOG.debug("cannot be closed", e);
        }
    }
}
