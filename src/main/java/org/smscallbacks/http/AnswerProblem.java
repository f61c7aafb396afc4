package org.smscallbacks.http;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Makes an error answer of what the variable <code>problem</code> names: <code>not-authorised</code> (401), <code>unreadable</code>
 * (400), <code>callback-failed</code> (500) or <code>unavailable</code> (503). Nothing of the message stays.
 */
public final class AnswerProblem implements Processor {

    private static final String VARIABLE = "problem";
    private static final Map<String, Problem> PROBLEMS = Map.of(
            "not-authorised",
            Problem.of(401),
            "unreadable",
            Problem.UNREADABLE,
            "callback-failed",
            Problem.CALLBACK_FAILED,
            "unavailable",
            Problem.of(503));

    @Override
    public void process(Exchange exchange) {
        var problem = PROBLEMS.getOrDefault(exchange.getVariable(VARIABLE, String.class), Problem.CALLBACK_FAILED);
        var answer = exchange.getMessage();
        answer.removeHeaders("*");
        problem.headers().forEach(answer::setHeader);
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, problem.status());
        answer.setHeader(Exchange.CONTENT_TYPE, Problem.CONTENT_TYPE);
        answer.setBody(problem.json());
    }
}
