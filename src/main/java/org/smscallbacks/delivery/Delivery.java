package org.smscallbacks.delivery;

import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.smscallbacks.event.EventProperties;

/** One attempt to deliver an event to a target. Used by one thread. */
final class Delivery {

    /** The exchange variable that holds it. */
    static final String VARIABLE = "delivery";

    /** What no answer has: the route came to its end. */
    static final String DELIVERED = "delivered";

    /** Answers that show that somebody is there who decides; the others are to be tried again. */
    private static final Pattern AT_WORK = Pattern.compile(DELIVERED + "|[23]..|400|410|413|415|422");

    private static final Pattern DONE = Pattern.compile(DELIVERED + "|2..");

    private final Target target;
    private final String returnQueue;
    private final Supplier<Message> original;
    private final int attempts;
    private final String previousStatus;
    private String status = DELIVERED;
    private String cause = "";
    private Message message;
    private boolean hasOutcome;

    /**
     * @param target to whom
     * @param returnQueue where the message comes back to for its next attempt
     * @param came the message
     * @param original makes the same again, whatever has become of it
     */
    Delivery(Target target, String returnQueue, Message came, Supplier<Message> original) {
        this.target = target;
        this.returnQueue = returnQueue;
        this.original = original;
        var earlier = came.getHeader(EventProperties.ATTEMPTS, Integer.class);
        this.attempts = earlier == null ? 1 : earlier + 1;
        this.previousStatus = came.getHeader(EventProperties.LAST_STATUS, String.class);
    }

    static Delivery of(Exchange exchange) {
        return (Delivery) exchange.getVariable(VARIABLE);
    }

    Target target() {
        return target;
    }

    String returnQueue() {
        return returnQueue;
    }

    /** The message as it came. */
    Message message() {
        if (message == null) {
            message = original.get();
        }
        return message;
    }

    /** How often the event was tried, this time included. */
    int attempts() {
        return attempts;
    }

    /** The status of the attempt before, or null. */
    String previousStatus() {
        return previousStatus;
    }

    void status(String status) {
        this.status = status;
        this.hasOutcome = true;
    }

    /** Whether the target has answered, or shown that it does not. */
    boolean hasOutcome() {
        return hasOutcome;
    }

    /** There was no answer; <code>status</code> is a word for it, <code>cause</code> says more and quotes nothing of the event. */
    void unanswered(String status, String cause) {
        status(status);
        this.cause = ": " + cause;
    }

    /** The status and what is known beside it, for the log. */
    String explained() {
        return status + cause;
    }

    String status() {
        return status;
    }

    /** Whether the target has the event. */
    boolean isDone() {
        return DONE.matcher(status).matches();
    }

    boolean showsTargetAtWork() {
        return AT_WORK.matcher(status).matches();
    }
}
