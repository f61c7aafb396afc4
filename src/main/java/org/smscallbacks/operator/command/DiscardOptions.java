package org.smscallbacks.operator.command;

import picocli.CommandLine.Option;

/** The options of a command that removes events for good. */
final class DiscardOptions {

    @Option(names = "--all", description = "Everything, where no filter is given")
    private boolean all;

    @Option(names = "--dry-run", description = "Only say what would happen")
    private boolean dryRun;

    @Option(
            names = "--export",
            paramLabel = "<file>",
            description = "Write them to this new file first, as export does: whole, with phone numbers")
    private String export;

    boolean isAll() {
        return all;
    }

    boolean isDryRun() {
        return dryRun;
    }

    /** A file's name, or null. */
    String export() {
        return export;
    }
}
