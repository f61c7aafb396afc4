package org.smscallbacks.trail;

import java.util.Locale;

/** What can happen to an event, or to a callback that became none. */
public enum Step {
    /** It is on the broker's disk. */
    RECEIVED,
    /** It was there already. */
    DUPLICATE,
    /** It is on the broker's disk, and nobody could read it. */
    UNRECOGNISED,
    /** The provider was not answered 2xx, and is expected to call again. */
    REFUSED,
    /** A target did not take it; it is tried again. */
    ATTEMPTED,
    /** A target has it. */
    DELIVERED,
    /** A target is not called with it any more. */
    DEAD,
    /** An operator has sent it on its way again. */
    REPLAYED,
    /** An operator has removed it. */
    DISCARDED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** Its word in the trail. */
    public String text() {
        return text;
    }

    /** Null for none. */
    static Step named(String text) {
        for (var step : values()) {
            if (step.text.equals(text)) {
                return step;
            }
        }
        return null;
    }
}
