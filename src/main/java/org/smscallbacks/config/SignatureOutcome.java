package org.smscallbacks.config;

import java.util.Locale;

/** What comes of looking at the signature of a request. */
public enum SignatureOutcome {
    GOOD,
    MISSING,
    BAD,
    /** It was right once: its time is too far from now. */
    STALE;

    /** As metrics name it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
