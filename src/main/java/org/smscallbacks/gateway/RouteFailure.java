package org.smscallbacks.gateway;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.Model;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.mapping.InlineException;

/** What keeps the routes from being used, in words, with the file, the line and the step. */
final class RouteFailure {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFailure.class);

    private static final int LONGEST_QUOTE = 80;

    private RouteFailure() {}

    /** Of routes that were read but cannot be built or started. */
    static ConfigurationException of(Throwable failure, CamelContext camel) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailedToCreateRouteException unbuilt && innermost(failure) != unbuilt) {
                var route = camel.getCamelContextExtension()
                        .getContextPlugin(Model.class)
                        .getRouteDefinition(unbuilt.getRouteId());
                // Camel's own words quote the whole route before they come to the reason
                return route == null ? of(innermost(failure), "") : ofStep(route, unbuilt);
            }
        }
        return of(failure, "");
    }

    private static ConfigurationException ofStep(RouteDefinition route, FailedToCreateRouteException unbuilt) {
        if (innermost(unbuilt) instanceof InlineException inline) {
            for (var step : stepsOf(route)) {
                var broken = expressionIn(step, expression -> isOf(expression, inline.expression()));
                if (broken != null) {
                    return refused(placeOf(broken) + inline.problem() + ", in " + shortened(inline.expression()));
                }
            }
        }
        var step = stepIn(route, unbuilt);
        var broken = step instanceof ProcessorDefinition<?> definition
                ? expressionIn(definition, expression -> isQuoted(expression, unbuilt))
                : null;
        if (broken == null || innermost(unbuilt) instanceof ConfigurationException) {
            return of(innermost(unbuilt), placeOf(step));
        }
        var text = ((HasExpressionType) broken).getExpressionType().getExpression();
        return refused(placeOf(broken) + words(innermost(unbuilt)) + ", in " + shortened(text));
    }

    /** The step that could not be built, or the route's beginning. */
    private static NamedNode stepIn(RouteDefinition route, FailedToCreateRouteException failure) {
        for (var step : stepsOf(route)) {
            if (failure.getMessage().contains(">>> " + step + " <<<")) {
                return step;
            }
        }
        return route.getInput();
    }

    @SuppressWarnings("rawtypes")
    private static Collection<ProcessorDefinition> stepsOf(RouteDefinition route) {
        return ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class);
    }

    /** The step, or the branch of it, whose expression is the broken one; or null. */
    private static NamedNode expressionIn(ProcessorDefinition<?> step, Predicate<ExpressionDefinition> isBroken) {
        List<? extends NamedNode> parts =
                step instanceof ChoiceDefinition choice ? choice.getWhenClauses() : List.of(step);
        for (var part : parts) {
            if (part instanceof HasExpressionType expression && isBroken.test(expression.getExpressionType())) {
                return part;
            }
        }
        return null;
    }

    private static boolean isOf(ExpressionDefinition expression, String text) {
        return expression != null
                && expression.getExpression() != null
                && expression.getExpression().strip().equals(text.strip());
    }

    private static boolean isQuoted(ExpressionDefinition expression, FailedToCreateRouteException failure) {
        var text = expression == null ? null : expression.getExpression();
        for (var cause = failure.getCause(); text != null && cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && cause.getMessage().contains(text.strip())) {
                return true;
            }
        }
        return false;
    }

    /** Camel wraps what it finds several times: the innermost cause says what is wrong. */
    static ConfigurationException of(Throwable failure, String place) {
        LOG.debug("not started", failure);
        var cause = innermost(failure);
        if (cause instanceof ConfigurationException configuration) {
            return configuration;
        }
        var outer = cause == failure ? "" : failure.getMessage() + ": ";
        return refused(place + outer + words(cause));
    }

    private static ConfigurationException refused(String what) {
        return new ConfigurationException("the routes cannot be used: " + what);
    }

    private static String words(Throwable cause) {
        return cause instanceof InlineException inline
                ? inline.problem()
                : cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static String shortened(String expression) {
        var line = expression.strip().replaceAll("\\s+", " ");
        return line.length() > LONGEST_QUOTE ? line.substring(0, LONGEST_QUOTE) + "…" : line;
    }

    private static Throwable innermost(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null && !(cause instanceof ConfigurationException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Where a step stands, as <code>file line n, step id: </code>. */
    static String placeOf(NamedNode step) {
        if (step.getLocation() == null) {
            return "";
        }
        boolean isNamed = step instanceof OptionalIdentifiedDefinition<?> named && named.hasCustomIdAssigned();
        return step.getLocation().replaceFirst("file:", "") + " line " + step.getLineNumber()
                + (isNamed ? ", step " + step.getId() : "") + ": ";
    }
}
