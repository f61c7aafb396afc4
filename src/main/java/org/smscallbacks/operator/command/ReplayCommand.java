package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.JMSException;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.smscallbacks.operator.Replay;
import org.smscallbacks.trail.Step;

/** What <code>replay</code> does alike with the events of any queue. */
final class ReplayCommand {

    private final SmsCommand sms;
    private final QueueCommands work;
    private final Replay replay;
    private final PrintWriter out;
    private final PrintWriter err;

    ReplayCommand(SmsCommand sms, QueueCommands work, Replay replay, PrintWriter out, PrintWriter err) {
        this.sms = sms;
        this.work = work;
        this.replay = replay;
        this.out = out;
        this.err = err;
    }

    /** What happens to events once they are replayed. */
    interface Afterwards {
        int follow(Result result) throws Exception;
    }

    /** How far a replay came. */
    record Result(Replay.Plan plan, int leftAside, int replayed, boolean stopped) {

        boolean isComplete() {
            return !stopped || replayed >= plan.moves().size();
        }
    }

    int dryRun(FilterOptions options) throws JMSException {
        var plan = replay.plan(options.filter(), options.limit());
        int left = replay.leftAside();
        if (plan.size() == 0 && left == 0) {
            return work.nothingMatches();
        }
        var result = new Result(plan, left, 0, false);
        if (sms.isJson()) {
            out.println(json(result).put("dryRun", true));
        } else {
            out.println("would replay " + QueueCommands.events(plan.moves().size()) + " of " + work.queue()
                    + destinations(plan) + "; nothing was changed");
            sayStaying(plan);
            if (left > 0) {
                out.println("and first " + left + " that an interrupted replay has left aside");
            }
        }
        return Exit.DONE;
    }

    int run(FilterOptions options, Afterwards afterwards) throws Exception {
        var done = new AtomicInteger();
        var plan = replay.plan(options.filter(), options.limit());
        int total = plan.moves().size() + replay.leftAside();
        if (total + plan.staying().size() == 0) {
            return work.nothingMatches();
        }
        var progress = new Progress(err, QueueCommands.isTerminal(), total, "replayed");
        try {
            int left = replay.finishInterrupted(sent -> progress.at(counted(done, sent)));
            int replayed = replay.run(plan, sent -> progress.at(counted(done, left + sent)), sms::isStopped);
            progress.end();
            work.note(
                    Step.REPLAYED,
                    plan.moves().stream().limit(replayed).map(Replay.Move::id).toList());
            var result = new Result(plan, left, replayed, sms.isStopped());
            if (!result.isComplete()) {
                say(result);
                return sms.fail(err, Exit.PARTLY, "interrupted: repeat the command for the rest");
            }
            int aside = replay.leftAside();
            if (aside > 0) {
                say(result);
                return sms.fail(err, Exit.PARTLY, aside + " are left aside: repeat the command for them");
            }
            int code = total == 0 ? say(result) : afterwards.follow(result);
            return code == Exit.DONE && !plan.staying().isEmpty() ? someStay(result) : code;
        } catch (JMSException e) {
            if (done.get() == 0) {
                throw e;
            }
            return sms.fail(
                    err,
                    Exit.PARTLY,
                    done + " of " + total + " were replayed, then the broker failed: " + SmsCommand.firstLine(e)
                            + "; repeat the command for the rest");
        }
    }

    private static int counted(AtomicInteger done, int sent) {
        done.set(sent);
        return sent;
    }

    private int someStay(Result result) {
        int staying = result.plan().staying().size();
        if (!sms.isJson()) {
            sayStaying(result.plan());
        }
        return sms.fail(
                err,
                result.replayed() == 0 ? Exit.NOT_FOUND : Exit.PARTLY,
                QueueCommands.events(staying) + " cannot be replayed and " + (staying == 1 ? "stays" : "stay") + " in "
                        + work.queue());
    }

    private void sayStaying(Replay.Plan plan) {
        plan.staying().forEach(one -> out.println(one.id() + " stays: " + one.why()));
    }

    int say(Result result) {
        if (sms.isJson()) {
            out.println(json(result));
        } else {
            out.println(sentence(result));
        }
        return Exit.DONE;
    }

    String sentence(Result result) {
        int planned = result.plan().moves().size();
        return QueueCommands.events(result.replayed(), planned) + " of " + work.queue() + " replayed"
                + destinations(result.plan())
                + (result.leftAside() == 0
                        ? ""
                        : ", after " + result.leftAside() + " that an interrupted replay had left aside");
    }

    ObjectNode json(Result result) {
        var document = JsonNodeFactory.instance.objectNode();
        document.put("queue", work.queue())
                .put("matched", result.plan().moves().size())
                .put("replayed", result.replayed())
                .put("leftAside", result.leftAside());
        var destinations = document.putObject("to");
        result.plan().destinations().forEach(destinations::put);
        if (!result.plan().staying().isEmpty()) {
            var staying = document.putArray("staying");
            result.plan()
                    .staying()
                    .forEach(one -> staying.addObject().put("id", one.id()).put("why", one.why()));
        }
        return document;
    }

    private static String destinations(Replay.Plan plan) {
        return plan.destinations().entrySet().stream()
                .map(entry -> plan.destinations().size() == 1
                        ? " to " + entry.getKey()
                        : entry.getValue() + " to " + entry.getKey())
                .collect(Collectors.joining(", ", plan.destinations().size() > 1 ? ": " : "", ""));
    }
}
