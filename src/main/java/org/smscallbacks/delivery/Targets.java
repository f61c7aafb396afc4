package org.smscallbacks.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.smscallbacks.config.Account;

/** The targets that are switched on, each with its gate. */
public final class Targets {

    private final List<Target> targets;
    private final Set<String> consumedQueues;
    private final Map<String, Target> byQueue = new HashMap<>();
    private final Map<String, CircuitBreaker> gates;

    /**
     * @param targets those that are switched on
     * @param consumedQueues the queues that a route takes from: a queue of a target that is not among them is not in use
     */
    public Targets(List<Target> targets, Set<String> consumedQueues) {
        this.consumedQueues = consumedQueues;
        this.targets = targets;
        for (var target : targets) {
            target.queues().forEach(queue -> byQueue.put(queue, target));
        }
        this.gates =
                targets.stream().collect(Collectors.toMap(Target::name, target -> new CircuitBreaker(target.name())));
    }

    /** The queues in which an event of that account goes to targets, one for each that takes it. */
    public List<String> queuesFor(JsonNode event, Account account) {
        boolean urgent = "buffered".equals(event.path("data").path("status").textValue());
        var queues = new ArrayList<String>();
        for (var target : targets) {
            if (target.takes(event, account)) {
                queues.add(urgent ? inUse(target.urgentQueue(), target) : target.queue());
            }
        }
        return queues;
    }

    /** Where an event from this queue of the target comes back to for its next attempt. */
    String returnQueue(Target target, String queue) {
        return queue.equals(target.urgentQueue()) ? queue : inUse(target.retryQueue(), target);
    }

    private String inUse(String queue, Target target) {
        return consumedQueues.contains(queue) ? queue : target.queue();
    }

    List<Target> all() {
        return targets;
    }

    /** Whose queue this is, or null. */
    Target ofQueue(String queue) {
        return byQueue.get(queue);
    }

    CircuitBreaker gateOf(Target target) {
        return gates.get(target.name());
    }
}
