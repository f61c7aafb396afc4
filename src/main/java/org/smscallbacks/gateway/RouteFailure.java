package org.smscallbacks.gateway;

import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.NamedNode;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;

/** What keeps the routes from being used, in words, with the file and the line. */
final class RouteFailure {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFailure.class);

    private RouteFailure() {}

    /** Of routes that were read but cannot be built or started. */
    static ConfigurationException of(Throwable failure, CamelContext camel) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailedToCreateRouteException unbuilt && innermost(failure) != unbuilt) {
                var route = camel.getCamelContextExtension()
                        .getContextPlugin(Model.class)
                        .getRouteDefinition(unbuilt.getRouteId());
                // Camel's own words quote the whole route before they come to the reason
                return of(innermost(failure), route == null ? "" : placeOf(stepIn(route, unbuilt)));
            }
        }
        return of(failure, "");
    }

    /** The step that could not be built, or the route's beginning. */
    private static NamedNode stepIn(RouteDefinition route, FailedToCreateRouteException failure) {
        for (var step : ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)) {
            if (failure.getMessage().contains(">>> " + step + " <<<")) {
                return step;
            }
        }
        return route.getInput();
    }

    /** Camel wraps what it finds several times: the innermost cause says what is wrong. */
    static ConfigurationException of(Throwable failure, String place) {
        LOG.debug("not started", failure);
        var cause = innermost(failure);
        if (cause instanceof ConfigurationException configuration) {
            return configuration;
        }
        var outer = cause == failure ? "" : failure.getMessage() + ": ";
        var words = outer + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
        return new ConfigurationException("the routes cannot be used: " + place + words);
    }

    private static Throwable innermost(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null && !(cause instanceof ConfigurationException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Where a step stands, as <code>file line n: </code>. */
    static String placeOf(NamedNode step) {
        return step.getLocation() == null
                ? ""
                : step.getLocation().replaceFirst("file:", "") + " line " + step.getLineNumber() + ": ";
    }
}
