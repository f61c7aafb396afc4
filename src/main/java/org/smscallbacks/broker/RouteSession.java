package org.smscallbacks.broker;

import static org.apache.activemq.artemis.api.core.Message.HDR_LARGE_BODY_SIZE;
import static org.apache.activemq.artemis.api.core.Message.HDR_LARGE_COMPRESSED;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.zip.InflaterInputStream;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQBuffers;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.core.client.impl.ClientMessageImpl;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.jms.client.ActiveMQBytesMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.activemq.artemis.jms.client.ActiveMQMapMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQObjectMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQStreamMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQTextMessage;

/**
 * The JMS session of a route that handles one message of the embedded broker: what it sends, and that the message leaves its queue, is
 * one {@link BrokerTransaction}. It can do what the steps of a route ask of a session, and refuses the rest. Used by one thread.
 */
final class RouteSession implements InvocationHandler {

    /** Artemis keeps its length before it; a buffer that grows would take twice as much. */
    private static final int BEFORE_THE_BODY = 16;

    private static final int MOST_UNPACKED = 32 << 20;

    private final BrokerTransaction transaction;
    private final MessageReference reference;
    private final Session jms = proxy(Session.class, this);
    private boolean hasEnded;
    private boolean isReferenceInTransaction;

    RouteSession(BrokerTransaction transaction, MessageReference reference) {
        this.transaction = transaction;
        this.reference = reference;
    }

    /** The same, as JMS has it. */
    Session asJms() {
        return jms;
    }

    /** Gives back the message, unless the session has ended. */
    void rollBack() throws JMSException {
        end(false);
    }

    /** Whether the transaction, with whatever becomes of it, decides about the message. */
    boolean isReferenceInTransaction() {
        return isReferenceInTransaction;
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(RouteSession.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** The message that is handled, as a consumer of JMS gets it. */
    Message received() throws JMSException {
        try {
            var stored = reference.getMessage().toCore();
            var client = new ClientMessageImpl();
            client.moveHeadersAndProperties(stored);
            client.setDeliveryCount(reference.getDeliveryCount());
            var body = body(stored);
            client.initBuffer(body.readableBytes() + BEFORE_THE_BODY);
            client.getBodyBuffer().writeBytes(body, body.readableBytes());
            // what was large, or compressed, is whole now
            client.removeProperty(HDR_LARGE_BODY_SIZE);
            client.removeProperty(HDR_LARGE_COMPRESSED);
            var message = ActiveMQMessage.createMessage(client, null);
            message.doBeforeReceive();
            return message;
        } catch (Exception e) {
            throw failed(e);
        }
    }

    /** As its sender wrote it. */
    private static ActiveMQBuffer body(ICoreMessage stored) throws IOException {
        var body = stored.getReadOnlyBodyBuffer();
        if (!stored.getBooleanProperty(HDR_LARGE_COMPRESSED)) {
            return body;
        }
        var packed = new byte[body.readableBytes()];
        body.readBytes(packed);
        try (var unpacked = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            var bytes = unpacked.readNBytes(MOST_UNPACKED + 1);
            if (bytes.length > MOST_UNPACKED) {
                throw new IOException("a compressed message of more than " + (MOST_UNPACKED >> 20) + " MiB");
            }
            return ActiveMQBuffers.wrappedBuffer(bytes);
        }
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "createTextMessage" -> {
                var text = (ActiveMQTextMessage) newMessage(ActiveMQTextMessage.TYPE);
                if (arguments != null) {
                    text.setText((String) arguments[0]);
                }
                yield text;
            }
            case "createBytesMessage" -> newMessage(ActiveMQBytesMessage.TYPE);
            case "createMapMessage" -> newMessage(ActiveMQMapMessage.TYPE);
            case "createStreamMessage" -> newMessage(ActiveMQStreamMessage.TYPE);
            case "createObjectMessage" -> {
                var object = (ActiveMQObjectMessage) newMessage(ActiveMQObjectMessage.TYPE);
                if (arguments != null) {
                    object.setObject((java.io.Serializable) arguments[0]);
                }
                yield object;
            }
            case "createMessage" -> newMessage(ActiveMQMessage.TYPE);
            case "createQueue" -> ActiveMQDestination.createQueue((String) arguments[0]);
            case "createTopic" -> ActiveMQDestination.createTopic((String) arguments[0]);
            case "createProducer" -> RouteProducer.in(transaction, (Destination) arguments[0]);
            case "getTransacted" -> true;
            case "getAcknowledgeMode" -> Session.SESSION_TRANSACTED;
            case "commit" -> end(true);
            case "rollback" -> end(false);
            case "close" -> null;
            default -> otherwise(proxy, method, arguments);
        };
    }

    /** What any object can do; the rest is refused. */
    static Object otherwise(Object proxy, Method method, Object[] arguments) throws JMSException {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "a session of the embedded broker";
            default ->
                throw new jakarta.jms.IllegalStateException(
                        method.getName() + " is not possible in a transaction of the embedded broker");
        };
    }

    private static ActiveMQMessage newMessage(byte type) throws JMSException {
        var message = ActiveMQMessage.createMessage(
                new ClientMessageImpl(type, true, 0, System.currentTimeMillis(), (byte) 4, 1_024), null);
        message.clearProperties();
        message.clearBody();
        return message;
    }

    /** Once only: whoever ends it first decides. */
    private Object end(boolean commits) throws JMSException {
        if (hasEnded) {
            return null;
        }
        hasEnded = true;
        try (transaction) {
            if (commits) {
                transaction.acknowledge(reference);
                isReferenceInTransaction = true;
                transaction.commit();
            } else {
                transaction.giveBack(reference);
                isReferenceInTransaction = true;
            }
        } catch (Exception e) {
            throw failed(e);
        }
        return null;
    }

    static JMSException failed(Exception failure) {
        if (failure instanceof JMSException jms) {
            return jms;
        }
        var words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        var failed = new JMSException(words);
        failed.initCause(failure);
        return failed;
    }
}
