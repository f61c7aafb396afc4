package org.smscallbacks;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.BrokerHealth;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.broker.EmbeddedBrokerHealth;
import org.smscallbacks.broker.EventPublisher;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.Replay;
import org.smscallbacks.broker.TransactedJms;
import org.smscallbacks.event.CollectEvents;
import org.smscallbacks.event.EventEnvelope;
import org.smscallbacks.event.KeepCallback;
import org.smscallbacks.http.CallbackGuard;
import org.smscallbacks.http.CallbackLog;
import org.smscallbacks.http.CallbackServer;
import org.smscallbacks.mapping.FormFields;
import org.smscallbacks.mapping.ItemsLanguage;
import org.smscallbacks.mapping.JsltLanguage;
import org.smscallbacks.mapping.JsonOrXml;
import org.smscallbacks.target.DeliveryOutcome;
import org.smscallbacks.target.DueRetries;
import org.smscallbacks.target.NextAttempt;
import org.smscallbacks.target.PauseTarget;
import org.smscallbacks.target.ReceiverClient;
import org.smscallbacks.target.TargetHealth;
import org.smscallbacks.target.TargetTurn;
import org.smscallbacks.target.Targets;
import org.smscallbacks.target.WebhookRequest;
import org.springframework.jms.connection.CachingConnectionFactory;

/**
 * The gateway, from its configuration to open ports: the broker, the beans the routes use, Camel, the listener. Stand-alone it is
 * the main class; another home starts and stops the same object.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** A callback holds a thread while it waits for its commit; this many can share one. */
    private static final int WORKERS = 64;

    private static final int SHUTDOWN_SECONDS = 30;

    private final Settings settings;
    private final Main camel = new Main();
    private Vertx vertx;
    private EmbeddedBroker broker;
    private ActiveMQConnectionFactory connections;
    private ActiveMQConnectionFactory retryConnections;
    private EventPublisher publisher;
    private TargetHealth targetHealth;
    private DueRetries dueRetries;
    private final List<CachingConnectionFactory> targetBrokers = new ArrayList<>();
    private boolean open;

    public Gateway(Settings settings) {
        this.settings = settings;
    }

    /** Starts in the folder the configuration names; <code>args[0]</code> is the configuration's folder, <code>config</code> if absent. */
    public static void main(String[] args) {
        Gateway gateway = null;
        try {
            var settings = Settings.load(
                    Path.of(args.length > 0 ? args[0] : "config"), System.getenv(), System.getProperties());
            gateway = new Gateway(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "gateway-stop"));
            gateway.start();
        } catch (ConfigurationException e) {
            LOG.error("Not started: {}", e.getMessage());
            System.exit(1);
        } catch (Exception e) {
            LOG.error("Not started", e);
            System.exit(1);
        }
    }

    /**
     * Starts everything; when this returns, callbacks are taken.
     *
     * @throws ConfigurationException when the configuration, a route or a mapping cannot be used, or a port is taken
     */
    public synchronized void start() throws Exception {
        long started = System.nanoTime();
        settings.warnings().forEach(warning -> LOG.warn("{}", warning));
        refuseTakenPorts();
        if (settings.brokerIsEmbedded()) {
            broker = EmbeddedBroker.start(settings);
        }
        connections = newConnections();
        // what is prefetched nothing urgent can overtake
        connections.setConsumerWindowSize(0);
        // nothing overtakes in a retry queue
        retryConnections = newConnections();
        vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(WORKERS).setPreferNativeTransport(true));
        try {
            startCamel();
        } catch (Exception e) {
            close();
            throw inPlainWords(e);
        }
        open = true;
        sayWhatIsOpen(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
    }

    private ActiveMQConnectionFactory newConnections() {
        return new ActiveMQConnectionFactory(
                settings.get("sms.broker.url"),
                settings.get("sms.broker.user"),
                broker == null ? settings.get("sms.broker.password") : broker.gatewayPassword());
    }

    private void startCamel() throws Exception {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var log = new CallbackLog(meters);
        if (broker != null) {
            broker.measure(settings.queues(), meters);
        }
        var unrecognised = settings.get("sms.queue.unrecognised");
        publisher = new EventPublisher(connections, settings.commitTimeout(), log).start();
        var guard = new CallbackGuard(settings, log);
        var jslt = new JsltLanguage(settings.routes());
        var consumedQueues = new HashSet<String>();
        var targets = new Targets(settings.targets(), consumedQueues);
        var collectEvents = new CollectEvents(unrecognised, targets);
        var queues = new QueueControl(connections);
        targetHealth = new TargetHealth(targets, queues);
        targetHealth.measure(meters);

        camel.setDefaultPropertyPlaceholderLocation("false");
        camel.setOverrideProperties(settings.forCamel());
        camel.setShutdownStrategy(new SimpleMainShutdownStrategy());
        var configuration = camel.configure();
        configuration.setName("sms-callback-routes");
        configuration.withRoutesIncludePattern(settings.get("sms.routes") + "/**/*.camel.yaml");
        configuration.setShutdownTimeout(SHUTDOWN_SECONDS);
        // bodies are bytes and trees, never streams
        configuration.setStreamCachingEnabled(false);
        // a direct: without a route is an error at once, not a thread that waits for one
        camel.addProperty("camel.component.direct.block", "false");
        camel.bind("vertx", vertx);
        camel.bind("metricsRegistry", meters);
        camel.bind("connectionFactory", connections);
        camel.bind("callbackGuard", guard);
        camel.bind("jsonOrXml", new JsonOrXml());
        camel.bind("formFields", new FormFields());
        camel.bind("jslt-language", jslt);
        camel.bind("items-language", new ItemsLanguage(jslt));
        camel.bind("eventEnvelope", new EventEnvelope());
        camel.bind("collectEvents", collectEvents);
        camel.bind("eventPublisher", publisher);
        camel.bind("keepCallback", new KeepCallback(collectEvents, publisher));
        camel.bind("targetTurn", new TargetTurn(targets, meters));
        camel.bind("webhookRequest", new WebhookRequest());
        camel.bind("deliveryOutcome", new DeliveryOutcome());
        camel.bind("nextAttempt", new NextAttempt());
        camel.bind("pauseTarget", new PauseTarget(queues));
        for (var target : settings.targets()) {
            if (target.receiver() != null) {
                camel.bind("client-" + target.name(), new ReceiverClient(target.receiver(), vertx));
            } else if (target.isBroker()) {
                camel.bind("broker-" + target.name(), brokerOf(target));
            }
        }
        camel.bind("replay", new Replay(settings));

        camel.init();
        var context = camel.getCamelContext();
        context.addComponent("jms", TransactedJms.over(connections));
        addHealthChecks(context);
        var server = CallbackServer.addTo(context, settings, guard, log);
        context.setAutoStartup(false);
        camel.start();
        RouteChecks.refuseWhatCannotWork(context, settings);
        consumedQueues.addAll(RouteChecks.consumedQueues(context));
        context.setAutoStartup(true);
        startRoutes(context);
        dueRetries = new DueRetries(retryConnections, unrecognised);
        dueRetries.start();
        server.listen();
    }

    /** Those that take from queues come last: what they send to must be there. */
    private static void startRoutes(CamelContext context) throws Exception {
        var routes = context.getRoutes().stream()
                .sorted(Comparator.comparing(route -> route.getEndpoint() instanceof JmsEndpoint))
                .toList();
        for (var route : routes) {
            if (route.isAutoStartup()) {
                context.getRouteController().startRoute(route.getRouteId());
            }
        }
    }

    /** Connections to the broker that is a target; one at a time, which its sessions share. */
    private CachingConnectionFactory brokerOf(Target target) {
        var login = settings.get("sms.target." + target.name() + ".basic").split(":", 2);
        var connection = new CachingConnectionFactory(
                new ActiveMQConnectionFactory(target.url(), login[0], login.length > 1 ? login[1] : null));
        connection.setReconnectOnException(true);
        targetBrokers.add(connection);
        return connection;
    }

    private void addHealthChecks(CamelContext context) {
        var checks = HealthCheckRegistry.get(context);
        checks.register(targetHealth);
        checks.register(new BrokerHealth(connections));
        if (broker != null) {
            checks.register(new EmbeddedBrokerHealth(broker));
        }
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
        LOG.info("  targets     {}", targetHealth.states());
    }

    /** Camel wraps what it finds in a route several times: the innermost cause names the file and the line. */
    private static ConfigurationException inPlainWords(Exception failure) {
        LOG.debug("not started", failure);
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof ConfigurationException)) {
            cause = cause.getCause();
        }
        if (cause instanceof ConfigurationException configuration) {
            return configuration;
        }
        var outer = cause == failure ? "" : failure.getMessage() + ": ";
        return new ConfigurationException("the routes cannot be used: " + outer
                + (cause.getMessage() == null ? cause.toString() : cause.getMessage()));
    }

    /** Answers the callbacks under way, then stops; safe to call twice. */
    @Override
    public synchronized void close() {
        if (open) {
            LOG.info("Stopping: callbacks under way are answered first");
        }
        quietly(camel::stop);
        if (dueRetries != null) {
            quietly(dueRetries);
        }
        targetBrokers.forEach(CachingConnectionFactory::destroy);
        if (publisher != null) {
            quietly(publisher);
        }
        if (connections != null) {
            quietly(connections);
        }
        if (retryConnections != null) {
            quietly(retryConnections);
        }
        if (vertx != null) {
            quietly(() ->
                    vertx.close().toCompletionStage().toCompletableFuture().join());
        }
        if (broker != null) {
            quietly(broker);
        }
        if (open) {
            LOG.info("Stopped");
        }
        open = false;
    }

    /** One part that does not stop must not keep the others. */
    private static void quietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("Not stopped cleanly: {}", e.toString());
        }
    }
}
