package org.smscallbacks.operator;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.util.List;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.QueueState;
import org.smscallbacks.event.QueueNames;

/** The targets, which are paused and resumed by their queues. */
public final class TargetQueues {

    private final QueueControl control;

    public TargetQueues(ConnectionFactory connections) {
        this.control = new QueueControl(connections);
    }

    /**
     * Nothing is delivered to the target until it is resumed, also after a restart; its events wait.
     *
     * @return its queues
     * @throws NotFoundException when no queue belongs to such a target
     */
    public List<String> pause(String name) throws JMSException {
        var queues = queuesOf(name);
        for (var queue : queues) {
            control.pause(queue);
        }
        return queues;
    }

    /**
     * The target is delivered to again.
     *
     * @return its queues
     * @throws NotFoundException when no queue belongs to such a target
     */
    public List<String> resume(String name) throws JMSException {
        var queues = queuesOf(name);
        for (var queue : queues) {
            control.resume(queue);
        }
        return queues;
    }

    private List<String> queuesOf(String name) throws JMSException {
        var there = control.queues().stream().map(QueueState::name).toList();
        // sms.target.crm.urgent is a queue, not a target
        var queues = there.stream()
                .filter(queue -> !name.contains("."))
                .filter(queue ->
                        queue.equals(QueueNames.target(name)) || queue.startsWith(QueueNames.target(name) + "."))
                .toList();
        if (queues.isEmpty()) {
            throw new NotFoundException(
                    "no queue belongs to a target " + name + "; there are " + names(there, QueueNames.TARGET));
        }
        return queues;
    }

    /** What follows the prefix in the names of queues, to choose from. */
    static String names(List<String> queues, String prefix) {
        var names = queues.stream()
                .filter(queue -> queue.startsWith(prefix))
                .map(queue -> queue.substring(prefix.length()))
                .filter(name -> !name.contains("."))
                .toList();
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
