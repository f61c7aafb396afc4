package org.smscallbacks.operator;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.smscallbacks.broker.MessageKey;
import org.smscallbacks.broker.Portions;
import org.smscallbacks.broker.QueueControl;

/**
 * Puts what consumers have rejected back into the queues they rejected it from, or into another. The broker moves each message as it
 * is, event or not, and it is in one of the two queues at any moment.
 */
public final class RefusedReplay implements Replay {

    private final QueueControl control;
    private final EventQueue source;
    private final String to;

    /** <code>to</code>: the queue for all of them; null for the one that each came from. */
    public RefusedReplay(ConnectionFactory connections, String refused, String to) {
        this.control = new QueueControl(connections);
        this.source = new EventQueue(connections, refused);
        this.to = to;
    }

    private record Found(MessageKey key, String id, long bytes) {}

    @Override
    public Plan plan(EventFilter filter, int most) throws JMSException {
        var found = new ArrayList<Found>();
        source.forEach(filter, event -> {
            found.add(new Found(event.key(), event.id(), event.bytesOnDisk()));
            return found.size() < most;
        });
        var plan = new Plan(new ArrayList<>(), new ArrayList<>());
        var hindrances = new HashMap<String, String>();
        for (var one : found) {
            var destination = to == null ? one.key.from() : to;
            if (!hindrances.containsKey(destination)) {
                hindrances.put(destination, hindrance(destination));
            }
            var why = hindrances.get(destination);
            if (why == null) {
                plan.moves().add(new Move(one.id, one.key, destination, one.bytes));
            } else {
                plan.staying().add(new Staying(one.id, why));
            }
        }
        return plan;
    }

    private String hindrance(String destination) throws JMSException {
        if (destination == null) {
            return "nobody has noted where it came from";
        }
        if (destination.equals(source.name())) {
            return "it was rejected from " + destination + " itself, where it came from before is not known";
        }
        return control.exists(destination) ? null : "there is no queue " + destination + " any more";
    }

    @Override
    public int run(Plan plan, IntConsumer progress, BooleanSupplier stopped) throws JMSException {
        int moved = 0;
        for (var portion : Portions.of(plan.moves(), Move::bytes)) {
            if (stopped.getAsBoolean()) {
                break;
            }
            for (var same : byDestination(portion).entrySet()) {
                moved += control.move(source.name(), same.getValue(), same.getKey());
                progress.accept(moved);
            }
        }
        return moved;
    }

    private static Map<String, List<MessageKey>> byDestination(List<Move> moves) {
        return moves.stream()
                .collect(Collectors.groupingBy(
                        Move::to, LinkedHashMap::new, Collectors.mapping(Move::key, Collectors.toList())));
    }
}
