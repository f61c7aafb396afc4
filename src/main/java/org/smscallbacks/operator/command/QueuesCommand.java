package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.QueueState;
import org.smscallbacks.event.Times;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** <code>sms queues</code>. */
@Command(
        name = "queues",
        description = "Every queue: how many events wait in it, since when, who consumes, whether it is paused.",
        footer = {"  sms queues", "  sms queues --json"})
final class QueuesCommand implements Callable<Integer> {

    @ParentCommand
    private SmsCommand sms;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        return sms.withBroker((access, connections) -> {
            print(new QueueControl(connections).queues(), spec.commandLine().getOut());
            return Exit.DONE;
        });
    }

    private void print(List<QueueState> queues, PrintWriter out) {
        if (sms.isJson()) {
            var array = JsonNodeFactory.instance.arrayNode();
            for (var queue : queues) {
                array.addObject()
                        .put("queue", queue.name())
                        .put("messages", queue.messages())
                        .put("oldest", queue.oldest() == null ? null : Times.format(queue.oldest()))
                        .put("consumers", queue.consumers())
                        .put("paused", queue.paused());
            }
            out.println(array);
            return;
        }
        int width =
                queues.stream().mapToInt(queue -> queue.name().length()).max().orElse(0);
        var row = "%-" + Math.max(width, 5) + "s %10s %9s  %-33s %s";
        out.println(
                row.formatted("QUEUE", "MESSAGES", "CONSUMERS", "OLDEST", "").stripTrailing());
        for (var queue : queues) {
            var oldest = queue.oldest() == null ? "" : age(queue.oldest()) + "  " + Times.format(queue.oldest());
            out.println(row.formatted(
                            queue.name(), queue.messages(), queue.consumers(), oldest, queue.paused() ? "paused" : "")
                    .stripTrailing());
        }
    }

    private static String age(Instant time) {
        var age = Duration.between(time, Instant.now());
        if (age.isNegative()) {
            age = Duration.ZERO;
        }
        if (age.toDays() > 0) {
            return "%2dd %2dh".formatted(age.toDays(), age.toHoursPart());
        }
        if (age.toHours() > 0) {
            return "%2dh %2dm".formatted(age.toHours(), age.toMinutesPart());
        }
        return "%2dm %2ds".formatted(age.toMinutes(), age.toSecondsPart());
    }
}
