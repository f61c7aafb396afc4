package org.smscallbacks.gateway;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.config.Settings;
import org.smscallbacks.http.BodyBudget;
import org.smscallbacks.http.CallbackListener;
import org.smscallbacks.http.CallbackLog;
import org.smscallbacks.store.EventPublisher;
import org.smscallbacks.store.EventStore;
import org.smscallbacks.store.JmsStore;
import org.smscallbacks.store.JournalStore;
import org.smscallbacks.trail.Trail;
import org.smscallbacks.trail.TrailFile;

/**
 * What the routes run in, and what stays when they are exchanged.
 *
 * @param settings those of the start
 * @param broker the embedded one, or null
 * @param listener the port for callbacks, not open yet
 * @param connections to the broker, without prefetching
 * @param clock by which events are due and requests are signed
 * @param retryConnections the same for the retry queues, which are read in the order they are in
 */
record Services(
        Settings settings,
        EmbeddedBroker broker,
        PrometheusMeterRegistry meters,
        CallbackLog log,
        Trail trail,
        Vertx vertx,
        CallbackListener listener,
        BodyBudget bodies,
        ActiveMQConnectionFactory connections,
        ActiveMQConnectionFactory retryConnections,
        EventPublisher publisher,
        LastEdit edit,
        Clock clock) {

    /** A callback holds a thread while it waits for its commit, for as long as a broker hangs; these are left to refuse the others. */
    private static final int WORKERS = EventPublisher.MOST_AT_ONCE + 16;

    /** The same without a broker, so that nothing is kept: for routes that are looked at, or tried. */
    static Services withoutBroker(Settings settings, CloseStack opened) {
        return open(settings, opened, null, null, NoStore::new);
    }

    /**
     * Opens them, and leaves each with what closes it.
     *
     * @param onDiskFailure is called when the embedded broker's disk has failed
     */
    static Services open(Settings settings, CloseStack opened, Runnable onDiskFailure) {
        var broker = settings.broker().isEmbedded() ? opened.push(EmbeddedBroker.start(settings, onDiskFailure)) : null;
        return open(
                settings,
                opened,
                broker,
                trailFile(settings, broker),
                () -> broker == null ? new JmsStore(connectionsTo(null, settings)) : new JournalStore(broker));
    }

    private static Services open(
            Settings settings,
            CloseStack opened,
            EmbeddedBroker broker,
            TrailFile trailFile,
            Supplier<EventStore> store) {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var collections = opened.push(new JvmGcMetrics());
        List.<MeterBinder>of(new JvmMemoryMetrics(), new JvmThreadMetrics(), new ProcessorMetrics(), collections)
                .forEach(metrics -> metrics.bindTo(meters));
        // closed after whatever notes something
        var trail = opened.push(Trail.in(trailFile, meters));
        var log = new CallbackLog(meters, trail);
        var vertx = Vertx.vertx(new VertxOptions()
                .setWorkerPoolSize(WORKERS)
                // a broker that hangs is told of once, and not by each thread each second
                .setMaxWorkerExecuteTime(Long.MAX_VALUE)
                .setPreferNativeTransport(true));
        opened.push(
                () -> vertx.close().toCompletionStage().toCompletableFuture().join());
        // closed late: who calls while the routes stop is told to come again
        var listener = opened.push(new CallbackListener(vertx));
        var connections = opened.push(connectionsTo(broker, settings));
        // what is prefetched nothing urgent can overtake
        connections.setConsumerWindowSize(0);
        var retryConnections = opened.push(connectionsTo(broker, settings));
        var publisher = opened.push(new EventPublisher(
                store.get(),
                settings.broker().commitTimeout(),
                Context::isOnWorkerThread,
                log::stored,
                log::storedLate));
        var edit = new LastEdit();
        edit.measure(meters);
        return new Services(
                settings,
                broker,
                meters,
                log,
                trail,
                vertx,
                listener,
                new BodyBudget(Runtime.getRuntime().maxMemory()),
                connections,
                retryConnections,
                publisher,
                edit,
                Clock.systemUTC());
    }

    private static TrailFile trailFile(Settings settings, EmbeddedBroker broker) {
        var trail = settings.brokerKeys().trail();
        LongSupplier roomLeft =
                broker == null ? () -> Long.MAX_VALUE : () -> broker.reserve().left();
        return trail.isOn() ? TrailFile.open(trail, roomLeft) : null;
    }

    private static ActiveMQConnectionFactory connectionsTo(EmbeddedBroker broker, Settings settings) {
        return new ActiveMQConnectionFactory(
                settings.broker().url(),
                settings.broker().user(),
                broker == null ? settings.broker().password() : broker.gatewayPassword());
    }

    QueueControl queues() {
        return new QueueControl(connections);
    }

    /** Asked every few seconds: the embedded broker without a connection. */
    Callable<Set<String>> pausedQueues() {
        return broker == null ? queues()::paused : broker::paused;
    }
}
