package org.smscallbacks.gateway;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Ports;
import org.smscallbacks.config.Settings;
import org.smscallbacks.config.Values;
import org.smscallbacks.delivery.RetryScheduler;

/** The gateway, from its configuration to open ports: the broker, the routes, the listener. Every home starts and stops this object. */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private static final long LONGEST_ANSWER_MILLIS = 30_000;

    private final Supplier<Settings> source;
    private final CloseStack opened = new CloseStack();
    private Configuration started;
    private Services services;
    private volatile RouteSet routes;
    private FileWatcher watcher;
    private volatile Runnable onEdit;
    private volatile Runnable onDiskFailure = () -> {};
    private boolean open;

    /** <code>source</code> is read at the start, and again with every {@link #reload()}. */
    public Gateway(Supplier<Settings> source) {
        this.source = source;
    }

    /**
     * Starts everything; when this returns, callbacks are taken.
     *
     * @throws ConfigurationException when the configuration, a route or a mapping cannot be used, or a port is taken
     */
    public synchronized void start() throws Exception {
        long begun = System.nanoTime();
        var settings = source.get();
        started = configured(settings);
        refuseTakenPort(settings);
        try {
            services = Services.open(settings, opened, () -> onDiskFailure.run());
            watcher = new FileWatcher(this::watched, () -> onEdit.run());
            routes = RouteSet.start(started, services);
            opened.push(() -> routes.close());
            routes.measure();
            opened.push(new RetryScheduler(
                            services.clock(),
                            services.retryConnections(),
                            settings.queues().unrecognised()))
                    .start();
            services.listener().open(settings.http(), routes.server());
        } catch (Exception e) {
            close();
            throw e;
        }
        open = true;
        LOG.info("SMS Callback Routes is ready after {} ms", millisSince(begun));
        StartReport.log(started, services, routes.targetStates());
    }

    /**
     * Looks at everything a start looks at, with no broker, no port and no callback: the configuration, the broker's files, the routes, the
     * mappings and their tables. What a start would warn of is warned of in the log.
     *
     * @throws ConfigurationException when a start would be refused
     */
    public static void check(Supplier<Settings> source) {
        var opened = new CloseStack();
        try {
            var configuration = configured(source.get());
            sayWhoHasNoAccount(configuration.settings().providersWithoutAccount());
            if (configuration.settings().broker().isEmbedded()) {
                EmbeddedBroker.check(configuration.settings());
            }
            RouteSet.check(configuration, Services.withoutBroker(configuration.settings(), opened));
        } finally {
            opened.close();
        }
    }

    /**
     * What is done when the disk of the embedded broker has failed. Callbacks are answered 503 from then on, and only a start brings
     * the broker back: whoever holds this gateway closes it and starts another. Called in a thread that must not be held; set it before
     * the start.
     */
    public void onDiskFailure(Runnable action) {
        onDiskFailure = action;
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
        watcher.start();
    }

    private List<Path> watched() {
        return List.of(settings().file(), settings().routes());
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
        long begun = System.nanoTime();
        RouteSet next;
        try {
            next = RouteSet.start(configured(source.get().during(started.settings())), services);
        } catch (ConfigurationException e) {
            services.edit().refused(e.getMessage());
            LOG.error(
                    "The edit is not used, everything goes on as before, but the next start would fail: {}",
                    e.getMessage());
            return false;
        }
        services.listener().use(next.server());
        routes.takeBackGauges();
        next.measure();
        var before = routes;
        routes = next;
        before.server().awaitAnswers(LONGEST_ANSWER_MILLIS);
        before.close();
        services.edit().used();
        var withoutAccount = next.configuration().settings().providersWithoutAccount();
        withoutAccount.removeAll(before.configuration().settings().providersWithoutAccount());
        sayWhoHasNoAccount(withoutAccount);
        LOG.info("What was edited is in use, after {} ms", millisSince(begun));
        return true;
    }

    private static void sayWhoHasNoAccount(Set<String> providers) {
        if (!providers.isEmpty()) {
            LOG.warn(
                    "No account is configured of {}: every callback to it is answered 401. Fine where it does not call you; else write"
                            + " sms.account.<provider>.<account>.token",
                    String.join(", ", providers));
        }
    }

    /** It runs as before an edit with which it could not be started; that is said until the next edit. */
    public synchronized void runsWithoutEdit(String refusal) {
        services.edit().refused(refusal);
    }

    /** The keys of what was edited and is used after a restart only. */
    public synchronized Set<String> untilRestart() {
        return started.settings().untilRestart(settings());
    }

    /** The configuration in use. */
    public Settings settings() {
        var used = routes;
        return (used == null ? started : used.configuration()).settings();
    }

    /** A warning may be the very reason why something is refused. */
    private static Configuration configured(Settings settings) {
        try {
            return Configuration.of(settings);
        } finally {
            settings.warnings().forEach(warning -> LOG.warn("{}", warning));
        }
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }

    /** Camel's management server only warns about a port in use, and would leave the gateway without health and metrics. */
    private static void refuseTakenPort(Settings settings) {
        var key = "camel.management.port";
        var host = settings.ofCamel("camel.management.host");
        var port = settings.ofCamel(key);
        try {
            if (!port.isEmpty()
                    && !Ports.isFree(
                            host.isEmpty() ? "0.0.0.0" : host,
                            Values.number(1, 65_535).apply(port))) {
                throw settings.wrong(key, "cannot be used: stop what uses the port, or choose another");
            }
        } catch (IllegalArgumentException e) {
            throw settings.wrong(key, e.getMessage());
        }
    }

    /** Answers the callbacks under way, then stops; safe to call twice. */
    @Override
    public void close() {
        stopWatching();
        closeTheRest();
    }

    /** Not while it holds the lock: an edit may be on its way. */
    private void stopWatching() {
        try {
            if (watcher != null) {
                watcher.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void closeTheRest() {
        if (open) {
            LOG.info("Stopping: callbacks under way are answered first");
        }
        opened.close();
        if (open) {
            LOG.info("Stopped");
        }
        open = false;
    }
}
