package org.smscallbacks.broker;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Ready when the broker commits: a small persistent message, which expires at once, is stored and committed. */
public final class BrokerHealth extends AbstractHealthCheck {

    static final String PROBE_QUEUE = "sms.probe";
    static final long LIFE_MILLIS = 1_000;
    private static final long PATIENCE_MILLIS = 2_000;

    private final ConnectionFactory connections;
    private CompletableFuture<Void> probe;

    public BrokerHealth(ConnectionFactory connections) {
        super("sms", "broker");
        this.connections = connections;
    }

    @Override
    protected synchronized void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        // one that hangs is asked again, not doubled
        if (probe == null || probe.isDone()) {
            probe = CompletableFuture.runAsync(this::commit);
        }
        try {
            probe.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            builder.message("the broker commits").up();
        } catch (TimeoutException e) {
            builder.message("the broker does not commit within " + PATIENCE_MILLIS + " ms")
                    .down();
        } catch (ExecutionException e) {
            builder.message("the broker cannot commit: " + e.getCause().getMessage())
                    .down();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            builder.message("interrupted").unknown();
        }
    }

    private void commit() {
        try (var connection = connections.createConnection();
                var session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            var producer = session.createProducer(session.createQueue(PROBE_QUEUE));
            producer.send(session.createMessage(), DeliveryMode.PERSISTENT, 4, LIFE_MILLIS);
            session.commit();
        } catch (JMSException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
