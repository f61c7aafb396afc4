package org.smscallbacks.gateway;

import io.micrometer.core.instrument.Gauge;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.BrokerHealth;
import org.smscallbacks.broker.DiskHealth;
import org.smscallbacks.broker.EmbeddedBrokerHealth;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.delivery.TargetHealth;
import org.smscallbacks.delivery.Targets;
import org.smscallbacks.http.CallbackGuard;
import org.smscallbacks.http.CallbackServer;

/**
 * The routes and mappings as they were read once, in a Camel of their own, with the accounts and targets of the configuration. What
 * is edited is read into another one, which takes the place of this one only when all of it works.
 */
final class RouteSet implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteSet.class);

    private static final int SHUTDOWN_SECONDS = 30;
    private static final int STALLED_SHUTDOWN_SECONDS = 5;
    private static final int LOOKS_APART_SECONDS = 5;

    private final Configuration configuration;
    private final Services services;
    private final Main camel = new Main();
    private final RouteBeans beans = new RouteBeans();
    private TargetHealth targetHealth;
    private CallbackServer server;
    private ManagementPort managementPort;
    private Gauge running;

    private RouteSet(Configuration configuration, Services services) {
        this.configuration = configuration;
        this.services = services;
    }

    /**
     * Starts them; when this returns they can be given callers, and take from their queues.
     *
     * @throws ConfigurationException when a route or mapping, or the configuration with them, cannot be used
     */
    static RouteSet start(Configuration configuration, Services services) {
        var routes = new RouteSet(configuration, services);
        try {
            routes.start();
            return routes;
        } catch (Exception | LinkageError | StackOverflowError e) {
            // an error is what a route or a mapping can cause as well
            var failure = RouteFailure.of(e, routes.camel.getCamelContext());
            routes.close();
            throw failure;
        }
    }

    /**
     * Does all of that but for what is seen outside: no port is opened, no queue is taken from.
     *
     * @throws ConfigurationException as the start would
     */
    static void check(Configuration configuration, Services services) {
        var routes = new RouteSet(configuration, services);
        try {
            routes.look(any -> {});
        } catch (Exception | LinkageError | StackOverflowError e) {
            throw RouteFailure.of(e, routes.camel.getCamelContext());
        } finally {
            routes.close();
        }
    }

    /**
     * Does what the check does, and starts the routes that take callbacks: without callers, they are given callbacks by hand.
     *
     * @param watch sees what becomes of these
     * @throws ConfigurationException as the start would
     */
    static RouteSet onTrial(Configuration configuration, Services services, TrialWatch watch) {
        var routes = new RouteSet(configuration, services);
        try {
            routes.look(watch::on);
            var context = routes.camel.getCamelContext();
            // nobody waits for what is under way
            context.getShutdownStrategy().setTimeout(1);
            context.setAutoStartup(true);
            startRoutes(
                    context,
                    route -> route.getEndpoint() instanceof DirectEndpoint
                            || route.getEndpoint() instanceof PlatformHttpEndpoint);
            return routes;
        } catch (Exception | LinkageError | StackOverflowError e) {
            var failure = RouteFailure.of(e, routes.camel.getCamelContext());
            routes.close();
            throw failure;
        }
    }

    /** The route that takes callbacks of this provider by this method, or null. */
    Route routeOf(String provider, String method) {
        return camel.getCamelContext().getRoutes().stream()
                .filter(route -> route.getEndpoint() instanceof PlatformHttpEndpoint door
                        && door.getPath().matches("/callbacks/" + provider + "/\\{[^/]+}/?")
                        && (door.getHttpMethodRestrict() == null
                                || List.of(door.getHttpMethodRestrict().split(","))
                                        .contains(method)))
                .findFirst()
                .orElse(null);
    }

    private void look(Consumer<CamelContext> watch) throws Exception {
        configureCamel();
        camel.addOverrideProperty("camel.management.enabled", "false");
        prepare(watch);
        refuseWhatCannotWork();
    }

    private void start() throws Exception {
        configureCamel();
        prepare(any -> {});
        var context = camel.getCamelContext();
        managementPort = new ManagementPort(context, services.settings().ofCamel("camel.management.port"));
        refuseWhatCannotWork();
        context.setAutoStartup(true);
        startRoutes(context, any -> true);
        // the executor ends with the context
        context.getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(targetHealth, "target-watch")
                .scheduleWithFixedDelay(targetHealth::look, LOOKS_APART_SECONDS, LOOKS_APART_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * All routes are there, and none runs.
     *
     * @param watch is given the Camel before the routes are built
     */
    private void prepare(Consumer<CamelContext> watch) throws Exception {
        var settings = configuration.settings();
        camel.init();
        var context = camel.getCamelContext();
        context.addComponent("jms", TransactedJms.over(services.connections(), services.broker()));
        var loader = new RouteLoader(context, settings.routes());
        loader.load(configuration.targets());
        var targets = new Targets(configuration.targets(), loader.consumedQueues());
        var guard = new CallbackGuard(settings, services.log());
        beans.bind(context, configuration, services, guard, targets);
        watch.accept(context);
        targetHealth = new TargetHealth(targets, services.pausedQueues());
        addHealthChecks(context);
        server = CallbackServer.addTo(context, settings.http(), guard, services.log(), services.bodies());
        context.setAutoStartup(false);
        camel.start();
    }

    private void refuseWhatCannotWork() {
        new RouteValidator(camel.getCamelContext(), configuration).refuseWhatCannotWork();
        beans.lookAtMappings();
    }

    private void configureCamel() {
        camel.setDefaultPropertyPlaceholderLocation("false");
        var properties = configuration.forCamel();
        // the management server stays as it is until a restart
        configuration.settings().management().keySet().forEach(properties::remove);
        properties.putAll(services.settings().management());
        camel.setOverrideProperties(properties);
        camel.setShutdownStrategy(new SimpleMainShutdownStrategy());
        var main = camel.configure();
        main.setName("sms-callback-routes");
        // while they are exchanged, there are two
        main.setJmxManagementNamePattern("#name#-#counter#");
        main.withRoutesIncludePattern("false");
        main.setShutdownTimeout(SHUTDOWN_SECONDS);
        // bodies are bytes and trees, never streams
        main.setStreamCachingEnabled(false);
        // a direct: without a route is an error at once, not a thread that waits for one
        camel.addProperty("camel.component.direct.block", "false");
        camel.bind("vertx", services.vertx());
        camel.bind("metricsRegistry", services.meters());
        camel.bind("connectionFactory", services.connections());
    }

    /** Those that take from queues come last: what they send to must be there. */
    private static void startRoutes(CamelContext context, Predicate<Route> which) throws Exception {
        var routes = context.getRoutes().stream()
                .filter(which)
                .sorted(Comparator.comparing(route -> route.getEndpoint() instanceof JmsEndpoint))
                .toList();
        for (var route : routes) {
            if (route.isAutoStartup()) {
                context.getRouteController().startRoute(route.getRouteId());
            }
        }
    }

    private void addHealthChecks(CamelContext context) {
        var checks = HealthCheckRegistry.get(context);
        checks.register(targetHealth);
        checks.register(new EditHealth(services.edit()));
        checks.register(new BrokerHealth(services.connections()));
        if (services.broker() != null) {
            checks.register(new EmbeddedBrokerHealth(services.broker()));
            checks.register(new DiskHealth(services.broker().reserve()));
        }
    }

    Configuration configuration() {
        return configuration;
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
        services.log()
                .begin(
                        configuration.settings().accounts(),
                        configuration.settings().providers());
        targetHealth.measure(services.meters());
        running = Gauge.builder("camel.routes.running", this::countRunning)
                .description("Routes that run")
                .register(services.meters());
        if (services.broker() != null) {
            services.broker().measure(configuration.queues(), services.meters());
        }
    }

    void takeBackGauges() {
        targetHealth.forget(services.meters());
        services.meters().remove(running);
    }

    private long countRunning() {
        var context = camel.getCamelContext();
        return context.getRoutes().stream()
                .filter(route -> context.getRouteController()
                        .getRouteStatus(route.getRouteId())
                        .isStarted())
                .count();
    }

    /** Ends what was begun, then stops; whoever calls meanwhile is told to come again. */
    @Override
    public void close() {
        try {
            if (managementPort != null) {
                managementPort.close();
            }
            if (services.publisher().isStalled()) {
                // what waits for a broker that hangs will not end by itself
                camel.getCamelContext().getShutdownStrategy().setTimeout(STALLED_SHUTDOWN_SECONDS);
            }
            camel.stop();
        } catch (RuntimeException e) {
            LOG.warn("The routes did not stop cleanly: {}", e.toString());
        }
        beans.close();
    }
}
