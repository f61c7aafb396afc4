package org.smscallbacks.http;

/** The account does not exist or the caller does not hold its credentials; which of the two is never told. */
public final class NotAuthorisedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotAuthorisedException() {
        super("unknown account or wrong credentials", null, false, false);
    }
}
