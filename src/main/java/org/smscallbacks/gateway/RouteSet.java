package org.smscallbacks.gateway;

import io.micrometer.core.instrument.Gauge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.BrokerHealth;
import org.smscallbacks.broker.EmbeddedBrokerHealth;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.delivery.DeliveryOutcome;
import org.smscallbacks.delivery.NextAttempt;
import org.smscallbacks.delivery.PauseTarget;
import org.smscallbacks.delivery.ReceiverClient;
import org.smscallbacks.delivery.Target;
import org.smscallbacks.delivery.TargetHealth;
import org.smscallbacks.delivery.TargetTurn;
import org.smscallbacks.delivery.Targets;
import org.smscallbacks.delivery.WebhookRequest;
import org.smscallbacks.event.EventEnvelope;
import org.smscallbacks.http.CallbackGuard;
import org.smscallbacks.http.CallbackServer;
import org.smscallbacks.http.CollectEvents;
import org.smscallbacks.http.KeepFailedCallback;
import org.smscallbacks.mapping.FormFields;
import org.smscallbacks.mapping.ItemsLanguage;
import org.smscallbacks.mapping.JsltLanguage;
import org.smscallbacks.mapping.JsonOrXml;
import org.smscallbacks.store.ReplayProcessor;
import org.springframework.jms.connection.CachingConnectionFactory;

/**
 * The routes and mappings as they were read once, in a Camel of their own, with the accounts and targets of the configuration. What
 * is edited is read into another one, which takes the place of this one only when all of it works.
 */
final class RouteSet implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteSet.class);

    private static final int SHUTDOWN_SECONDS = 30;

    private final Settings settings;
    private final Services around;
    private final Main camel = new Main();
    private final List<CachingConnectionFactory> targetBrokers = new ArrayList<>();
    private TargetHealth targetHealth;
    private CallbackServer server;
    private Gauge running;

    private RouteSet(Settings settings, Services around) {
        this.settings = settings;
        this.around = around;
    }

    /**
     * Starts them; when this returns they can be given callers, and take from their queues.
     *
     * @throws ConfigurationException when a route or mapping, or the configuration with them, cannot be used
     */
    static RouteSet start(Settings settings, Services around) {
        var routes = new RouteSet(settings, around);
        try {
            routes.start();
            return routes;
        } catch (Exception | LinkageError | StackOverflowError e) {
            // an error is what a route or a mapping can cause as well
            routes.close();
            throw inPlainWords(e, new RouteFiles(settings.routes()));
        }
    }

    private void start() throws Exception {
        var guard = new CallbackGuard(settings, around.log());
        var jslt = new JsltLanguage(settings.routes());
        var consumedQueues = new HashSet<String>();
        var targets = new Targets(settings.targets(), consumedQueues);
        var collectEvents = new CollectEvents(settings.get("sms.queue.unrecognised"), targets);
        targetHealth = new TargetHealth(targets, around.queues());

        camel.setDefaultPropertyPlaceholderLocation("false");
        var properties = settings.forCamel();
        properties.keySet().removeIf(key -> key.toString().startsWith(Settings.MANAGEMENT));
        properties.putAll(around.management());
        camel.setOverrideProperties(properties);
        camel.setShutdownStrategy(new SimpleMainShutdownStrategy());
        var configuration = camel.configure();
        configuration.setName("sms-callback-routes");
        // while they are exchanged, there are two
        configuration.setJmxManagementNamePattern("#name#-#counter#");
        configuration.withRoutesIncludePattern(settings.get("sms.routes") + "/**/*.camel.yaml");
        configuration.setShutdownTimeout(SHUTDOWN_SECONDS);
        // bodies are bytes and trees, never streams
        configuration.setStreamCachingEnabled(false);
        // a direct: without a route is an error at once, not a thread that waits for one
        camel.addProperty("camel.component.direct.block", "false");
        camel.bind("vertx", around.vertx());
        camel.bind("metricsRegistry", around.meters());
        camel.bind("connectionFactory", around.connections());
        camel.bind("callbackGuard", guard);
        camel.bind("jsonOrXml", new JsonOrXml());
        camel.bind("formFields", new FormFields());
        camel.bind("jslt-language", jslt);
        camel.bind("items-language", new ItemsLanguage(jslt));
        camel.bind("eventEnvelope", new EventEnvelope());
        camel.bind("collectEvents", collectEvents);
        camel.bind("eventPublisher", around.publisher());
        camel.bind("keepCallback", new KeepFailedCallback(collectEvents, around.publisher()));
        camel.bind("targetTurn", new TargetTurn(targets, around.meters()));
        camel.bind("webhookRequest", new WebhookRequest());
        camel.bind("deliveryOutcome", new DeliveryOutcome());
        camel.bind("nextAttempt", new NextAttempt());
        camel.bind("pauseTarget", new PauseTarget(around.queues()));
        for (var target : settings.targets()) {
            if (target.receiver() != null) {
                camel.bind("client-" + target.name(), new ReceiverClient(target.receiver(), around.vertx()));
            } else if (target.isBroker()) {
                camel.bind("broker-" + target.name(), brokerOf(target));
            }
        }
        camel.bind("replay", new ReplayProcessor(settings));

        camel.init();
        var context = camel.getCamelContext();
        context.addComponent("jms", TransactedJms.over(around.connections()));
        addHealthChecks(context);
        server = CallbackServer.addTo(context, settings, guard, around.log());
        context.setAutoStartup(false);
        camel.start();
        RouteValidator.refuseWhatCannotWork(context, settings);
        consumedQueues.addAll(RouteValidator.consumedQueues(context));
        context.setAutoStartup(true);
        startRoutes(context);
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
        checks.register(new BrokerHealth(around.connections()));
        if (around.broker() != null) {
            checks.register(new EmbeddedBrokerHealth(around.broker()));
        }
    }

    Settings settings() {
        return settings;
    }

    CallbackServer server() {
        return server;
    }

    /** The state of each target, in words. */
    String targetStates() {
        return targetHealth.states();
    }

    /** Gauges of the routes and the targets, until they are taken back: there can be one of each name only. */
    void measure() {
        targetHealth.measure(around.meters());
        running = Gauge.builder("camel.routes.running", this::countRunning)
                .description("Routes that run")
                .register(around.meters());
    }

    void takeBackGauges() {
        targetHealth.forget(around.meters());
        around.meters().remove(running);
    }

    private long countRunning() {
        var context = camel.getCamelContext();
        return context.getRoutes().stream()
                .filter(route -> context.getRouteController()
                        .getRouteStatus(route.getRouteId())
                        .isStarted())
                .count();
    }

    /** Camel wraps what it finds in a route several times: the innermost cause says what is wrong. */
    private static ConfigurationException inPlainWords(Throwable failure, RouteFiles files) {
        LOG.debug("not started", failure);
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof ConfigurationException)) {
            cause = cause.getCause();
        }
        if (cause instanceof ConfigurationException configuration) {
            return configuration;
        }
        var outer = cause == failure ? "" : failure.getMessage() + ": ";
        var words = outer + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
        var place = words.contains(".camel.yaml") ? "" : files.placeOf(failure);
        return new ConfigurationException("the routes cannot be used: " + place + words);
    }

    /** Ends what was begun, then stops; whoever calls meanwhile is told to come again. */
    @Override
    public void close() {
        try {
            camel.stop();
        } catch (RuntimeException e) {
            LOG.warn("The routes did not stop cleanly: {}", e.toString());
        }
        targetBrokers.forEach(CachingConnectionFactory::destroy);
    }
}
