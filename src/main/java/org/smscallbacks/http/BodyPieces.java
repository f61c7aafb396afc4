package org.smscallbacks.http;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has arrived of one body, in pieces that are large enough to take little more memory than their bytes. Not for many threads. */
final class BodyPieces {

    private static final int LARGE = 64 * 1024;

    private Deque<Buffer> pieces = new ArrayDeque<>();
    private long length;

    void add(Buffer piece) {
        length += piece.length();
        var last = pieces.peekLast();
        if (last != null && last.length() + piece.length() <= LARGE) {
            last.appendBuffer(piece);
        } else {
            pieces.add(piece.length() < LARGE ? piece.copy() : piece);
        }
    }

    /** How many bytes there are. */
    long length() {
        return length;
    }

    /** All of them, from the first to the last; nothing is left here. */
    Deque<Buffer> takeAll() {
        var taken = pieces;
        pieces = new ArrayDeque<>();
        length = 0;
        return taken;
    }
}
