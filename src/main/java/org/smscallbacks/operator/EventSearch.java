package org.smscallbacks.operator;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.QueueState;
import org.smscallbacks.event.EventProperties;

/** Finds an event, or all events of a message, in whichever queue they lie now. */
public final class EventSearch {

    private final ConnectionFactory connections;
    private final String unrecognised;

    /** @param unrecognised the queue whose events have no message id of their own: their texts are looked through */
    public EventSearch(ConnectionFactory connections, String unrecognised) {
        this.connections = connections;
        this.unrecognised = unrecognised;
    }

    /** An event and the queue it lies in. */
    public record Place(QueueState queue, StoredEvent event) {}

    /**
     * The events with one of these ids: of an event, of a message, or a reference.
     *
     * @param most so many at most
     */
    public List<Place> find(Collection<String> ids, int most) throws JMSException {
        var found = new ArrayList<Place>();
        var selector = Stream.of(EventProperties.EVENT_ID, EventProperties.MESSAGE_ID, EventProperties.REFERENCE)
                .map(property -> ids.stream()
                        .map(EventFilter::quoted)
                        .collect(Collectors.joining(", ", property + " IN (", ")")))
                .collect(Collectors.joining(" OR "));
        for (var queue : new QueueControl(connections).queues()) {
            if (queue.messages() > 0 && found.size() < most) {
                boolean isUnrecognised = queue.name().equals(unrecognised);
                new EventQueue(connections, queue.name()).browse(isUnrecognised ? null : selector, event -> {
                    if (!isUnrecognised || holds(event, ids)) {
                        found.add(new Place(queue, event));
                    }
                    return found.size() < most;
                });
            }
        }
        return found;
    }

    private static boolean holds(StoredEvent event, Collection<String> ids) {
        var text = event.text();
        return text != null && ids.stream().anyMatch(id -> text.contains('"' + id + '"'));
    }
}
