package org.smscallbacks.target;

import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.smscallbacks.Target;

/** One attempt to deliver an event to a target. Used by one thread. */
final class Delivery {

    /** The exchange variable that holds it. */
    static final String VARIABLE = "delivery";

    /** What no answer has: the route came to its end. */
    private static final String DELIVERED = "delivered";

    /** Answers that show that somebody is there who decides; the others are to be tried again. */
    private static final Pattern AT_WORK = Pattern.compile(DELIVERED + "|[23]..|400|410|413|415|422");

    private final Target target;
    private final String queue;
    private final Message message;
    private String status = DELIVERED;

    /**
     * @param target to whom
     * @param queue the queue the message is from
     * @param message the message as it came
     */
    Delivery(Target target, String queue, Message message) {
        this.target = target;
        this.queue = queue;
        this.message = message;
    }

    static Delivery of(Exchange exchange) {
        return (Delivery) exchange.getVariable(VARIABLE);
    }

    Target target() {
        return target;
    }

    String queue() {
        return queue;
    }

    Message message() {
        return message;
    }

    void status(String status) {
        this.status = status;
    }

    String status() {
        return status;
    }

    boolean showsTargetAtWork() {
        return AT_WORK.matcher(status).matches();
    }
}
