package org.smscallbacks.broker;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.activemq.artemis.utils.UUIDGenerator;

/** The JMS producer of a {@link RouteSession}: sends to one destination, or to the one it is told. Used by one thread. */
final class RouteProducer implements InvocationHandler {

    private final BrokerTransaction transaction;
    private final Destination destination;
    private int deliveryMode = Message.DEFAULT_DELIVERY_MODE;
    private int priority = Message.DEFAULT_PRIORITY;
    private long timeToLive = Message.DEFAULT_TIME_TO_LIVE;

    private RouteProducer(BrokerTransaction transaction, Destination destination) {
        this.transaction = transaction;
        this.destination = destination;
    }

    /** What it sends becomes part of the transaction. */
    static MessageProducer in(BrokerTransaction transaction, Destination destination) {
        return RouteSession.proxy(MessageProducer.class, new RouteProducer(transaction, destination));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "send" -> send(arguments);
            case "setDeliveryMode" -> deliveryMode = (int) arguments[0];
            case "setPriority" -> priority = (int) arguments[0];
            case "setTimeToLive" -> timeToLive = (long) arguments[0];
            case "setDisableMessageID", "setDisableMessageTimestamp", "close" -> {}
            case "getDestination" -> {
                return destination;
            }
            default -> {
                return RouteSession.otherwise(proxy, method, arguments);
            }
        }
        return null;
    }

    /** As JMS has it: perhaps a destination, the message, perhaps how it is sent. */
    private void send(Object[] arguments) throws JMSException {
        int at = arguments[0] instanceof Destination ? 1 : 0;
        var to = at == 1 ? (Destination) arguments[0] : destination;
        var message = (Message) arguments[at];
        boolean saysHow = arguments.length > at + 3;
        message.setJMSDeliveryMode(saysHow ? (int) arguments[at + 1] : deliveryMode);
        message.setJMSPriority(saysHow ? (int) arguments[at + 2] : priority);
        long life = saysHow ? (long) arguments[at + 3] : timeToLive;
        long now = System.currentTimeMillis();
        message.setJMSTimestamp(now);
        message.setJMSExpiration(life == 0 ? 0 : now + life);
        try {
            send((ActiveMQDestination) to, (ActiveMQMessage) message);
        } catch (Exception e) {
            throw RouteSession.failed(e);
        }
    }

    private void send(ActiveMQDestination to, ActiveMQMessage message) throws Exception {
        message.doBeforeSend();
        var written = (CoreMessage) message.getCoreMessage();
        // a copy has its body only once it is encoded
        written.getEncodeSize();
        var core = (CoreMessage) written.copy(transaction.newMessageId());
        core.setAddress(to.getSimpleAddress());
        core.setRoutingType(to.isQueue() ? RoutingType.ANYCAST : RoutingType.MULTICAST);
        core.setUserID(UUIDGenerator.getInstance().generateUUID());
        transaction.send(core);
    }
}
