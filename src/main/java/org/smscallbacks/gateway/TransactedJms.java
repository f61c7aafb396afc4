package org.smscallbacks.gateway;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.RollbackExchangeException;
import org.apache.camel.component.jms.ConsumerType;
import org.apache.camel.component.jms.DefaultJmsMessageListenerContainer;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.component.jms.JmsHeaderFilterStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.broker.QueueContainer;
import org.smscallbacks.store.ReplayFailedException;
import org.springframework.util.ErrorHandler;

/** Camel's JMS component as all routes have it: what a route takes from a queue and sends to others is one transaction. */
final class TransactedJms {

    private static final Logger LOG = LoggerFactory.getLogger(TransactedJms.class);

    private TransactedJms() {}

    /**
     * The component, over these connections.
     *
     * @param broker to which they lead when it is the embedded one, else null: of its queues routes take without them
     */
    static JmsComponent over(ConnectionFactory connections, EmbeddedBroker broker) {
        var jms = JmsComponent.jmsComponent(connections);
        jms.setTransacted(true);
        jms.setLazyCreateTransactionManager(false);
        jms.setCacheLevelName("CACHE_CONSUMER");
        jms.setDisableReplyTo(true);
        jms.setPreserveMessageQos(true);
        jms.setErrorHandler(new RolledBack());
        if (broker != null) {
            jms.setConsumerType(ConsumerType.Custom);
            jms.setMessageListenerContainerFactory(endpoint -> isPlainQueue(endpoint, connections)
                    ? new QueueContainer(
                            broker,
                            endpoint.getDestinationName(),
                            Math.max(endpoint.getConcurrentConsumers(), endpoint.getMaxConcurrentConsumers()))
                    : new DefaultJmsMessageListenerContainer(endpoint));
        }
        // nothing in a message steers Camel; by itself it looks for two ways to write that only, and takes any
        var headers = new JmsHeaderFilterStrategy();
        headers.setInFilterPattern("(?i)camel.*");
        jms.setHeaderFilterStrategy(headers);
        return jms;
    }

    private static boolean isPlainQueue(JmsEndpoint from, ConnectionFactory connections) {
        return from.getConnectionFactory() == connections
                && from.isTransacted()
                && !from.isPubSubDomain()
                && from.getSelector() == null
                && !from.getDestinationName().contains("::");
    }

    /** Says what it was, but not for each of many messages that fail for one reason. */
    private static final class RolledBack implements ErrorHandler {

        private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

        private String said;
        private long saidAt;

        @Override
        public synchronized void handleError(Throwable failure) {
            if (failure.getCause() instanceof RollbackExchangeException) {
                // a consumer that stops hands back what it has not begun
                return;
            }
            var words = inSafeWords(failure);
            long now = System.nanoTime();
            if (!words.equals(said) || now - saidAt > QUIET_NANOS) {
                LOG.warn("A message could not be moved on, the broker gives it again: {}", words);
                said = words;
                saidAt = now;
            }
            LOG.debug("rolled back", failure);
        }
    }

    /** What is neither the broker's nor ours may quote an event: no more than its name is said. */
    private static String inSafeWords(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null && !isSafe(cause)) {
            cause = cause.getCause();
        }
        return isSafe(cause) ? cause.getMessage() : cause.getClass().getName();
    }

    private static boolean isSafe(Throwable cause) {
        return cause instanceof JMSException || cause instanceof ReplayFailedException;
    }
}
