package org.smscallbacks.operator;

import java.util.ArrayList;
import java.util.List;
import org.smscallbacks.operator.Replay.Move;

/**
 * Cuts the moves of a replay into portions. Within one the broker no longer asks whether the disk has room: what a portion writes
 * must be little beside the room that is kept free.
 */
final class Portions {

    private static final int MOST = 1_000;
    private static final long MOST_BYTES = 8L << 20;

    private Portions() {}

    /** All of them, in their order; a message that is too large is a portion of its own. */
    static List<List<Move>> of(List<Move> moves) {
        var portions = new ArrayList<List<Move>>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < moves.size(); i++) {
            long more = moves.get(i).bytes();
            if (i > from && (i - from == MOST || bytes + more > MOST_BYTES)) {
                portions.add(moves.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += more;
        }
        if (from < moves.size()) {
            portions.add(moves.subList(from, moves.size()));
        }
        return portions;
    }
}
