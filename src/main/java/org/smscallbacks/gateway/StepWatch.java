package org.smscallbacks.gateway;

import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;

/** Knows at which step of the routes a callback is, and lets it go no further once its time is over. */
final class StepWatch implements InterceptStrategy {

    private volatile NamedNode last;
    private volatile NamedNode failed;
    private volatile boolean isOver;

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode step, Processor target, Processor nextTarget) {
        return exchange -> {
            if (isOver) {
                throw new RejectedExecutionException("the time is over");
            }
            last = step;
            try {
                target.process(exchange);
            } catch (Throwable e) {
                noteFailure(step);
                throw e;
            }
            if (exchange.getException() != null) {
                noteFailure(step);
            }
        };
    }

    /** The innermost step comes first, and its failure is that of all around it. */
    private void noteFailure(NamedNode step) {
        if (failed == null) {
            failed = step;
        }
    }

    void begin() {
        isOver = false;
        last = null;
        failed = null;
    }

    /** From now on no step is begun. */
    void end() {
        isOver = true;
    }

    /** Where the step that was begun last stands, as <code>file line n, step id</code>. */
    String lastPlace() {
        return place(last);
    }

    /** The same of the step that failed first since this was asked before; empty for none. */
    String failedPlace() {
        var step = failed;
        failed = null;
        return place(step);
    }

    private static String place(NamedNode step) {
        return step == null ? "" : RouteFailure.placeOf(step).replaceFirst(": $", "");
    }
}
