package org.smscallbacks.operator;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.smscallbacks.broker.MessageKey;
import org.smscallbacks.broker.QueueControl;

/** Removes messages from a queue for good. The broker does it, message by message as they were seen, whatever came in since. */
public final class Discard {

    private static final int PORTION = 1_000;

    private final QueueControl control;
    private final String queue;

    public Discard(ConnectionFactory connections, String queue) {
        this.control = new QueueControl(connections);
        this.queue = queue;
    }

    /**
     * Removes these messages.
     *
     * @param progress is told now and then how many are removed so far
     * @param stopped whether to stop after the portion under way
     * @return how many were removed; fewer when it was stopped, or when others took some of them meanwhile
     */
    public int run(List<MessageKey> keys, IntConsumer progress, BooleanSupplier stopped) throws JMSException {
        int removed = 0;
        for (int from = 0; from < keys.size() && !stopped.getAsBoolean(); from += PORTION) {
            removed += control.remove(queue, keys.subList(from, Math.min(from + PORTION, keys.size())));
            progress.accept(removed);
        }
        return removed;
    }
}
