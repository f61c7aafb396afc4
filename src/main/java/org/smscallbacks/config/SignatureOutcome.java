package org.smscallbacks.config;

import java.util.Locale;

/** What comes of looking at the signature of a request. */
public enum SignatureOutcome {
    MISSING,
    BAD,
    /** It is right for another URL than the one this provider is said to call. */
    URL,
    /** It was right once: its time is too far from now. */
    STALE,
    GOOD;

    /** As metrics name it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
