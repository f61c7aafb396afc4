package org.smscallbacks.operator.command;

import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.util.function.Function;
import org.smscallbacks.operator.BrokerAccess;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command for the events of a queue that wait for an operator. */
abstract class EventsCommand {

    @ParentCommand
    SmsCommand sms;

    @Spec
    CommandSpec spec;

    /** What is done with the events of a queue. */
    interface Work {
        int with(QueueCommands queue, BrokerAccess access, ConnectionFactory connections) throws Exception;
    }

    int in(Function<BrokerAccess, String> queue, Work work) throws Exception {
        var line = spec.commandLine();
        return sms.withBroker((access, connections) -> work.with(
                new QueueCommands(sms, connections, queue.apply(access), line.getOut(), line.getErr()),
                access,
                connections));
    }

    int export(Function<BrokerAccess, String> queue, FilterOptions options, String name) throws Exception {
        try (var file = create("export", name)) {
            return in(queue, (work, access, connections) -> work.export(options, file));
        }
    }

    int discard(Function<BrokerAccess, String> queue, FilterOptions options, DiscardOptions how) throws Exception {
        refuseEverything("discard", how.isAll() || how.isDryRun(), options);
        if (how.isDryRun() || how.export() == null) {
            return in(queue, (work, access, connections) -> work.discarding().run(options, how.isDryRun(), null));
        }
        if (how.export().equals(ExportFile.TERMINAL)) {
            throw new ParameterException(
                    spec.commandLine().getSubcommands().get("discard"),
                    "--export needs a file: they are gone afterwards");
        }
        try (var file = create("discard", how.export())) {
            return in(queue, (work, access, connections) -> work.discarding().run(options, false, file));
        }
    }

    private ExportFile create(String command, String name) {
        var line = spec.commandLine().getSubcommands().get(command);
        try {
            return new ExportFile(name, spec.commandLine().getOut());
        } catch (FileAlreadyExistsException e) {
            throw new ParameterException(line, e.getMessage() + " exists already: choose another name");
        } catch (IOException | InvalidPathException e) {
            throw new ParameterException(
                    line, "cannot create the file " + name + ": is there such a folder to write to?");
        }
    }

    /** A command that changes something must be told what: <code>isMeant</code> for everything. */
    void refuseEverything(String command, boolean isMeant, FilterOptions options) {
        if (!isMeant && options.filter().isEmpty() && !options.isLimited()) {
            throw new ParameterException(
                    spec.commandLine().getSubcommands().get(command),
                    "say --all to " + command + " everything, or choose with a filter");
        }
    }
}
