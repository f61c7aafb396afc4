package org.smscallbacks.store;

import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.reader.MessageUtil;
import org.apache.activemq.artemis.reader.TextMessageUtil;
import org.apache.activemq.artemis.utils.UUIDGenerator;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.Priority;

/** An event as it travels: its text, and beside it what consumers select and sort by. The same message whichever way it is stored. */
final class EventMessage {

    /** By this property Artemis knows an event again. */
    static final String DUPLICATE_ID = Message.HDR_DUPLICATE_DETECTION_ID.toString();

    /** Brokers limit the size of a message's properties; the event itself has every id in full. */
    private static final int LONGEST_PROPERTY = 1_000;

    private static final int HEADERS_AND_PROPERTIES = 1_024;

    private static final Map<String, SimpleString> NAMES = new ConcurrentHashMap<>();

    private EventMessage() {}

    /** To be sent by a JMS client, with the priority of {@link #priority}. */
    static TextMessage forJms(Session session, CollectedEvent event) throws JMSException {
        var message = session.createTextMessage(event.json());
        message.setJMSType(event.type());
        message.setJMSCorrelationID(correlationId(event));
        setProperties(event, message::setStringProperty, message::setBooleanProperty);
        return message;
    }

    /**
     * What a JMS client would send to this queue, ready to be routed.
     *
     * @param text the event's text, which several messages can share
     */
    static CoreMessage forBroker(long messageId, CollectedEvent event, SimpleString text, SimpleString queue) {
        var message = new CoreMessage(messageId, text.getData().length + HEADERS_AND_PROPERTIES);
        message.setType(Message.TEXT_TYPE);
        message.setAddress(queue);
        message.setRoutingType(RoutingType.ANYCAST);
        message.setDurable(true);
        message.setPriority((byte) priority(event));
        message.setTimestamp(System.currentTimeMillis());
        message.setUserID(UUIDGenerator.getInstance().generateUUID());
        TextMessageUtil.writeBodyText(message.getBodyBuffer(), text);
        MessageUtil.setJMSType(message, event.type());
        MessageUtil.setJMSCorrelationID(message, correlationId(event));
        setProperties(
                event,
                (name, value) -> message.putStringProperty(interned(name), SimpleString.of(value)),
                (name, value) -> message.putBooleanProperty(interned(name), value));
        return message;
    }

    /** About how many bytes the broker writes for the event, in all its queues. */
    static long bytes(CollectedEvent event) {
        // a JMS text has two bytes a character
        long each = 2L * event.json().length() + HEADERS_AND_PROPERTIES;
        return each * (event.rememberedAt().size() + event.copies().size());
    }

    static int priority(CollectedEvent event) {
        return Priority.of(event.data("status"));
    }

    private static <E extends Exception> void setProperties(
            CollectedEvent event, Setter<String, E> texts, Setter<Boolean, E> booleans) throws E {
        set(texts, EventProperties.EVENT_ID, event.id());
        set(texts, EventProperties.EVENT_TYPE, event.type());
        set(texts, EventProperties.PROVIDER, event.data("provider"));
        set(texts, EventProperties.ACCOUNT, event.data("account"));
        set(texts, EventProperties.MESSAGE_ID, correlationId(event));
        set(texts, EventProperties.REFERENCE, ifShort(event.data("reference")));
        set(texts, EventProperties.STATUS, event.data("status"));
        var last = event.event().path("data").path("final");
        if (last.isBoolean()) {
            booleans.set(EventProperties.FINAL, last.booleanValue());
        }
    }

    private static <E extends Exception> void set(Setter<String, E> texts, String name, String value) throws E {
        if (value != null) {
            texts.set(name, value);
        }
    }

    /** The provider's message id, or null for none, or one that is too long. */
    private static String correlationId(CollectedEvent event) {
        return ifShort(event.data("messageId"));
    }

    private static String ifShort(String text) {
        return text == null || text.length() > LONGEST_PROPERTY ? null : text;
    }

    private static SimpleString interned(String name) {
        return NAMES.computeIfAbsent(name, SimpleString::of);
    }

    private interface Setter<T, E extends Exception> {
        void set(String name, T value) throws E;
    }
}
