package org.smscallbacks.operator.command;

import jakarta.jms.ConnectionFactory;
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

    /** A command that changes something must be told what: <code>isMeant</code> for everything. */
    void refuseEverything(String command, boolean isMeant, FilterOptions options) {
        if (!isMeant && options.filter().isEmpty() && !options.isLimited()) {
            throw new ParameterException(
                    spec.commandLine().getSubcommands().get(command),
                    "say --all to " + command + " everything, or choose with a filter");
        }
    }
}
