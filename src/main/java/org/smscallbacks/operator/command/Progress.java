package org.smscallbacks.operator.command;

import java.io.PrintWriter;

/** How far a replay is: a bar that grows on a terminal, else a line for every tenth. */
final class Progress {

    private static final int WIDTH = 40;

    private final PrintWriter err;
    private final boolean terminal;
    private final long total;
    private final String what;
    private long tenths;

    Progress(PrintWriter err, boolean terminal, long total, String what) {
        this.err = err;
        this.terminal = terminal;
        this.total = total;
        this.what = what;
    }

    void at(long done) {
        if (terminal) {
            int filled = (int) (WIDTH * Math.min(done, total) / Math.max(1, total));
            err.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + done + " of " + total + " "
                    + what);
            err.flush();
        } else if (total > 0 && done * 10 / total > tenths) {
            tenths = done * 10 / total;
            err.println(done + " of " + total + " " + what);
        }
    }

    /** Leaves the bar's line. */
    void end() {
        if (terminal) {
            err.println();
        }
    }
}
