package org.smscallbacks.operator.command;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import org.smscallbacks.operator.EventFilter;
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

    QueueCommands commands(ConnectionFactory connections, String queue) throws JMSException {
        var line = spec.commandLine();
        return new QueueCommands(sms, connections, queue, line.getOut(), line.getErr());
    }

    void refuseToReplayAll(boolean isMeant, EventFilter filter, FilterOptions options) {
        if (!isMeant && filter.isEmpty() && !options.isLimited()) {
            throw new ParameterException(
                    spec.commandLine().getSubcommands().get("replay"),
                    "say --all to replay everything, or choose with a filter");
        }
    }
}
