package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.smscallbacks.broker.MessageKey;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.QueueState;
import org.smscallbacks.operator.Discard;
import org.smscallbacks.operator.EventFilter;
import org.smscallbacks.operator.EventQueue;
import org.smscallbacks.operator.NotFoundException;
import org.smscallbacks.operator.Replay;
import org.smscallbacks.operator.StoredEvent;
import org.smscallbacks.trail.Step;
import org.smscallbacks.trail.TrailFile;
import org.smscallbacks.trail.TrailLine;

/** What the commands for dead, unrecognised and refused events do alike with the queue these are in. */
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

    String queue() {
        return queue;
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

    int list(FilterOptions options, boolean reveal) throws JMSException {
        var printer = new EventPrinter(out, sms.isJson(), reveal);
        var printed = new AtomicInteger();
        new EventQueue(connections, queue).forEach(options.filter(), event -> {
            printer.line(event);
            return printed.incrementAndGet() < options.limit() && !sms.isStopped() && !out.checkError();
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

    int export(FilterOptions options, ExportFile file) throws JMSException {
        int exported = chosen(options, file).size();
        if (sms.isStopped()) {
            return sms.fail(err, Exit.PARTLY, "interrupted" + (file.isTerminal() ? "" : ", the file is removed again"));
        }
        if (exported == 0) {
            return nothingMatches();
        }
        file.finish();
        if (file.isTerminal()) {
            return Exit.DONE;
        }
        if (sms.isJson()) {
            out.println(document().put("exported", exported).put("file", file.toString()));
        } else {
            out.println(events(exported) + " of " + queue + " exported to " + file);
        }
        return Exit.DONE;
    }

    /** A message and its event's id. */
    record Chosen(String id, MessageKey key) {}

    /** Notes in the trail what was done with these. */
    void note(Step step, List<String> ids) {
        var trail = sms.trail();
        try {
            TrailFile.append(
                    trail,
                    ids.stream()
                            .map(id -> TrailLine.ofOperator(step, id, queue))
                            .toList());
        } catch (IOException e) {
            err.println("sms: that is not noted in the trail in " + trail.folder() + ", which cannot be written");
        }
    }

    /** The messages that are meant, each written to the file unless that is null. */
    List<Chosen> chosen(FilterOptions options, ExportFile file) throws JMSException {
        var chosen = new ArrayList<Chosen>();
        new EventQueue(connections, queue).forEach(options.filter(), event -> {
            chosen.add(new Chosen(event.id(), event.key()));
            boolean written = file == null || file.write(queue, event);
            return written && chosen.size() < options.limit() && !sms.isStopped();
        });
        return chosen;
    }

    ObjectNode document() {
        return JsonNodeFactory.instance.objectNode().put("queue", queue);
    }

    int nothingMatches() {
        return sms.fail(err, Exit.NOT_FOUND, "nothing in " + queue + " matches");
    }

    DiscardCommand discarding() {
        return new DiscardCommand(sms, this, new Discard(connections, queue), out, err);
    }

    ReplayCommand replaying(Replay replay) {
        return new ReplayCommand(sms, this, replay, out, err);
    }

    /** How many events there were, in words. */
    static String events(int count) {
        return count + (count == 1 ? " event" : " events");
    }

    static String events(int done, int planned) {
        return done == planned ? events(planned) : done + " of " + events(planned);
    }

    static boolean isTerminal() {
        return System.console() != null;
    }
}
