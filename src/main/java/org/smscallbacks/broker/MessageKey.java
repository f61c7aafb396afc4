package org.smscallbacks.broker;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Collections;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;

/**
 * What the broker finds a message of a queue by.
 *
 * @param number the broker's own number of the message, as long as it lies in that queue
 * @param messageId the JMS message id; null where the broker has none, or knows the message by another than it shows
 * @param from the queue the broker has moved it from; null where it was sent to the queue it is in
 */
public record MessageKey(long number, String messageId, String from) {

    private static final String CAME_FROM = org.apache.activemq.artemis.api.core.Message.HDR_ORIGINAL_QUEUE.toString();
    private static final String AMQP = "JMS_AMQP_";
    private static final Pattern USUAL = Pattern.compile("ID:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Of a message that the broker has delivered or shown. */
    public static MessageKey of(Message message) throws JMSException {
        var number =
                message instanceof ActiveMQMessage ours ? ours.getCoreMessage().getMessageID() : 0;
        var id = message.getJMSMessageID();
        boolean known = id != null && USUAL.matcher(id).matches() && !isOfAmqp(message);
        return new MessageKey(number, known ? id : null, message.getStringProperty(CAME_FROM));
    }

    /** The broker makes up an id for what was sent over AMQP each time it shows it, and says by properties that it did. */
    private static boolean isOfAmqp(Message message) throws JMSException {
        for (var name : Collections.list(message.getPropertyNames())) {
            if (name.toString().startsWith(AMQP)) {
                return true;
            }
        }
        return false;
    }

    /** What selects, beside the message id, a copy of the same message that came from another queue. */
    String origin() {
        return CAME_FROM + (from == null ? " IS NULL" : " = '" + from.replace("'", "''") + "'");
    }
}
