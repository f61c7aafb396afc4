package org.smscallbacks.trail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file line by line, each byte as one character, and passes over a line that no trail can have written. */
final class LineReader implements AutoCloseable {

    private static final int LONGEST_LINE = 1 << 20;
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;

    LineReader(Path file) throws IOException {
        in = Files.newInputStream(file);
    }

    /** The next line; null at the end. What stands behind the last line break is being written, or was cut short: it counts as well. */
    String next() throws IOException {
        int searched = from;
        boolean isTooLong = false;
        while (true) {
            for (int at = searched; at < to; at++) {
                if (buffer[at] == '\n') {
                    int begun = from;
                    from = at + 1;
                    if (isTooLong) {
                        return "";
                    }
                    return new String(buffer, begun, at - begun, StandardCharsets.ISO_8859_1);
                }
            }
            if (to - from >= LONGEST_LINE) {
                isTooLong = true;
                from = to;
            }
            searched = to - from;
            if (!fill()) {
                var last = isTooLong ? "" : new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
                from = to;
                return last.isEmpty() ? null : last;
            }
            searched += from;
        }
    }

    private boolean fill() throws IOException {
        int held = to - from;
        var into = held + BUFFER > buffer.length ? new byte[held + BUFFER * 4] : buffer;
        System.arraycopy(buffer, from, into, 0, held);
        buffer = into;
        from = 0;
        int read = in.read(buffer, held, buffer.length - held);
        to = held + Math.max(read, 0);
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
