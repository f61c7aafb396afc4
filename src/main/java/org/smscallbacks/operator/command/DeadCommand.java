package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.TreeMap;
import java.util.function.Function;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.event.QueueNames;
import org.smscallbacks.operator.BrokerAccess;
import org.smscallbacks.operator.DeadLetterReplay;
import org.smscallbacks.operator.EventFilter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
    static final class DeadOptions extends FilterOptions {

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

        @Override
        EventFilter filter() {
            return filter(status, answer, null);
        }
    }

    @Command(
            description = "One line an event of a target; without its name, how many there are of each.",
            footer = {
                "  sms dead list",
                "  sms dead list crm --since 2h --answer 503",
                "  sms dead list crm --reason exhausted --limit 20",
                "  sms dead list crm --json | jq -r .id"
            })
    int list(
            @Parameters(arity = "0..1", paramLabel = "<target>", description = "The target's name") String target,
            @Mixin DeadOptions options,
            @Option(names = "--reveal", description = "Show phone numbers in full") boolean reveal)
            throws Exception {
        if (target == null) {
            return listTargets(options);
        }
        return in(dead(target), (queue, access, connections) -> queue.list(options, reveal));
    }

    private int listTargets(DeadOptions options) throws Exception {
        if (!options.filter().isEmpty() || options.isLimited()) {
            throw new ParameterException(
                    spec.commandLine().getSubcommands().get("list"),
                    "say whose dead letters: sms dead list crm; without a filter it says which targets have any");
        }
        return sms.withBroker((access, connections) -> {
            var counts = new TreeMap<>(new QueueControl(connections).counts());
            counts.entrySet().removeIf(queue -> !queue.getKey().startsWith(QueueNames.DEAD) || queue.getValue() == 0);
            var line = spec.commandLine();
            if (counts.isEmpty()) {
                return sms.fail(line.getErr(), Exit.NOT_FOUND, "no target has dead letters");
            }
            counts.forEach((queue, count) -> print(queue.substring(QueueNames.DEAD.length()), count));
            return Exit.DONE;
        });
    }

    private void print(String target, long count) {
        var out = spec.commandLine().getOut();
        out.println(
                sms.isJson()
                        ? JsonNodeFactory.instance
                                .objectNode()
                                .put("target", target)
                                .put("messages", count)
                        : target + ": " + count + (count == 1 ? " dead letter" : " dead letters")
                                + "; see them with sms dead list " + target);
    }

    @Command(
            description = "One event in full.",
            footer = {"  sms dead show crm 4f6f0d6d0a9c4f7fa0f3f5a8e1c2b3d4 --reveal"})
    int show(
            @Parameters(paramLabel = "<target>", description = "The target's name") String target,
            @Parameters(paramLabel = "<event id>", description = "The event's id, from list") String id,
            @Option(names = "--reveal", description = "Show phone numbers in full") boolean reveal)
            throws Exception {
        return in(dead(target), (queue, access, connections) -> queue.show(id, reveal));
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
            @Mixin DeadOptions options,
            @Option(names = "--all", description = "Everything, where no filter is given") boolean all,
            @Option(names = "--dry-run", description = "Only say what would happen") boolean dryRun)
            throws Exception {
        refuseEverything("replay", all || dryRun, options);
        return in(dead(target), (queue, access, connections) -> {
            var replaying = queue.replaying(DeadLetterReplay.ofDead(connections, target));
            return dryRun ? replaying.dryRun(options) : replaying.run(options, replaying::say);
        });
    }

    @Command(
            description = {
                "Writes events to a new file, one JSON object a line, and leaves them where they are.",
                "They are written whole: with their phone numbers and texts."
            },
            footer = {"  sms dead export crm dead-2026-03-29.jsonl --since 1d", "  sms dead export crm - | jq -r .body"
            })
    int export(
            @Parameters(paramLabel = "<target>", description = "The target's name") String target,
            @Parameters(paramLabel = "<file>", description = "A file that does not exist; - for the terminal")
                    String file,
            @Mixin DeadOptions options)
            throws Exception {
        return export(dead(target), options, file);
    }

    @Command(
            description = "Removes events for good.",
            footer = {
                "  sms dead discard crm --until 30d --dry-run",
                "  sms dead discard crm --until 30d --export dead-2026-03-29.jsonl",
                "  sms dead discard crm --all"
            })
    int discard(
            @Parameters(paramLabel = "<target>", description = "The target's name") String target,
            @Mixin DeadOptions options,
            @Mixin DiscardOptions how)
            throws Exception {
        return discard(dead(target), options, how);
    }

    private static Function<BrokerAccess, String> dead(String target) {
        return access -> QueueNames.dead(target);
    }
}
