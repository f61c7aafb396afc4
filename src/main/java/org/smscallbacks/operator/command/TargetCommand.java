package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.smscallbacks.operator.TargetQueues;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** <code>sms target</code>. */
@Command(
        name = "target",
        description = "Pauses and resumes a target.",
        footer = {"  sms target pause crm", "  sms target resume crm"})
final class TargetCommand {

    @ParentCommand
    private SmsCommand sms;

    @Spec
    private CommandSpec spec;

    @Command(
            description = "Delivers nothing to a target until it is resumed, also after a restart; its events wait.",
            footer = "  sms target pause crm")
    int pause(@Parameters(paramLabel = "<target>", description = "The target's name") String target) throws Exception {
        return sms.withBroker((access, connections) -> said(target, true, new TargetQueues(connections).pause(target)));
    }

    @Command(description = "Delivers to a target again.", footer = "  sms target resume crm")
    int resume(@Parameters(paramLabel = "<target>", description = "The target's name") String target) throws Exception {
        return sms.withBroker(
                (access, connections) -> said(target, false, new TargetQueues(connections).resume(target)));
    }

    private int said(String target, boolean paused, List<String> queues) {
        var out = spec.commandLine().getOut();
        if (sms.isJson()) {
            var answer = JsonNodeFactory.instance.objectNode();
            answer.put("target", target).put("paused", paused);
            queues.forEach(answer.putArray("queues")::add);
            out.println(answer);
        } else {
            out.println(target + (paused ? " is paused: " : " is delivered to again: ") + String.join(", ", queues));
        }
        return Exit.DONE;
    }
}
