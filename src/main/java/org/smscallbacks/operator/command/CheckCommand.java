package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import org.smscallbacks.gateway.Gateway;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** <code>sms check</code>. */
@Command(
        name = "check",
        description = {
            "Whether a start would be refused, and what it would warn of.",
            "Looks at the configuration, the broker's files, routes, mappings and tables as they are on the disk. Needs no broker and opens",
            "no port; a gateway may run meanwhile."
        },
        footer = {"  sms check", "  sms check --config /etc/sms/config --json"})
final class CheckCommand implements Callable<Integer> {

    @ParentCommand
    private SmsCommand sms;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Gateway.check(sms::settings);
        var out = spec.commandLine().getOut();
        out.println(
                sms.isJson()
                        ? JsonNodeFactory.instance.objectNode().put("ok", true)
                        : "The gateway would start with this configuration.");
        return Exit.DONE;
    }
}
