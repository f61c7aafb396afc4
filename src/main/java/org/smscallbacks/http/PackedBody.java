package org.smscallbacks.http;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/** A body that came packed with gzip. */
final class PackedBody {

    private static final int PIECE = 64 * 1024;

    private PackedBody() {}

    /**
     * Unpacks it piece by piece, so that a small one that holds much never takes more memory than there is.
     *
     * @param take gets each piece, and says whether it wants more
     * @throws IOException when it is not gzip, or damaged; some pieces may have been taken by then
     */
    static void unpack(byte[] packed, Predicate<Buffer> take) throws IOException {
        try (var unpacking = new GZIPInputStream(new ByteArrayInputStream(packed), PIECE)) {
            byte[] piece = unpacking.readNBytes(PIECE);
            while (piece.length > 0 && take.test(Buffer.buffer(piece))) {
                piece = unpacking.readNBytes(PIECE);
            }
        }
    }
}
