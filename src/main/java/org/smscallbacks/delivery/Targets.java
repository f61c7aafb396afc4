package org.smscallbacks.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.smscallbacks.config.Account;
import org.smscallbacks.event.QueueNames;
import org.smscallbacks.event.Status;

/** The targets that are switched on, each with its circuit breaker. */
public final class Targets {

    private final List<Target> targets;
    private final Set<String> consumedQueues;
    private final Map<String, Target> byQueue = new HashMap<>();
    private final Map<String, CircuitBreaker> breakers;

    /**
     * @param targets those that are switched on
     * @param consumedQueues the queues that a route takes from: a queue of a target that is not among them is not in use
     */
    public Targets(List<Target> targets, Set<String> consumedQueues) {
        this.targets = targets;
        this.consumedQueues = consumedQueues;
        for (var target : targets) {
            target.queues().forEach(queue -> byQueue.put(queue, target));
        }
        this.breakers =
                targets.stream().collect(Collectors.toMap(Target::name, target -> new CircuitBreaker(target.name())));
    }

    /** The queues in which an event of that account goes to targets, one for each that takes it. */
    public List<String> queuesFor(JsonNode event, Account account) {
        boolean urgent = Status.isUrgent(event.path("data").path("status").textValue());
        var queues = new ArrayList<String>();
        for (var target : targets) {
            if (target.takes(event, account)) {
                var queue = QueueNames.target(target.name());
                queues.add(urgent ? inUse(QueueNames.urgent(target.name()), queue) : queue);
            }
        }
        return queues;
    }

    /** Where an event from this queue of the target comes back to for its next attempt. */
    String returnQueue(Target target, String queue) {
        return isUrgent(target, queue)
                ? queue
                : inUse(QueueNames.retry(target.name()), QueueNames.target(target.name()));
    }

    private String inUse(String queue, String otherwise) {
        return consumedQueues.contains(queue) ? queue : otherwise;
    }

    static boolean isUrgent(Target target, String queue) {
        return queue.equals(QueueNames.urgent(target.name()));
    }

    List<Target> all() {
        return targets;
    }

    /** Whose queue this is, or null. */
    Target ofQueue(String queue) {
        return byQueue.get(queue);
    }

    CircuitBreaker breakerOf(Target target) {
        return breakers.get(target.name());
    }
}
