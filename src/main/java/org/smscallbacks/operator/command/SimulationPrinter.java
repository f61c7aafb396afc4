package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import org.smscallbacks.simulate.Simulation.Order;
import org.smscallbacks.simulate.Tally;

/** Says what came of a simulation, and how to follow it. */
final class SimulationPrinter {

    private final PrintWriter out;
    private final boolean json;

    SimulationPrinter(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** @param account that was called for */
    void print(Order order, String account, Tally tally) {
        if (json) {
            printJson(order, account, tally);
            return;
        }
        out.println(tally.sent() + " callbacks of " + order.provider() + "/" + account + " sent to " + order.address()
                + " (--seed " + order.seed() + "): " + tally.late() + " late, " + tally.again()
                + " the same once more");
        var answers = tally.answers().entrySet().stream()
                .map(answer -> answer.getKey() + ": " + answer.getValue())
                .collect(Collectors.joining(", "));
        out.println("answered " + (answers.isEmpty() ? "none" : answers) + "; repeated " + tally.repeats()
                + ", given up " + tally.abandoned());
        if (!tally.messages().isEmpty()) {
            out.println("See what became of some of them:");
            tally.messages().forEach(message -> out.println("  bin/sms find " + shown(message)));
        }
    }

    /** As a shell reads it. */
    private static String shown(String message) {
        return message.matches("[\\w.:-]+") ? message : "'" + message.replace("'", "'\\''") + "'";
    }

    private void printJson(Order order, String account, Tally tally) {
        var document = JsonNodeFactory.instance
                .objectNode()
                .put("provider", order.provider())
                .put("account", account)
                .put("url", order.address())
                .put("seed", order.seed())
                .put("sent", tally.sent())
                .put("late", tally.late())
                .put("again", tally.again())
                .put("repeated", tally.repeats())
                .put("givenUp", tally.abandoned());
        var answers = document.putObject("answers");
        tally.answers().forEach(answers::put);
        var messages = document.putArray("messages");
        tally.messages().forEach(messages::add);
        out.println(document);
    }
}
