package org.smscallbacks.simulate;

/**
 * What a callback is answered.
 *
 * @param status of HTTP; 0 where there was no answer
 * @param body of one
 */
record Answer(int status, String body) {

    static final String NO_ANSWER = "none";
    static final Answer NONE = new Answer(0, "");

    boolean isNone() {
        return status == 0;
    }

    /** The status, or that there was none. */
    String name() {
        return isNone() ? NO_ANSWER : String.valueOf(status);
    }
}
