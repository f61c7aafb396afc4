package org.smscallbacks.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.language.ConstantExpression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.delivery.Target;
import org.smscallbacks.event.QueueNames;
import org.smscallbacks.http.NamedQueues;

/** Finds what Camel would find out with the first callback only. */
final class RouteValidator {

    /** The route that calls a target over HTTP. */
    private static final String CALL_TARGET = "direct:call-target";

    private static final String GUARD = "callbackGuard";
    private static final String PUBLISHER = "eventPublisher";
    private static final String TURN = "targetTurn";
    private static final Pattern OPTIONS_ONLY = Pattern.compile("httpMethodRestrict=OPTIONS(&|$)");

    private static final Logger LOG = LoggerFactory.getLogger(RouteValidator.class);

    private static final String QUEUE = "queue";

    private final CamelContext camel;
    private final Configuration configuration;
    private final List<RouteDefinition> definitions;

    RouteValidator(CamelContext camel, Configuration configuration) {
        this.camel = camel;
        this.configuration = configuration;
        this.definitions =
                camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions();
    }

    /**
     * @throws ConfigurationException when a route sends to a <code>direct:</code> that no route begins with, or takes callbacks
     *     without guarding them first or without publishing; and when no route takes from the queue of a target, or one that calls
     *     over HTTP takes from the queue of a target with another URL; or when a queue that is named as it is cannot be
     */
    void refuseWhatCannotWork() {
        refuseDeadEnds();
        refuseQueuesThatCannotBe();
        warnOfAccountsThatNobodyCanCall();
        refuseTargetsWithoutRoute();
        for (var route : camel.getRoutes()) {
            var definition = definitionOf(route);
            if (endpointOf(route) instanceof JmsEndpoint queue
                    && steps(definition).contains(CALL_TARGET)) {
                refuseWrongDelivery(definition, queue.getDestinationName());
            }
            if (definition.getEndpointUrl().contains("/callbacks")) {
                refuseUnguarded(definition);
            }
        }
    }

    /** What it begins with, whatever stands before that on a trial. */
    private static Endpoint endpointOf(Route route) {
        return route.getEndpoint() instanceof UnsentEndpoint unsent ? unsent.original() : route.getEndpoint();
    }

    private RouteDefinition definitionOf(Route route) {
        return definitions.stream()
                .filter(definition -> route.getRouteId().equals(definition.getRouteId()))
                .findFirst()
                .orElseThrow();
    }

    private void refuseDeadEnds() {
        var begun = camel.getRoutes().stream()
                .map(route -> route.getEndpoint().getEndpointUri())
                .collect(Collectors.toSet());
        for (var endpoint : camel.getEndpoints()) {
            var uri = endpoint.getEndpointUri();
            if (endpoint instanceof DirectEndpoint && !begun.contains(uri)) {
                var name = uri.replaceFirst("direct:(//)?", "");
                throw new ConfigurationException("the routes cannot be used: " + placeOfHopTo(name)
                        + "a step sends to direct:" + name
                        + ", and no route begins with it: is its name misspelled, or a file"
                        + " from an older version? Compare the folder routing with the one that is shipped");
            }
        }
    }

    private String placeOfHopTo(String name) {
        for (var route : definitions) {
            for (var step :
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)) {
                if (uriOf(step).matches("direct:(//)?" + Pattern.quote(name))) {
                    return RouteFailure.placeOf(step);
                }
            }
        }
        return "";
    }

    /** What an expression makes of it, only an event can show. */
    private void refuseQueuesThatCannotBe() {
        var own = configuration.settings().queues().own();
        var known = new KnownQueues(configuration);
        for (var route : camel.getRoutes()) {
            // what takes from a queue is no router: it sends where it likes, and the variable is its own
            if (endpointOf(route) instanceof JmsEndpoint) {
                continue;
            }
            for (var step : ProcessorDefinitionHelper.filterTypeInOutputs(
                    definitionOf(route).getOutputs(), SetVariableDefinition.class)) {
                if (QUEUE.equals(step.getName()) && step.getExpression() instanceof ConstantExpression constant) {
                    var named = NamedQueues.in(camel.resolvePropertyPlaceholders(constant.getExpression()), own);
                    if (named.problem() != null) {
                        throw new ConfigurationException(
                                "the routes cannot be used: " + RouteFailure.placeOf(step) + named.problem());
                    }
                    named.names().stream()
                            .map(known::noteOn)
                            .filter(Objects::nonNull)
                            .forEach(note -> LOG.warn("{}{}", RouteFailure.placeOf(step), note));
                }
            }
        }
    }

    private void warnOfAccountsThatNobodyCanCall() {
        var settings = configuration.settings();
        var called = new TreeSet<>(settings.providers());
        called.removeAll(settings.providersWithoutAccount());
        called.removeIf(provider -> definitions.stream()
                .anyMatch(route -> route.getEndpointUrl().contains("/callbacks/" + provider + "/")));
        called.forEach(provider -> LOG.warn(
                "Accounts of {} are configured, and no route begins at /callbacks/{}/: every callback to them is answered 404",
                provider,
                provider));
    }

    private static String uriOf(ProcessorDefinition<?> step) {
        return step instanceof ToDefinition to
                ? to.getUri()
                : step instanceof ToDynamicDefinition to ? String.valueOf(to.getUri()) : "";
    }

    private void refuseTargetsWithoutRoute() {
        Set<String> consumed = camel.getRoutes().stream()
                .filter(route -> endpointOf(route) instanceof JmsEndpoint)
                .map(route -> ((JmsEndpoint) endpointOf(route)).getDestinationName())
                .collect(Collectors.toSet());
        for (var target : configuration.targets()) {
            var queue = QueueNames.target(target.name());
            if (!consumed.contains(queue)) {
                throw wrongUrl(target, "switches a target on that no route delivers to: " + advice(target, queue));
            }
        }
    }

    private static String advice(Target target, String queue) {
        var file = "routes/targets/" + target.name() + ".camel.yaml";
        if (target.receiver() != null) {
            return file + " takes nothing from " + queue + ": correct it, or remove it";
        }
        return target.isBroker()
                ? "copy routes/targets/esb.camel.yaml to " + file + " and replace esb by " + target.name() + " in it"
                : "write an https:// URL, or a route of your own in " + file + " that takes from " + queue
                        + ", as file.camel.yaml does";
    }

    private void refuseWrongDelivery(RouteDefinition route, String queue) {
        var target = configuration.targets().stream()
                .filter(candidate -> candidate.queues().contains(queue))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("route " + route.getRouteId() + " delivers from " + queue
                        + ", which is the queue of no target that is switched on: set the target's url, or give the route"
                        + " the precondition that webhook.camel.yaml has"));
        if (target.receiver() == null) {
            throw wrongUrl(target, "is no URL of HTTP: write https://host/path");
        }
        if (!TURN.equals(steps(route).get(0))) {
            throw new ConfigurationException(
                    "route " + route.getRouteId() + " delivers to a target: its first step must be process: " + TURN);
        }
    }

    private ConfigurationException wrongUrl(Target target, String problem) {
        return configuration.settings().wrong("sms.target." + target.name() + ".url", problem);
    }

    private void refuseUnguarded(RouteDefinition route) {
        var steps = withHops(route);
        // a question has nothing to store
        boolean onlyAsks = OPTIONS_ONLY.matcher(route.getEndpointUrl()).find();
        if (!GUARD.equals(steps.get(0)) || !steps.contains(PUBLISHER) && !onlyAsks) {
            throw new ConfigurationException("route " + route.getRouteId() + " takes callbacks: its first step must be"
                    + " process: " + GUARD + " or to: direct:receive, and after the split there must be process: "
                    + PUBLISHER + " or to: direct:store");
        }
    }

    /** The steps of a route, with those of the routes it goes on to in their place. */
    private List<String> withHops(RouteDefinition route) {
        var all = new ArrayList<String>();
        for (var step : steps(route)) {
            var next = definitions.stream()
                    .filter(candidate ->
                            !step.isEmpty() && candidate.getEndpointUrl().equals(step))
                    .findFirst();
            if (next.isPresent() && next.get() != route) {
                all.addAll(steps(next.get()));
            } else {
                all.add(step);
            }
        }
        return all;
    }

    /** The bean of each step that is a processor, the URI of each that sends on, or nothing. */
    private static List<String> steps(RouteDefinition route) {
        // what a route configuration adds stands among the steps
        return route.getOutputs().stream()
                .filter(step -> !step.isAbstract())
                .map(RouteValidator::nameOf)
                .toList();
    }

    private static String nameOf(ProcessorDefinition<?> step) {
        return step instanceof ProcessDefinition process && process.getRef() != null
                ? process.getRef()
                : step instanceof ToDefinition to ? to.getUri() : "";
    }
}
