package org.smscallbacks.gateway;

import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.spi.InterceptStrategy;

/** Knows at which step of the routes a callback is, and lets it go no further once its time is over. */
final class StepWatch implements InterceptStrategy {

    /**
     * A step that failed.
     *
     * @param place where it stands, or empty
     * @param cause in the words of Java
     */
    record Failure(String place, String cause) {

        static final Failure NONE = new Failure("", "");
    }

    private static final String QUEUE = "queue";

    private volatile NamedNode last;
    private volatile NamedNode namedQueue;
    private volatile Failure failed = Failure.NONE;
    private volatile boolean isOver;

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode step, Processor target, Processor nextTarget) {
        return exchange -> {
            if (isOver) {
                throw new RejectedExecutionException("the time is over");
            }
            last = step;
            if (step instanceof SetVariableDefinition variable && QUEUE.equals(variable.getName())) {
                namedQueue = step;
            }
            try {
                target.process(exchange);
            } catch (Throwable e) {
                noteFailure(step, e);
                throw e;
            }
            if (exchange.getException() != null) {
                noteFailure(step, exchange.getException());
            }
        };
    }

    /** The innermost step comes first, and its failure is that of all around it. */
    private void noteFailure(NamedNode step, Throwable failure) {
        if (failed == Failure.NONE) {
            var cause = failure;
            while (cause.getCause() != null && cause.getCause() != cause) {
                cause = cause.getCause();
            }
            failed = new Failure(place(step), cause.toString());
        }
    }

    void begin() {
        isOver = false;
        last = null;
        forgetItem();
    }

    /** From now on no step is begun. */
    void end() {
        isOver = true;
    }

    /** Where the step that was begun last stands, as <code>file line n, step id</code>. */
    String lastPlace() {
        return place(last);
    }

    /** The step that failed first since that was forgotten. */
    Failure failed() {
        return failed;
    }

    /** Where the step stands that named the queue of the item, or empty. */
    String namedQueueAt() {
        return place(namedQueue);
    }

    /** The next item begins. */
    void forgetItem() {
        namedQueue = null;
        forgetFailure();
    }

    void forgetFailure() {
        failed = Failure.NONE;
    }

    private static String place(NamedNode step) {
        return step == null ? "" : RouteFailure.placeOf(step).replaceFirst(": $", "");
    }
}
