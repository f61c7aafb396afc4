package org.smscallbacks.target;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.smscallbacks.Target;

/** The targets that are switched on, each with its gate. */
public final class Targets {

    private final List<Target> targets;
    private final Map<String, Target> byQueue = new HashMap<>();
    private final Map<String, TargetGate> gates;

    public Targets(List<Target> targets) {
        this.targets = targets;
        for (var target : targets) {
            byQueue.put(target.queue(), target);
            byQueue.put(target.urgentQueue(), target);
        }
        this.gates = targets.stream().collect(Collectors.toMap(Target::name, target -> new TargetGate(target.name())));
    }

    List<Target> all() {
        return targets;
    }

    /** Whose queue this is, or null. */
    Target ofQueue(String queue) {
        return byQueue.get(queue);
    }

    TargetGate gateOf(Target target) {
        return gates.get(target.name());
    }
}
