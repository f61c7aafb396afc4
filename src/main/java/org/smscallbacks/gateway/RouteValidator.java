package org.smscallbacks.gateway;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;

/** What Camel would find out with the first callback only. */
final class RouteValidator {

    /** The route that calls a target over HTTP. */
    private static final String CALL_TARGET = "direct:call-target";

    private RouteValidator() {}

    /** The queues that routes take from. */
    static Set<String> consumedQueues(CamelContext camel) {
        return camel.getRoutes().stream()
                .filter(route -> route.getEndpoint() instanceof JmsEndpoint)
                .map(route -> ((JmsEndpoint) route.getEndpoint()).getDestinationName())
                .collect(Collectors.toSet());
    }

    /**
     * @throws ConfigurationException when a route sends to a <code>direct:</code> that no route begins with, or takes callbacks
     *     without guarding them first or without publishing; and when no route takes from the queue of a target, or one that calls
     *     over HTTP takes from the queue of a target with another URL
     */
    static void refuseWhatCannotWork(CamelContext camel, Settings settings) {
        var begun = camel.getRoutes().stream()
                .map(route -> route.getEndpoint().getEndpointUri())
                .collect(Collectors.toSet());
        for (var endpoint : camel.getEndpoints()) {
            if (endpoint instanceof DirectEndpoint && !begun.contains(endpoint.getEndpointUri())) {
                var name = endpoint.getEndpointUri().replaceFirst("direct:(//)?", "");
                throw new ConfigurationException("the routes cannot be used: "
                        + new RouteFiles(settings.routes()).placeOfDirect(name) + "one sends to direct:" + name
                        + ", and no route begins with it; a slip of the pen in its name?");
            }
        }
        refuseTargetsWithoutRoute(camel, settings);
        for (var route : model(camel).getRouteDefinitions()) {
            if (route.getEndpointUrl().contains("/callbacks/")) {
                refuseUnguarded(route);
            }
        }
    }

    private static void refuseTargetsWithoutRoute(CamelContext camel, Settings settings) {
        var consumed = consumedQueues(camel);
        for (var target : settings.targets()) {
            var url = "sms.target." + target.name() + ".url";
            if (!consumed.contains(target.queue())) {
                throw settings.wrong(
                        url,
                        "switches a target on that no route delivers to: copy routes/targets/webhook.camel.yaml to "
                                + target.name() + ".camel.yaml and replace webhook by " + target.name()
                                + " in it, or correct the name");
            }
        }
        for (var route : camel.getRoutes()) {
            var definition = model(camel).getRouteDefinition(route.getRouteId());
            if (route.getEndpoint() instanceof JmsEndpoint queue && callsTarget(definition)) {
                refuseNobodysQueue(definition, queue.getDestinationName(), settings);
                refuseOtherThanHttp(queue.getDestinationName(), settings);
                refuseWithoutTurn(definition);
            }
        }
    }

    private static Model model(CamelContext camel) {
        return camel.getCamelContextExtension().getContextPlugin(Model.class);
    }

    private static boolean callsTarget(RouteDefinition route) {
        return route.getOutputs().stream()
                .anyMatch(step -> step instanceof ToDefinition to && to.getUri().equals(CALL_TARGET));
    }

    private static void refuseWithoutTurn(RouteDefinition route) {
        if (!"targetTurn".equals(processorsOf(route).get(0))) {
            throw new ConfigurationException("route " + route.getRouteId()
                    + " delivers to a target: its first step must be process: targetTurn");
        }
    }

    private static void refuseNobodysQueue(RouteDefinition route, String queue, Settings settings) {
        if (settings.targets().stream().noneMatch(target -> target.queues().contains(queue))) {
            throw new ConfigurationException("route " + route.getRouteId() + " delivers from " + queue
                    + ", which is the queue of no target that is switched on: set the target's url, or give the route the"
                    + " precondition that webhook.camel.yaml has");
        }
    }

    private static void refuseOtherThanHttp(String queue, Settings settings) {
        for (var target : settings.targets()) {
            if (target.queues().contains(queue) && target.receiver() == null) {
                throw settings.wrong(
                        "sms.target." + target.name() + ".url", "is no URL of HTTP: write https://host/path");
            }
        }
    }

    private static void refuseUnguarded(RouteDefinition route) {
        var steps = processorsOf(route);
        if (!"callbackGuard".equals(steps.get(0)) || !steps.contains("eventPublisher")) {
            throw new ConfigurationException(
                    "route " + route.getRouteId() + " takes callbacks: its first step must be process: "
                            + "callbackGuard, and after the split there must be process: eventPublisher");
        }
    }

    /** The bean of each step, or nothing for one that is no processor. */
    private static List<String> processorsOf(RouteDefinition route) {
        // what a route configuration adds stands among the steps
        return route.getOutputs().stream()
                .filter(step -> !step.isAbstract())
                .map(step -> step instanceof ProcessDefinition process ? process.getRef() : "")
                .toList();
    }
}
