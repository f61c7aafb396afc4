package org.smscallbacks.operator.command;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.QueueState;
import org.smscallbacks.operator.EventFilter;
import org.smscallbacks.operator.EventQueue;
import org.smscallbacks.operator.NotFoundException;
import org.smscallbacks.operator.Replay;
import org.smscallbacks.operator.StoredEvent;

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

    int nothingMatches() {
        return sms.fail(err, Exit.NOT_FOUND, "nothing in " + queue + " matches");
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
