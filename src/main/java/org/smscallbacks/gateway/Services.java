package org.smscallbacks.gateway;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.config.Settings;
import org.smscallbacks.http.CallbackListener;
import org.smscallbacks.http.CallbackLog;
import org.smscallbacks.store.EventPublisher;

/** What the routes run in, and what stays when they are exchanged. */
final class Services implements AutoCloseable {

    /** A callback holds a thread while it waits for its commit; this many can share one. */
    private static final int WORKERS = 64;

    private final Settings settings;
    private final CloseStack opened = new CloseStack();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CallbackLog log = new CallbackLog(meters);
    private EmbeddedBroker broker;
    private Vertx vertx;
    private CallbackListener listener;
    private ActiveMQConnectionFactory connections;
    private EventPublisher publisher;

    private Services(Settings settings) {
        this.settings = settings;
    }

    /** Opens all of them but the port for callbacks. */
    static Services open(Settings settings) {
        var services = new Services(settings);
        try {
            services.open();
            return services;
        } catch (RuntimeException | Error e) {
            services.close();
            throw e;
        }
    }

    private void open() {
        if (settings.broker().isEmbedded()) {
            broker = opened.push(EmbeddedBroker.start(settings));
        }
        var collections = opened.push(new JvmGcMetrics());
        List.<MeterBinder>of(new JvmMemoryMetrics(), new JvmThreadMetrics(), new ProcessorMetrics(), collections)
                .forEach(metrics -> metrics.bindTo(meters));
        vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(WORKERS).setPreferNativeTransport(true));
        opened.push(
                () -> vertx.close().toCompletionStage().toCompletableFuture().join());
        // closed late: who calls while the routes stop is told to come again
        listener = opened.push(new CallbackListener(vertx));
        connections = newConnections();
        // what is prefetched nothing urgent can overtake
        connections.setConsumerWindowSize(0);
        publisher =
                opened.push(new EventPublisher(connections, settings.broker().commitTimeout(), log::stored).start());
    }

    /** One more factory of connections to the broker, closed with the others. */
    ActiveMQConnectionFactory newConnections() {
        return opened.push(new ActiveMQConnectionFactory(
                settings.broker().url(),
                settings.broker().user(),
                broker == null ? settings.broker().password() : broker.gatewayPassword()));
    }

    /** The embedded broker, or null. */
    EmbeddedBroker broker() {
        return broker;
    }

    Vertx vertx() {
        return vertx;
    }

    PrometheusMeterRegistry meters() {
        return meters;
    }

    CallbackLog log() {
        return log;
    }

    CallbackListener listener() {
        return listener;
    }

    /** Connections to the broker, without prefetching. */
    ActiveMQConnectionFactory connections() {
        return connections;
    }

    EventPublisher publisher() {
        return publisher;
    }

    QueueControl queues() {
        return new QueueControl(connections);
    }

    /** The keys and values for Camel's management server. */
    Map<String, String> management() {
        return settings.management();
    }

    @Override
    public void close() {
        opened.close();
    }
}
