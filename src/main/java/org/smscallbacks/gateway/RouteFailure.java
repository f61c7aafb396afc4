package org.smscallbacks.gateway;

import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.NamedNode;
import org.apache.camel.model.Model;
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
            if (cause instanceof FailedToCreateRouteException unbuilt) {
                var model = camel.getCamelContextExtension().getContextPlugin(Model.class);
                var route = model.getRouteDefinition(unbuilt.getRouteId());
                return of(failure, route == null ? "" : placeOf(route.getInput()));
            }
        }
        return of(failure, "");
    }

    /** Camel wraps what it finds several times: the innermost cause says what is wrong. */
    static ConfigurationException of(Throwable failure, String place) {
        LOG.debug("not started", failure);
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof ConfigurationException)) {
            cause = cause.getCause();
        }
        if (cause instanceof ConfigurationException configuration) {
            return configuration;
        }
        var outer = cause == failure ? "" : failure.getMessage() + ": ";
        var words = outer + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
        return new ConfigurationException("the routes cannot be used: " + place + words);
    }

    /** Where a step stands, as <code>file line n: </code>. */
    static String placeOf(NamedNode step) {
        return step.getLocation() == null
                ? ""
                : step.getLocation().replaceFirst("file:", "") + " line " + step.getLineNumber() + ": ";
    }
}
