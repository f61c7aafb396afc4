package org.smscallbacks.mapping;

/** An expression that stands in a route, and does not compile, or names a mapping that is not there; only the route knows in which file and line that is. */
public final class InlineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String expression;
    private final String problem;

    InlineException(String expression, String problem) {
        super(problem + ", in " + expression);
        this.expression = expression;
        this.problem = problem;
    }

    /** The expression as it is written in the route. */
    public String expression() {
        return expression;
    }

    /** What is wrong with it, without the expression. */
    public String problem() {
        return problem;
    }
}
