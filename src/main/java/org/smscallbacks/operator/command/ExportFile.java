package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.smscallbacks.event.Times;
import org.smscallbacks.operator.StoredEvent;

/**
 * What events are exported to, whole and with their phone numbers, one JSON object a line: a new file that only its owner can read, or
 * the terminal. A file that is not finished is removed again.
 */
final class ExportFile implements AutoCloseable {

    static final String TERMINAL = "-";
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final FileChannel channel;
    private final PrintWriter out;
    private final StringBuilder pending = new StringBuilder();
    private boolean finished;

    /**
     * Creates the file.
     *
     * @param name its name, or <code>-</code> for the terminal
     * @throws java.nio.file.FileAlreadyExistsException when there is one of that name
     */
    ExportFile(String name, PrintWriter out) throws IOException {
        this.out = out;
        this.path = name.equals(TERMINAL)
                ? null
                : Path.of(System.getProperty("caller.folder", "")).resolve(name);
        this.channel = path == null
                ? null
                : FileChannel.open(
                        path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), forItsOwner(path));
    }

    private static FileAttribute<?>[] forItsOwner(Path path) throws IOException {
        var folder = path.toAbsolutePath().getParent();
        return Files.isDirectory(folder) && Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    boolean isTerminal() {
        return path == null;
    }

    @Override
    public String toString() {
        return String.valueOf(path);
    }

    /** Writes one event; false where nobody reads what is written any more. */
    boolean write(String queue, StoredEvent stored) {
        var line = line(queue, stored).toString();
        if (path == null) {
            out.println(line);
            return !out.checkError();
        }
        pending.append(line).append('\n');
        if (pending.length() >= BUFFER) {
            flush();
        }
        return true;
    }

    private void flush() {
        try {
            var bytes = ByteBuffer.wrap(pending.toString().getBytes(StandardCharsets.UTF_8));
            pending.setLength(0);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** All of it is on the disk when this returns. */
    void finish() {
        if (path != null) {
            flush();
            try {
                channel.force(true);
            } catch (IOException e) {
                throw failed(e);
            }
        }
        finished = true;
    }

    private UncheckedIOException failed(IOException failure) {
        return new UncheckedIOException(new IOException(
                "cannot write " + path + ": " + failure.getMessage() + "; nothing was changed", failure));
    }

    @Override
    public void close() throws IOException {
        if (path != null) {
            channel.close();
            if (!finished) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** The body is a text of its own, so that not a character of it is lost; times among the properties are as they are stored. */
    private static ObjectNode line(String queue, StoredEvent stored) {
        var line = JsonNodeFactory.instance.objectNode();
        line.put("queue", queue).put("id", stored.id()).put("reason", stored.reason());
        if (stored.cameFrom() != null) {
            line.put("cameFrom", stored.cameFrom());
        }
        line.put("time", Times.format(stored.time()))
                .put("storedAt", Times.format(stored.storedAt()))
                .put("priority", stored.priority());
        var properties = line.putObject("properties");
        stored.properties().forEach(properties::putPOJO);
        if (stored.text() != null) {
            line.put("body", stored.text());
        } else {
            line.put("bodyBase64", stored.bytes());
        }
        return line;
    }
}
