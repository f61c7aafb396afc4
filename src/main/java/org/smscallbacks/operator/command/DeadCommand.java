package org.smscallbacks.operator.command;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import org.smscallbacks.event.QueueNames;
import org.smscallbacks.operator.DeadLetterReplay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>sms dead</code>. */
@Command(
        name = "dead",
        description =
                "What a target refused for good, or was not there for until the schedule of its retries was over.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "  sms dead list crm --since 3d",
            "  sms dead show crm 4f6f0d6d0a9c4f7fa0f3f5a8e1c2b3d4",
            "  sms dead replay crm --answer 503 --dry-run"
        })
final class DeadCommand extends EventsCommand {

    /** The options only a dead event can match. */
    static final class DeadOptions {

        @Option(
                names = "--status",
                paramLabel = "<status>",
                description = "With this SMS status: delivered, expired, …")
        private String status;

        @Option(
                names = "--answer",
                paramLabel = "<status>",
                description = "To which the target answered this HTTP status at last: 503, 422; or one of unreachable,"
                        + " timeout, tls, broken")
        private String answer;
    }

    @Command(
            description = "One line an event.",
            footer = {
                "  sms dead list crm --since 2h --answer 503",
                "  sms dead list crm --reason exhausted --limit 20",
                "  sms dead list crm --json | jq -r .id"
            })
    int list(
            @Parameters(paramLabel = "<target>", description = "The target's name") String target,
            @Mixin FilterOptions options,
            @Mixin DeadOptions dead,
            @Option(names = "--reveal", description = "Show phone numbers in full") boolean reveal)
            throws Exception {
        return sms.withBroker((access, connections) ->
                work(connections, target).list(options.filter(dead.status, dead.answer), options.limit(), reveal));
    }

    @Command(
            description = "One event in full.",
            footer = {"  sms dead show crm 4f6f0d6d0a9c4f7fa0f3f5a8e1c2b3d4 --reveal"})
    int show(
            @Parameters(paramLabel = "<target>", description = "The target's name") String target,
            @Parameters(paramLabel = "<event id>", description = "The event's id, from list") String id,
            @Option(names = "--reveal", description = "Show phone numbers in full") boolean reveal)
            throws Exception {
        return sms.withBroker((access, connections) -> work(connections, target).show(id, reveal));
    }

    @Command(
            description = {
                "Sends events to the target again, with a fresh schedule of retries.",
                "Only those that are there now: what dies again stays dead. It can be interrupted and repeated."
            },
            footer = {
                "  sms dead replay crm --answer 503 --since 1d --dry-run",
                "  sms dead replay crm --id 4f6f0d6d0a9c4f7fa0f3f5a8e1c2b3d4",
                "  sms dead replay crm --all"
            })
    int replay(
            @Parameters(paramLabel = "<target>", description = "The target's name") String target,
            @Mixin FilterOptions options,
            @Mixin DeadOptions dead,
            @Option(names = "--all", description = "Everything, where no filter is given") boolean all,
            @Option(names = "--dry-run", description = "Only say what would happen") boolean dryRun)
            throws Exception {
        var filter = options.filter(dead.status, dead.answer);
        refuseToReplayAll(all || dryRun, filter, options);
        return sms.withBroker((access, connections) -> {
            var work = work(connections, target);
            var replay = DeadLetterReplay.ofDead(connections, target);
            return dryRun
                    ? work.dryRun(replay, filter, options.limit())
                    : work.replay(replay, filter, options.limit(), work::say);
        });
    }

    private QueueCommands work(ConnectionFactory connections, String target) throws JMSException {
        return commands(connections, QueueNames.dead(target));
    }
}
