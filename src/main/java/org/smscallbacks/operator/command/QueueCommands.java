package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.QueueState;
import org.smscallbacks.operator.DeadLetterReplay;
import org.smscallbacks.operator.EventFilter;
import org.smscallbacks.operator.EventQueue;
import org.smscallbacks.operator.NotFoundException;
import org.smscallbacks.operator.StoredEvent;

/** What <code>sms dead</code> and <code>sms unrecognised</code> do alike with the events of a queue. */
final class QueueCommands {

    private final SmsCommand sms;
    private final ConnectionFactory connections;
    private final String queue;
    private final PrintWriter out;
    private final PrintWriter err;

    QueueCommands(SmsCommand sms, ConnectionFactory connections, String queue, PrintWriter out, PrintWriter err)
            throws JMSException {
        this.sms = sms;
        this.connections = connections;
        this.queue = queue;
        this.out = out;
        this.err = err;
        refuseUnknownQueue();
    }

    private void refuseUnknownQueue() throws JMSException {
        var control = new QueueControl(connections);
        if (!control.exists(queue)) {
            var kind = queue.substring(0, queue.lastIndexOf('.') + 1);
            var there = control.queues().stream()
                    .map(QueueState::name)
                    .filter(name -> name.startsWith(kind))
                    .collect(Collectors.joining(", "));
            throw new NotFoundException("there is no queue " + queue + ", so nothing ever came into it"
                    + (there.isEmpty() ? "" : "; there are " + there));
        }
    }

    int list(EventFilter filter, int limit, boolean reveal) throws JMSException {
        var printer = new EventPrinter(out, sms.isJson(), reveal);
        var printed = new AtomicInteger();
        new EventQueue(connections, queue).forEach(filter, event -> {
            printer.line(event);
            return printed.incrementAndGet() < limit && !sms.isStopped() && !out.checkError();
        });
        return printed.get() > 0 ? Exit.DONE : nothingMatches();
    }

    int show(String id, boolean reveal) throws JMSException {
        var found = new StoredEvent[1];
        new EventQueue(connections, queue).forEach(EventFilter.ofId(id), event -> {
            found[0] = event;
            return false;
        });
        if (found[0] == null) {
            throw new NotFoundException("no event " + id + " is in " + queue);
        }
        new EventPrinter(out, sms.isJson(), reveal).whole(queue, found[0]);
        return Exit.DONE;
    }

    private int nothingMatches() {
        return sms.fail(err, Exit.NOT_FOUND, "nothing in " + queue + " matches");
    }

    /** What happens to events once they are replayed. */
    interface Afterwards {
        int follow(Result result) throws Exception;
    }

    /** How far a replay came. */
    record Result(DeadLetterReplay.Plan plan, int leftAside, int replayed, boolean stopped) {

        boolean isComplete() {
            return !stopped || replayed >= plan.messageIds().size();
        }
    }

    int dryRun(DeadLetterReplay replay, EventFilter filter, int limit) throws JMSException {
        var plan = replay.plan(filter, limit);
        int left = replay.leftAside();
        if (plan.messageIds().isEmpty() && left == 0) {
            return nothingMatches();
        }
        var result = new Result(plan, left, 0, false);
        if (sms.isJson()) {
            out.println(json(result).put("dryRun", true));
        } else {
            out.println("would replay " + events("" + plan.messageIds().size()) + " of " + queue + destinations(plan)
                    + "; nothing was changed");
            if (left > 0) {
                out.println("and first " + left + " that an interrupted replay has left aside");
            }
        }
        return Exit.DONE;
    }

    int replay(DeadLetterReplay replay, EventFilter filter, int limit, Afterwards afterwards) throws Exception {
        var done = new AtomicInteger();
        var plan = replay.plan(filter, limit);
        int total = plan.messageIds().size() + replay.leftAside();
        if (total == 0) {
            return nothingMatches();
        }
        var progress = new Progress(err, isTerminal(), total, "replayed");
        try {
            int left = replay.finishInterrupted(sent -> progress.at(counted(done, sent)));
            int replayed = replay.run(plan, sent -> progress.at(counted(done, left + sent)), sms::isStopped);
            progress.end();
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
            return afterwards.follow(result);
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

    int say(Result result) {
        if (sms.isJson()) {
            out.println(json(result));
        } else {
            out.println(sentence(result));
        }
        return Exit.DONE;
    }

    String sentence(Result result) {
        int planned = result.plan().messageIds().size();
        var count = result.replayed() == planned ? "" + planned : result.replayed() + " of " + planned;
        return events(count) + " of " + queue + " replayed" + destinations(result.plan())
                + (result.leftAside() == 0
                        ? ""
                        : ", after " + result.leftAside() + " that an interrupted replay had left aside");
    }

    ObjectNode json(Result result) {
        var document = JsonNodeFactory.instance.objectNode();
        document.put("queue", queue)
                .put("matched", result.plan().messageIds().size())
                .put("replayed", result.replayed())
                .put("leftAside", result.leftAside());
        var destinations = document.putObject("to");
        result.plan().destinations().forEach(destinations::put);
        return document;
    }

    private static String events(String count) {
        return count + (count.equals("1") ? " event" : " events");
    }

    private static String destinations(DeadLetterReplay.Plan plan) {
        return plan.destinations().entrySet().stream()
                .map(entry -> plan.destinations().size() == 1
                        ? " to " + entry.getKey()
                        : entry.getValue() + " to " + entry.getKey())
                .collect(Collectors.joining(", ", plan.destinations().size() > 1 ? ": " : "", ""));
    }

    static boolean isTerminal() {
        return System.console() != null;
    }
}
