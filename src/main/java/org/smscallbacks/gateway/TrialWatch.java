package org.smscallbacks.gateway;

import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.smscallbacks.event.CollectedEvent;

/** What is seen of a callback on its way through the routes, one at a time. */
final class TrialWatch {

    private static final String COLLECT_EVENTS = "collectEvents";

    private final StepWatch steps = new StepWatch();
    private final UnsentEndpoints endpoints = new UnsentEndpoints();
    private ItemWatch items;

    /** Before the routes of this Camel are built, and when its beans are there. */
    void on(CamelContext camel) {
        var extension = camel.getCamelContextExtension();
        extension.addInterceptStrategy(steps);
        extension.registerEndpointCallback(endpoints);
        var beans = camel.getRegistry();
        items = new ItemWatch(beans.lookupByNameAndType(COLLECT_EVENTS, AggregationStrategy.class), steps);
        // a bean of another class would stand beside it
        beans.unbind(COLLECT_EVENTS);
        beans.bind(COLLECT_EVENTS, items);
    }

    void begin() {
        steps.begin();
        endpoints.begin();
        items.begin();
    }

    void end() {
        steps.end();
    }

    List<String> unsent() {
        return endpoints.noted();
    }

    ItemWatch.Origin origin(CollectedEvent event) {
        return items.origin(event);
    }

    String lastPlace() {
        return steps.lastPlace();
    }

    /** The step that failed outside of the items. */
    StepWatch.Failure failed() {
        return steps.failed();
    }
}
