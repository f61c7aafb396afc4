package org.smscallbacks.karaf;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnector;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.cm.ManagedService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.ConfigurationException;
import org.smscallbacks.Edits;
import org.smscallbacks.Gateway;
import org.smscallbacks.Settings;

/**
 * The gateway's home in Karaf: starts it with the configuration <code>org.smscallbacks</code>, follows what is edited there and in
 * <code>etc/sms-callback-routes</code>, and leaves nothing behind when the bundle stops.
 */
public final class Activator implements BundleActivator, ManagedService {

    private static final Logger LOG = LoggerFactory.getLogger(Activator.class);

    private static final String PID = "org.smscallbacks";
    private static final long LONGEST_STOP_SECONDS = 60;
    private static final long THREADS_END_SECONDS = 5;

    private final KarafFolder folder = KarafFolder.ofThisContainer();
    private ExecutorService worker;
    private ShellCommands shell;
    private volatile Properties configured;
    private Gateway gateway;
    private Edits waiting;

    @Override
    public void start(BundleContext context) {
        ContainerLogging.connect(context);
        worker = Executors.newSingleThreadExecutor(task -> {
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
            LOG.info("There is no configuration {} yet", PID);
            return;
        }
        var values = new Properties();
        for (var keys = dictionary.keys(); keys.hasMoreElements(); ) {
            var key = keys.nextElement();
            if (key.startsWith("sms.") || key.startsWith("camel.")) {
                values.setProperty(key, asUtf8(String.valueOf(dictionary.get(key))));
            }
        }
        worker.execute(() -> use(values));
    }

    /** The container reads the file byte by byte; it is UTF-8, as in the other home. */
    private static String asUtf8(String value) {
        if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(value)) {
            return value;
        }
        try {
            var bytes = ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return value;
        }
    }

    private void use(Properties values) {
        var before = configured;
        if (gateway != null && values.equals(before)) {
            return;
        }
        configured = values;
        if (gateway == null) {
            startGateway();
        } else if (gateway.reload() && gateway.wantsRestart()) {
            gateway.close();
            if (!startGateway()) {
                configured = before;
                startGateway();
            }
        }
    }

    private boolean startGateway() {
        stopWaiting();
        // what is edited meanwhile may be what was missing
        waiting = Edits.beforeTheStart(folder.routes(), () -> worker.execute(this::startAgain));
        var next = new Gateway(this::settings);
        try {
            next.start();
            next.followEdits();
            gateway = next;
            return true;
        } catch (ConfigurationException e) {
            LOG.error("Not started, tried again with the next edit: {}", e.getMessage());
        } catch (Exception e) {
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

    private void startAgain() {
        if (gateway == null) {
            startGateway();
        }
    }

    private Settings settings() {
        var values = configured;
        if (values == null) {
            throw new ConfigurationException("there is no configuration " + folder.configuration());
        }
        var text = folder.configurationWith(values.stringPropertyNames());
        return Settings.of(folder.configuration(), text, folder.routes(), values, System.getenv());
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        shell.close();
        worker.execute(() -> {
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
