package org.smscallbacks.operator.command;

/** The exit codes, as <code>--help</code> lists them. */
final class Exit {

    static final int DONE = 0;
    static final int NOT_FOUND = 1;
    static final int WRONG_USAGE = 2;
    static final int BROKER = 3;
    static final int PARTLY = 4;

    private Exit() {}
}
