package org.smscallbacks.broker;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.management.ResourceNames;

/**
 * Asks the broker about its queues, and pauses and resumes them: with Artemis' management messages over an ordinary connection, so
 * it works the same on the embedded broker and on any other. The user needs the permissions <code>manage</code> and
 * <code>browse</code>.
 *
 * <p>Every method takes a connection of its own, waits a few seconds at most for each answer, and throws a {@link JMSException} when
 * the broker cannot be reached, does not answer or refuses; a {@link JMSSecurityException} when the user may not do that.
 */
public final class QueueControl {

    private static final Duration LONGEST_MOVE = Duration.ofMinutes(1);
    private static final int AT_ONCE = 100;

    private final ConnectionFactory connections;

    public QueueControl(ConnectionFactory connections) {
        this.connections = connections;
    }

    /**
     * All queues that events can be in, by name: those whose name begins with <code>sms.</code>, and all others that last, since a
     * router can have put events into any.
     */
    public List<QueueState> queues() throws JMSException {
        return asked(broker -> {
            var queues = new ArrayList<QueueState>();
            for (var queue : broker.ofEvents()) {
                queues.add(broker.state(queue));
            }
            queues.sort(Comparator.comparing(QueueState::name));
            return List.copyOf(queues);
        });
    }

    /** How many messages each of them has, by name: the same as in its {@link QueueState}, but one question for all. */
    public Map<String, Long> counts() throws JMSException {
        return asked(broker -> {
            var counts = new TreeMap<String, Long>();
            for (var queue : broker.ofEvents()) {
                counts.put(
                        queue.path("name").asText(), queue.path("messageCount").asLong());
            }
            return counts;
        });
    }

    /** The names of those from which nothing is delivered until they are resumed: one question for all. */
    public Set<String> paused() throws JMSException {
        return asked(broker -> broker.ofEvents().stream()
                .filter(queue -> queue.path("paused").asBoolean())
                .map(queue -> queue.path("name").asText())
                .collect(Collectors.toSet()));
    }

    /** Whether there is a queue of this name. */
    public boolean exists(String queue) throws JMSException {
        return asked(broker -> !broker.named(queue).isEmpty());
    }

    /** This queue; one that does not exist is an error. */
    public QueueState queue(String name) throws JMSException {
        return asked(broker -> broker.state(broker.existing(name)));
    }

    /**
     * How many messages this queue has, those on their way to a consumer included. Other than in a {@link QueueState}, whatever the
     * broker has acknowledged is counted: there the last ones may be missing for a moment. A queue that does not exist is an error.
     */
    public long messages(String queue) throws JMSException {
        return asked(broker -> {
            broker.existing(queue);
            // the broker shows what is in a queue after it has counted what came before
            broker.oldest(queue);
            return broker.existing(queue).path("messageCount").asLong();
        });
    }

    /** Whether the broker delivers nothing from this queue; a queue that does not exist is an error. */
    public boolean isPaused(String queue) throws JMSException {
        return queue(queue).paused();
    }

    /**
     * Has the broker deliver nothing from this queue until it is resumed, also after a restart; it still takes messages. Consumers
     * keep what they have prefetched. Pausing twice is pausing once.
     */
    public void pause(String queue) throws JMSException {
        asked(broker -> broker.invoke(ResourceNames.QUEUE + queue, "pause", true));
    }

    /** Has the broker deliver from this queue again; a queue that is not paused stays as it is. */
    public void resume(String queue) throws JMSException {
        asked(broker -> broker.invoke(ResourceNames.QUEUE + queue, "resume"));
    }

    /**
     * Writes something that nobody needs and that expires.
     *
     * @throws BrokerRefusedException when the broker takes nothing now, because its disk is full for instance
     */
    public void refuseIfNothingIsTaken() throws JMSException {
        asked(broker -> {
            broker.writeSomething();
            return null;
        });
    }

    /**
     * Moves messages from one queue to another inside the broker, where each is in one of the two at any moment, and keeps the id by
     * which a repetition of it is known. It reads the queue from its head until it has found them all, page by page where it is paged;
     * it may take a minute at most.
     *
     * @return how many were still there
     */
    public int move(String from, Collection<MessageKey> keys, String to) throws JMSException {
        var queue = ResourceNames.QUEUE + from;
        return asked(broker -> {
            // what is refused while it is moved the broker counts twice until it starts again
            broker.writeSomething();
            int moved = 0;
            for (var same : named(keys).entrySet()) {
                var ids = same.getValue();
                moved += number(broker.invoke(
                        LONGEST_MOVE, queue, "moveMessages", AT_ONCE, selector(same), to, false, ids.size()));
            }
            for (var key : unnamed(keys)) {
                moved += one(broker.invoke(LONGEST_MOVE, queue, "moveMessage", key.number(), to, false));
            }
            return moved;
        });
    }

    /**
     * Removes messages for good. It reads the whole queue, page by page where it is paged; it may take a minute at most.
     *
     * @return how many were still there
     */
    public int remove(String from, Collection<MessageKey> keys) throws JMSException {
        var queue = ResourceNames.QUEUE + from;
        return asked(broker -> {
            int removed = 0;
            for (var same : named(keys).entrySet()) {
                removed += number(broker.invoke(LONGEST_MOVE, queue, "removeMessages", AT_ONCE, selector(same)));
            }
            for (var key : unnamed(keys)) {
                removed += one(broker.invoke(LONGEST_MOVE, queue, "removeMessage", key.number()));
            }
            return removed;
        });
    }

    /** The message ids by what else must be selected. */
    private static Map<String, List<String>> named(Collection<MessageKey> keys) {
        return keys.stream()
                .filter(key -> key.messageId() != null)
                .collect(Collectors.groupingBy(
                        MessageKey::origin,
                        LinkedHashMap::new,
                        Collectors.mapping(MessageKey::messageId, Collectors.toList())));
    }

    private static List<MessageKey> unnamed(Collection<MessageKey> keys) {
        return keys.stream().filter(key -> key.messageId() == null).toList();
    }

    private static String selector(Map.Entry<String, List<String>> same) {
        return same.getValue().stream()
                .map(id -> "'" + id + "'")
                .collect(Collectors.joining(", ", same.getKey() + " AND AMQUserID IN (", ")"));
    }

    private static int number(Object answer) {
        return ((Number) answer).intValue();
    }

    private static int one(Object done) {
        return Boolean.TRUE.equals(done) ? 1 : 0;
    }

    private <T> T asked(Question<T> question) throws JMSException {
        try (var connection = connections.createConnection()) {
            try {
                connection.start();
                return question.ask(new Management(connection));
            } catch (JMSSecurityException e) {
                throw Management.because(
                        new JMSSecurityException("the broker does not let this user manage its queues: the user needs a"
                                + " role with the permissions manage, browse and createNonDurableQueue"),
                        e);
            }
        }
    }

    private interface Question<T> {
        T ask(Management broker) throws JMSException;
    }
}
