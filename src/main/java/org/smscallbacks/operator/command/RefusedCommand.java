package org.smscallbacks.operator.command;

import org.smscallbacks.operator.BrokerAccess;
import org.smscallbacks.operator.EventFilter;
import org.smscallbacks.operator.RefusedReplay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>sms refused</code>. */
@Command(
        name = "refused",
        description = "What a consumer of a queue has rejected for good, as AMQP can.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "  sms refused list --from sms.inbound",
            "  sms refused show 4f6f0d6d0a9c4f7fa0f3f5a8e1c2b3d4",
            "  sms refused replay --from sms.inbound --dry-run"
        })
final class RefusedCommand extends EventsCommand {

    /** The options only a rejected event can match. */
    static final class RefusedOptions extends FilterOptions {

        @Option(names = "--from", paramLabel = "<queue>", description = "Rejected from this queue: sms.inbound, …")
        private String from;

        @Option(
                names = "--status",
                paramLabel = "<status>",
                description = "With this SMS status: delivered, expired, …")
        private String status;

        @Override
        EventFilter filter() {
            return filter(status, null, from);
        }
    }

    @Command(
            description = "One line an event, with the queue it was rejected from. What is no event is listed too.",
            footer = {
                "  sms refused list --from sms.delivery.final --since 1d",
                "  sms refused list --json | jq -r .cameFrom | sort | uniq -c"
            })
    int list(
            @Mixin RefusedOptions options,
            @Option(names = "--reveal", description = "Show phone numbers in full") boolean reveal)
            throws Exception {
        return in(BrokerAccess::refused, (queue, access, connections) -> queue.list(options, reveal));
    }

    @Command(
            description = "One event in full.",
            footer = {"  sms refused show 4f6f0d6d0a9c4f7fa0f3f5a8e1c2b3d4 --reveal"})
    int show(
            @Parameters(paramLabel = "<event id>", description = "The event's id, from list") String id,
            @Option(names = "--reveal", description = "Show phone numbers in full") boolean reveal)
            throws Exception {
        return in(BrokerAccess::refused, (queue, access, connections) -> queue.show(id, reveal));
    }

    @Command(
            description = {
                "Puts events back into the queue they were rejected from, as they are.",
                "Correct the consumer first, or it rejects them again. It can be interrupted and repeated."
            },
            footer = {
                "  sms refused replay --from sms.inbound --dry-run",
                "  sms refused replay --id 4f6f0d6d0a9c4f7fa0f3f5a8e1c2b3d4",
                "  sms refused replay --from sms.inbound.old --to sms.inbound"
            })
    int replay(
            @Mixin RefusedOptions options,
            @Option(
                            names = "--to",
                            paramLabel = "<queue>",
                            description = "Into this queue, which must exist, instead of the one each came from")
                    String to,
            @Option(names = "--all", description = "Everything, where no filter is given") boolean all,
            @Option(names = "--dry-run", description = "Only say what would happen") boolean dryRun)
            throws Exception {
        refuseEverything("replay", all || dryRun, options);
        return in(BrokerAccess::refused, (queue, access, connections) -> {
            var replaying = queue.replaying(new RefusedReplay(connections, access.refused(), to));
            return dryRun ? replaying.dryRun(options) : replaying.run(options, replaying::say);
        });
    }

    @Command(
            description = {
                "Writes events to a new file, one JSON object a line, and leaves them where they are.",
                "They are written whole: with their phone numbers and texts."
            },
            footer = {"  sms refused export refused-2026-03-29.jsonl --since 1d", "  sms refused export - | jq -r .body"
            })
    int export(
            @Parameters(paramLabel = "<file>", description = "A file that does not exist; - for the terminal")
                    String file,
            @Mixin RefusedOptions options)
            throws Exception {
        return export(BrokerAccess::refused, options, file);
    }

    @Command(
            description = "Removes events for good.",
            footer = {
                "  sms refused discard --from sms.inbound --dry-run",
                "  sms refused discard --from sms.inbound --export refused-2026-03-29.jsonl",
                "  sms refused discard --all"
            })
    int discard(@Mixin RefusedOptions options, @Mixin DiscardOptions how) throws Exception {
        return discard(BrokerAccess::refused, options, how);
    }
}
