package org.smscallbacks.simulate;

import java.util.List;
import org.smscallbacks.gateway.TrialRequest;

/**
 * One of the callbacks that are to be sent.
 *
 * @param kind what is odd about it, if anything
 * @param request without credentials
 * @param messages the ids of those it tells of
 */
record PlannedCallback(Kind kind, TrialRequest request, List<String> messages) {

    /** What a receiver must be ready for. */
    enum Kind {
        /** Of messages that nothing was told of yet, or something earlier. */
        FRESH,
        /** Something earlier, told after the end. */
        LATE,
        /** The same as was sent a moment before. */
        AGAIN
    }
}
