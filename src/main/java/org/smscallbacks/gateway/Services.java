package org.smscallbacks.gateway;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.Map;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.http.CallbackLog;
import org.smscallbacks.store.EventPublisher;

/**
 * What the routes run in, and what stays when they are exchanged.
 *
 * @param broker the embedded one, or null
 * @param connections to the broker
 * @param management the keys and values for Camel's management server
 */
record Services(
        Vertx vertx,
        PrometheusMeterRegistry meters,
        CallbackLog log,
        EmbeddedBroker broker,
        ActiveMQConnectionFactory connections,
        EventPublisher publisher,
        QueueControl queues,
        Map<String, String> management) {}
