package org.smscallbacks.karaf;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnector;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.cm.ManagedService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.gateway.FileWatcher;
import org.smscallbacks.gateway.Gateway;

/**
 * The gateway's home in Karaf: starts it with the configuration <code>org.smscallbacks</code>, follows what is edited there and in
 * <code>etc/sms-callback-routes</code>, and leaves nothing behind when the bundle stops.
 */
public final class Activator implements BundleActivator, ManagedService {

    private static final Logger LOG = LoggerFactory.getLogger(Activator.class);

    private static final String PID = "org.smscallbacks";
    private static final long LONGEST_STOP_SECONDS = 120;
    private static final long THREADS_END_SECONDS = 5;
    private static final long NEXT_START_SECONDS = 10;

    private final KarafFolder folder = KarafFolder.ofThisContainer();
    private ScheduledExecutorService worker;
    private ShellCommands shell;
    private volatile Gateway gateway;
    private FileWatcher waiting;
    /** What the container says. */
    private Properties configured;
    /** What the gateway that runs was started with, or has read since. */
    private Properties used;
    /** What is read next. */
    private volatile Properties next;

    /** Why it was not started the last time it was not. */
    private String notStarted;

    private boolean startsLater;

    @Override
    public void start(BundleContext context) {
        ContainerLogging.connect(context);
        worker = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "sms-callback-routes");
            // what Camel and Artemis look for by name is in this bundle
            thread.setContextClassLoader(Activator.class.getClassLoader());
            return thread;
        });
        folder.layDown(context.getBundle());
        var properties = new Hashtable<String, Object>();
        properties.put(Constants.SERVICE_PID, PID);
        context.registerService(ManagedService.class, this, properties);
        shell = new ShellCommands(context, this::settings);
        shell.open();
    }

    /** Called by the container with what is in the <code>.cfg</code>, at the start and after each edit. */
    @Override
    public void updated(Dictionary<String, ?> dictionary) {
        if (dictionary == null) {
            if (gateway != null) {
                LOG.warn("{} is gone: everything goes on as before", folder.configuration());
            }
            return;
        }
        var values = new Properties(folder.defaults());
        for (var keys = dictionary.keys(); keys.hasMoreElements(); ) {
            var key = keys.nextElement();
            if (key.startsWith("sms.") || key.startsWith("camel.")) {
                values.setProperty(key, KarafFolder.asUtf8(String.valueOf(dictionary.get(key))));
            }
        }
        onWorker(() -> use(values));
    }

    private void onWorker(Runnable work) {
        try {
            worker.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("it stops", e);
        }
    }

    private void use(Properties values) {
        if (gateway == null || !values.equals(configured)) {
            configured = values;
            readAgain();
        }
    }

    private void readAgain() {
        next = configured;
        if (gateway == null) {
            start();
        } else if (gateway.reload()) {
            if (gateway.untilRestart().isEmpty()) {
                used = configured;
            } else {
                startAnew();
            }
        }
    }

    private void startAnew() {
        LOG.info("{} was edited: the gateway starts anew", gateway.untilRestart());
        gateway.close();
        if (!start()) {
            var refusal = notStarted;
            next = used;
            if (start()) {
                gateway.runsWithoutEdit(refusal);
                LOG.warn("It runs as it did before that edit; the next edit, of whatever, tries it again");
            }
        }
    }

    private void diskFailed(Gateway failed) {
        if (gateway == failed) {
            LOG.error(
                    "The embedded broker's disk has failed: what was acknowledged before is safe, the gateway starts anew");
            failed.close();
            gateway = null;
        }
        startLater();
    }

    /** As often as it takes: the disk may have room again. */
    private void startLater() {
        if (!startsLater) {
            startsLater = true;
            worker.schedule(this::startIfItDoesNotRun, NEXT_START_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void startIfItDoesNotRun() {
        startsLater = false;
        if (gateway == null && !start()) {
            startLater();
        }
    }

    private boolean start() {
        stopWaiting();
        // what is edited meanwhile may be what was missing
        waiting = FileWatcher.beforeTheStart(folder.routes(), () -> onWorker(this::readAgain));
        var starting = new Gateway(this::read);
        starting.onDiskFailure(() -> onWorker(() -> diskFailed(starting)));
        try {
            starting.start();
            starting.followEdits(() -> onWorker(this::readAgain));
            gateway = starting;
            used = next;
            return true;
        } catch (ConfigurationException e) {
            notStarted = e.getMessage();
            LOG.error("Not started, tried again with the next edit: {}", e.getMessage());
        } catch (Exception | LinkageError e) {
            notStarted = e.toString();
            LOG.error("Not started, tried again with the next edit", e);
        }
        gateway = null;
        waiting.start();
        return false;
    }

    private void stopWaiting() {
        try {
            if (waiting != null) {
                waiting.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Settings read() {
        var values = next;
        var keys = new TreeSet<String>();
        values.keySet().forEach(key -> keys.add(key.toString()));
        return Settings.of(
                folder.configuration(), folder.configurationWith(keys), folder.routes(), values, System.getenv());
    }

    /** For an operator's command. */
    private Settings settings() {
        var running = gateway;
        if (running == null) {
            throw new ConfigurationException("the gateway does not run: the log says why");
        }
        return running.settings();
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        shell.close();
        onWorker(() -> {
            stopWaiting();
            if (gateway != null) {
                gateway.close();
            }
            // they would outlive the bundle
            InVMConnector.resetThreadPool();
            ActiveMQClient.clearThreadPools(THREADS_END_SECONDS, TimeUnit.SECONDS);
        });
        worker.shutdown();
        if (!worker.awaitTermination(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("Not stopped in time");
        }
    }
}
