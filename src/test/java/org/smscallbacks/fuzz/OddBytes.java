package org.smscallbacks.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes bytes here and there, the same ones for the same seed. */
final class OddBytes {

    private static final int MOST_CHANGES = 4;
    private static final int LONGEST_PIECE = 64;

    private static final List<byte[]> PIECES = List.of(
                    "null",
                    "{}",
                    "[]",
                    "{\"a\":[",
                    "]}",
                    "\"\"",
                    "-1e999",
                    "1e-400",
                    "99999999999999999999",
                    "0.10",
                    "\\ud83d",
                    "\\u0000",
                    "\\",
                    "\"",
                    ",",
                    "&",
                    "=",
                    "%00",
                    "%F0%9F",
                    "%EF%BF%BD",
                    "&#xD83D;",
                    "&#0;",
                    "<![CDATA[",
                    "<a b=\"",
                    "\uFEFF",
                    "\u202E",
                    "\uD83D\uDE00",
                    "\u0130",
                    "2026-02-30T25:61:61",
                    "2603290230;2603290230",
                    "+00000000000000000000000000000000",
                    "id:1 sub:001 dlvrd:001 submit date:2603011255 done date:9999999999 stat:DELIVRD err:000 text:")
            .stream()
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();

    private final Random random;
    private final List<byte[]> corpus;

    OddBytes(long seed, List<byte[]> corpus) {
        this.random = new Random(seed);
        this.corpus = corpus;
    }

    /** One of the corpus, changed. */
    byte[] next() {
        var bytes = any();
        for (int changes = 1 + random.nextInt(MOST_CHANGES); changes > 0; changes--) {
            bytes = changed(bytes);
        }
        return bytes;
    }

    private byte[] any() {
        return corpus.get(random.nextInt(corpus.size()));
    }

    private byte[] changed(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + 1 + random.nextInt(LONGEST_PIECE));
        return switch (random.nextInt(7)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(bytes, at, new byte[0], end);
            case 2 -> joined(bytes, at, PIECES.get(random.nextInt(PIECES.size())), at);
            case 3 -> joined(bytes, at, PIECES.get(random.nextInt(PIECES.size())), end);
            case 4 -> joined(bytes, at, Arrays.copyOfRange(bytes, at, end), at);
            case 5 -> joined(bytes, at, piece(any()), at);
            default -> joined(bytes, at, new byte[] {(byte) random.nextInt(256)}, Math.min(bytes.length, at + 1));
        };
    }

    private byte[] piece(byte[] other) {
        int begin = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, begin, Math.min(other.length, begin + random.nextInt(LONGEST_PIECE)));
    }

    private static byte[] joined(byte[] bytes, int before, byte[] between, int after) {
        var joined = new ByteArrayOutputStream();
        joined.write(bytes, 0, before);
        joined.writeBytes(between);
        joined.write(bytes, after, bytes.length - after);
        return joined.toByteArray();
    }
}
