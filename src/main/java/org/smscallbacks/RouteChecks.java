package org.smscallbacks;

import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.RouteDefinition;

/** What Camel would find out with the first callback only. */
final class RouteChecks {

    private RouteChecks() {}

    /**
     * @throws ConfigurationException when a route sends to a <code>direct:</code> that no route begins with, or takes callbacks
     *     without guarding them first or without publishing
     */
    static void refuseWhatCannotWork(CamelContext camel) {
        var begun = camel.getRoutes().stream()
                .map(route -> route.getEndpoint().getEndpointUri())
                .collect(Collectors.toSet());
        for (var endpoint : camel.getEndpoints()) {
            if (endpoint instanceof DirectEndpoint && !begun.contains(endpoint.getEndpointUri())) {
                throw new ConfigurationException("the routes cannot be used: one sends to " + endpoint.getEndpointUri()
                        + ", and no route begins with it; a slip of the pen in its name?");
            }
        }
        for (var route :
                camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions()) {
            if (route.getEndpointUrl().contains("/callbacks/")) {
                refuseUnguarded(route);
            }
        }
    }

    private static void refuseUnguarded(RouteDefinition route) {
        // what a route configuration adds stands among the steps
        var steps = route.getOutputs().stream()
                .filter(step -> !step.isAbstract())
                .map(step -> step instanceof ProcessDefinition process ? process.getRef() : "")
                .toList();
        if (!"callbackGuard".equals(steps.get(0)) || !steps.contains("eventPublisher")) {
            throw new ConfigurationException(
                    "route " + route.getRouteId() + " takes callbacks: its first step must be process: "
                            + "callbackGuard, and after the split there must be process: eventPublisher");
        }
    }
}
