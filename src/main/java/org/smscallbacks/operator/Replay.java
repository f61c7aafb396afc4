package org.smscallbacks.operator;

import jakarta.jms.JMSException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.smscallbacks.broker.MessageKey;

/** Sends what lies in a queue, and waits there for an operator, on its way again. */
public interface Replay {

    /**
     * What a replay would do.
     *
     * @param moves the messages it would send on, in the order of the queue
     * @param staying those it cannot
     */
    record Plan(List<Move> moves, List<Staying> staying) {

        /** How many of them go to which queue. */
        public Map<String, Integer> destinations() {
            var destinations = new TreeMap<String, Integer>();
            moves.forEach(move -> destinations.merge(move.to(), 1, Integer::sum));
            return destinations;
        }

        /** How many messages match. */
        public int size() {
            return moves.size() + staying.size();
        }
    }

    /** One message with its event's id, the queue it goes to, and about how many bytes the broker writes when it goes there. */
    record Move(String id, MessageKey key, String to, long bytes) {}

    /** One message that stays where it is, and why. */
    record Staying(String id, String why) {}

    /** What there is to replay now, of at most so many events; changes nothing. */
    Plan plan(EventFilter filter, int most) throws JMSException;

    /** How many events an interrupted replay from this queue has left aside. */
    default int leftAside() throws JMSException {
        return 0;
    }

    /**
     * Sends on what an interrupted replay has left aside.
     *
     * @param progress is told now and then how many are on their way so far
     * @return how many there were
     */
    default int finishInterrupted(IntConsumer progress) throws JMSException {
        return 0;
    }

    /**
     * Replays the plan.
     *
     * @param progress is told now and then how many are on their way so far
     * @param stopped whether to stop after the portion under way
     * @return how many were replayed; fewer than planned when it was stopped, or when others took some of them meanwhile
     */
    int run(Plan plan, IntConsumer progress, BooleanSupplier stopped) throws JMSException;
}
