package org.smscallbacks.operator.command;

import jakarta.jms.JMSException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smscallbacks.operator.Discard;
import org.smscallbacks.operator.command.QueueCommands.Chosen;
import org.smscallbacks.trail.Step;

/** What <code>discard</code> does alike with the events of any queue. */
final class DiscardCommand {

    private final SmsCommand sms;
    private final QueueCommands work;
    private final Discard discard;
    private final PrintWriter out;
    private final PrintWriter err;

    DiscardCommand(SmsCommand sms, QueueCommands work, Discard discard, PrintWriter out, PrintWriter err) {
        this.sms = sms;
        this.work = work;
        this.discard = discard;
        this.out = out;
        this.err = err;
    }

    /** <code>file</code>: what they are written to before; null for nothing. */
    int run(FilterOptions options, boolean dryRun, ExportFile file) throws JMSException {
        var chosen = work.chosen(options, file);
        if (sms.isStopped()) {
            return sms.fail(err, Exit.PARTLY, "interrupted: nothing was discarded");
        }
        if (chosen.isEmpty()) {
            return work.nothingMatches();
        }
        if (dryRun) {
            out.println(
                    sms.isJson()
                            ? work.document()
                                    .put("matched", chosen.size())
                                    .put("discarded", 0)
                                    .put("dryRun", true)
                            : "would discard " + QueueCommands.events(chosen.size()) + " of " + work.queue()
                                    + "; nothing was changed");
            return Exit.DONE;
        }
        if (file != null) {
            file.finish();
        }
        return discard(chosen, file);
    }

    private int discard(List<Chosen> chosen, ExportFile file) throws JMSException {
        var keys = chosen.stream().map(Chosen::key).toList();
        var done = new AtomicInteger();
        var progress = new Progress(err, QueueCommands.isTerminal(), keys.size(), "discarded");
        try {
            discard.run(
                    keys,
                    removed -> {
                        done.set(removed);
                        progress.at(removed);
                    },
                    sms::isStopped);
            work.note(
                    Step.DISCARDED,
                    chosen.subList(0, done.get()).stream().map(Chosen::id).toList());
        } catch (JMSException e) {
            if (done.get() == 0) {
                throw e;
            }
            return sms.fail(
                    err,
                    Exit.PARTLY,
                    done + " of " + keys.size() + " were discarded, then the broker failed: " + SmsCommand.firstLine(e)
                            + "; repeat the command for the rest");
        }
        progress.end();
        if (sms.isJson()) {
            var document = work.document().put("matched", keys.size()).put("discarded", done.get());
            out.println(file == null ? document : document.put("file", file.toString()));
        } else {
            out.println(QueueCommands.events(done.get(), keys.size()) + " of " + work.queue() + " discarded"
                    + (file == null ? "" : ", after all were exported to " + file));
        }
        return sms.isStopped() && done.get() < keys.size()
                ? sms.fail(err, Exit.PARTLY, "interrupted: repeat the command for the rest")
                : Exit.DONE;
    }
}
