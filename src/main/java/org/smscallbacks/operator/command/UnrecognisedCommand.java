package org.smscallbacks.operator.command;

import java.time.Duration;
import org.smscallbacks.operator.BrokerAccess;
import org.smscallbacks.operator.DeadLetterReplay;
import org.smscallbacks.operator.ReplayOutcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>sms unrecognised</code>. */
@Command(
        name = "unrecognised",
        description = "Callbacks and items that were not recognised, with the reason.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "  sms unrecognised list --provider infobip",
            "  sms unrecognised show 4f6f0d6d0a9c4f7fa0f3f5a8e1c2b3d4",
            "  sms unrecognised replay --provider infobip --dry-run"
        })
final class UnrecognisedCommand extends EventsCommand {

    @Command(
            description = "One line an event.",
            footer = {
                "  sms unrecognised list --provider infobip --since 1d",
                "  sms unrecognised list --reason \"no JSON\" --json | jq -r .id"
            })
    int list(
            @Mixin FilterOptions options,
            @Option(names = "--reveal", description = "Show phone numbers in full") boolean reveal)
            throws Exception {
        return in(BrokerAccess::unrecognised, (queue, access, connections) -> queue.list(options, reveal));
    }

    @Command(
            description = "One event in full, with what the provider sent.",
            footer = {"  sms unrecognised show 4f6f0d6d0a9c4f7fa0f3f5a8e1c2b3d4 --reveal"})
    int show(
            @Parameters(paramLabel = "<event id>", description = "The event's id, from list") String id,
            @Option(names = "--reveal", description = "Show phone numbers in full") boolean reveal)
            throws Exception {
        return in(BrokerAccess::unrecognised, (queue, access, connections) -> queue.show(id, reveal));
    }

    @Command(
            description = {
                "Sends events through their provider's route again, after a mapping was corrected, say.",
                "Waits until a gateway has tried them and says how many it recognised; the others are back where they were."
            },
            footer = {
                "  sms unrecognised replay --provider infobip --dry-run",
                "  sms unrecognised replay --provider infobip --since 1d",
                "  sms unrecognised replay --all --wait 5m"
            })
    int replay(
            @Mixin FilterOptions options,
            @Option(names = "--all", description = "Everything, where no filter is given") boolean all,
            @Option(names = "--dry-run", description = "Only say what would happen") boolean dryRun,
            @Option(
                            names = "--wait",
                            paramLabel = "<time>",
                            defaultValue = "1m",
                            converter = FilterOptions.Span.class,
                            description = "How long to wait for the gateway: 30s, 5m; 0s for not at all; default 1m")
                    Duration wait)
            throws Exception {
        refuseEverything("replay", all || dryRun, options);
        return in(BrokerAccess::unrecognised, (queue, access, connections) -> {
            var replaying = queue.replaying(
                    DeadLetterReplay.ofUnrecognised(connections, access.unrecognised(), access.replay()));
            if (dryRun) {
                return replaying.dryRun(options);
            }
            var recognition = new ReplayOutcome(connections, access.unrecognised(), access.replay());
            return replaying.run(options, result -> follow(replaying, result, recognition, wait));
        });
    }

    @Command(
            description = {
                "Writes events to a new file, one JSON object a line, and leaves them where they are.",
                "They are written whole: with their phone numbers and texts."
            },
            footer = {
                "  sms unrecognised export unrecognised-2026-03-29.jsonl --since 1d",
                "  sms unrecognised export - | jq -r .body"
            })
    int export(
            @Parameters(paramLabel = "<file>", description = "A file that does not exist; - for the terminal")
                    String file,
            @Mixin FilterOptions options)
            throws Exception {
        return export(BrokerAccess::unrecognised, options, file);
    }

    @Command(
            description = "Removes events for good.",
            footer = {
                "  sms unrecognised discard --provider infobip --dry-run",
                "  sms unrecognised discard --provider infobip --export unrecognised-2026-03-29.jsonl",
                "  sms unrecognised discard --all"
            })
    int discard(@Mixin FilterOptions options, @Mixin DiscardOptions how) throws Exception {
        return discard(BrokerAccess::unrecognised, options, how);
    }

    private int follow(ReplayCommand replaying, ReplayCommand.Result result, ReplayOutcome recognition, Duration wait)
            throws Exception {
        var line = spec.commandLine();
        int replayed = result.replayed() + result.leftAside();
        boolean nobody = recognition.isNobodyThere();
        var progress = new Progress(line.getErr(), QueueCommands.isTerminal(), replayed, "tried");
        long waiting = recognition.await(
                nobody ? Duration.ZERO : wait, left -> progress.at(Math.max(0, replayed - left)), sms::isStopped);
        progress.end();
        long back = recognition.backAgain();
        long recognised = Math.max(0, replayed - back - waiting);
        if (sms.isJson()) {
            line.getOut()
                    .println(replaying
                            .json(result)
                            .put("recognised", recognised)
                            .put("back", back)
                            .put("waiting", waiting));
        } else {
            line.getOut().println(replaying.sentence(result));
            line.getOut()
                    .println(recognised + " recognised, " + back + " still not understood and back again"
                            + (waiting == 0 ? "" : ", " + waiting + " wait for a gateway"));
            if (nobody && waiting > 0) {
                line.getOut().println("no gateway takes them now: they wait there until one runs");
            }
        }
        if (waiting == 0 || nobody || wait.isZero()) {
            return Exit.DONE;
        }
        return sms.fail(
                line.getErr(),
                Exit.PARTLY,
                waiting + " still wait for the gateway: sms queues shows when it has tried them");
    }
}
