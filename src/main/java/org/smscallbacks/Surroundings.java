package org.smscallbacks;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.Map;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.broker.EventPublisher;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.http.CallbackLog;

/**
 * What the routes run in, and what stays when they are exchanged.
 *
 * @param broker the embedded one, or null
 * @param connections to the broker
 * @param management the keys and values for Camel's management server
 */
record Surroundings(
        Vertx vertx,
        PrometheusMeterRegistry meters,
        CallbackLog log,
        EmbeddedBroker broker,
        ActiveMQConnectionFactory connections,
        EventPublisher publisher,
        QueueControl queues,
        Map<String, String> management) {}
