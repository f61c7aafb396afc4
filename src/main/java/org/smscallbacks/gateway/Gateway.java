package org.smscallbacks.gateway;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.health.HealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.BrokerHealth;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Ports;
import org.smscallbacks.config.Settings;
import org.smscallbacks.delivery.RetryScheduler;
import org.smscallbacks.http.CallbackListener;
import org.smscallbacks.http.CallbackLog;
import org.smscallbacks.store.EventPublisher;

/**
 * The gateway, from its configuration to open ports: the broker, the routes, the listener. Every home starts and stops this object.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** A callback holds a thread while it waits for its commit; this many can share one. */
    private static final int WORKERS = 64;

    private static final long LONGEST_ANSWER_MILLIS = 30_000;
    private static final long LAST_ANSWERS_MILLIS = 2_000;

    private final Supplier<Settings> configuration;
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private volatile Settings settings;
    private Vertx vertx;
    private EmbeddedBroker broker;
    private ActiveMQConnectionFactory connections;
    private ActiveMQConnectionFactory retryConnections;
    private EventPublisher publisher;
    private Services surroundings;
    private volatile RouteSet routes;
    private RetryScheduler dueRetries;
    private CallbackListener listener;
    private FileWatcher edits;
    private volatile Runnable onEdit;
    private boolean open;

    /** With this configuration, whatever is edited. */
    public Gateway(Settings settings) {
        this(() -> settings);
    }

    /** <code>configuration</code> is read at the start, and again with every {@link #reload()}. */
    public Gateway(Supplier<Settings> configuration) {
        this.configuration = configuration;
    }

    /**
     * Starts everything; when this returns, callbacks are taken.
     *
     * @throws ConfigurationException when the configuration, a route or a mapping cannot be used, or a port is taken
     */
    public synchronized void start() throws Exception {
        long started = System.nanoTime();
        settings = configuration.get();
        settings.warnings().forEach(warning -> LOG.warn("{}", warning));
        refuseTakenPorts();
        try {
            startWhatStays();
            edits = new FileWatcher(this::edited, () -> onEdit.run());
            routes = RouteSet.start(settings, surroundings);
            routes.measure();
            dueRetries = new RetryScheduler(retryConnections, settings.get("sms.queue.unrecognised"));
            dueRetries.start();
            listener = CallbackListener.open(vertx, settings, routes.server());
        } catch (Exception e) {
            close();
            throw e;
        }
        open = true;
        sayWhatIsOpen(millisSince(started));
    }

    private void startWhatStays() {
        if (settings.brokerIsEmbedded()) {
            broker = EmbeddedBroker.start(settings);
        }
        connections = newConnections();
        // what is prefetched nothing urgent can overtake
        connections.setConsumerWindowSize(0);
        // nothing overtakes in a retry queue
        retryConnections = newConnections();
        vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(WORKERS).setPreferNativeTransport(true));
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        List.of(new JvmMemoryMetrics(), new JvmThreadMetrics(), new ProcessorMetrics(), collections)
                .forEach(metrics -> metrics.bindTo(meters));
        if (broker != null) {
            broker.measure(settings.queues(), meters);
        }
        var log = new CallbackLog(meters);
        publisher = new EventPublisher(connections, settings.commitTimeout(), log).start();
        surroundings = new Services(
                vertx,
                meters,
                log,
                broker,
                connections,
                publisher,
                new QueueControl(connections),
                settings.startingWith(Settings.MANAGEMENT));
    }

    private ActiveMQConnectionFactory newConnections() {
        return new ActiveMQConnectionFactory(
                settings.get("sms.broker.url"),
                settings.get("sms.broker.user"),
                broker == null ? settings.get("sms.broker.password") : broker.gatewayPassword());
    }

    /** From now on what is edited, in the routes or in the configuration, is used as soon as it is complete and works. */
    public void followEdits() {
        followEdits(() -> {
            if (reload()) {
                untilRestart().forEach(key -> LOG.warn("{} was edited: that is used after a restart only", key));
            }
        });
    }

    /** From now on this is called when something was edited; {@link #reload()} is its part. */
    public synchronized void followEdits(Runnable onEdit) {
        this.onEdit = onEdit;
        edits.start();
    }

    private List<Path> edited() {
        var used = settings();
        return List.of(used.file(), used.routes());
    }

    /**
     * Reads the configuration, the routes and the mappings again and puts them in the place of those in use, or leaves these as they
     * are and says in the log what is wrong. Nobody who calls is refused meanwhile.
     *
     * @return whether what was read is in use
     */
    public synchronized boolean reload() {
        if (!open) {
            return false;
        }
        long started = System.nanoTime();
        Settings edited;
        RouteSet next;
        try {
            edited = configuration.get();
            next = RouteSet.start(edited, surroundings);
        } catch (ConfigurationException e) {
            LOG.error("The edit is not used, everything goes on as before: {}", e.getMessage());
            return false;
        }
        edited.warnings().forEach(warning -> LOG.warn("{}", warning));
        listener.use(next.server());
        routes.takeBackGauges();
        next.measure();
        if (broker != null) {
            broker.measure(edited.queues(), surroundings.meters());
        }
        var before = routes;
        routes = next;
        before.server().awaitAnswers(LONGEST_ANSWER_MILLIS);
        before.close();
        LOG.info("What was edited is in use, after {} ms", millisSince(started));
        return true;
    }

    /** The keys of what was edited and is used after a restart only. */
    public synchronized List<String> untilRestart() {
        return settings.untilRestart(routes.settings());
    }

    /** The configuration in use. */
    public Settings settings() {
        var used = routes;
        return used == null ? settings : used.settings();
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }

    /** Camel's management server only warns about a port in use, and would leave the gateway without health and metrics. */
    private void refuseTakenPorts() {
        var host = settings.get("camel.management.host");
        if (!settings.get("camel.management.port").isEmpty()
                && !Ports.isFree(
                        host.isEmpty() ? "0.0.0.0" : host, settings.number("camel.management.port", 1, 65_535))) {
            throw settings.wrong("camel.management.port", "cannot be used: stop what uses the port, or choose another");
        }
    }

    private void sayWhatIsOpen(long millis) {
        var address = settings.httpHost() + ":" + settings.httpPort();
        LOG.info("SMS Callback Routes is ready after {} ms", millis);
        for (var account : settings.accounts()) {
            LOG.info("  callbacks   http://{}/callbacks/{}/{}", address, account.provider(), account.name());
        }
        for (var provider : settings.providers()) {
            if (settings.accounts().stream()
                    .noneMatch(account -> account.provider().equals(provider))) {
                LOG.info("  {} has no account yet: every callback is refused", provider);
            }
        }
        LOG.info(
                "  management  http://{}:{}/observe/health and /observe/metrics",
                settings.get("camel.management.host"),
                settings.get("camel.management.port"));
        if (broker != null) {
            LOG.info(
                    "  broker      embedded, data in {}",
                    Path.of(settings.get("sms.broker.data")).toAbsolutePath());
            LOG.info("  consumers   {}", String.join(", ", broker.addresses()));
        } else {
            LOG.info("  broker      {}", settings.get("sms.broker.url"));
            var health = new BrokerHealth(connections).call();
            if (health.getState() != HealthCheck.State.UP) {
                LOG.warn(
                        "  but {}: callbacks are answered 503 until it can",
                        health.getMessage().orElse(""));
            }
        }
        LOG.info("  targets     {}", routes.targetStates());
    }

    /** Answers the callbacks under way, then stops; safe to call twice. */
    @Override
    public void close() {
        // not while it holds the lock: an edit may be on its way
        quietly(edits);
        closeTheRest();
    }

    private synchronized void closeTheRest() {
        if (open) {
            LOG.info("Stopping: callbacks under way are answered first");
        }
        quietly(routes);
        quietly(dueRetries);
        quietly(publisher);
        quietly(connections);
        quietly(retryConnections);
        if (listener != null) {
            // a stored callback's answer is perhaps still to be written; whoever calls from now on gets a 503
            routes.server().awaitAnswers(LAST_ANSWERS_MILLIS);
        }
        quietly(listener);
        if (vertx != null) {
            quietly(() ->
                    vertx.close().toCompletionStage().toCompletableFuture().join());
        }
        quietly(broker);
        quietly(collections);
        if (open) {
            LOG.info("Stopped");
        }
        open = false;
    }

    /** One part that does not stop must not keep the others. */
    private static void quietly(AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (Exception e) {
            LOG.warn("Not stopped cleanly: {}", e.toString());
        }
    }
}
