package org.smscallbacks.broker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActivateCallback;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;

/**
 * Artemis inside the gateway, as the {@link BrokerFiles} describe it. All its data is under one folder.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final String WAITING = "sms.queue.messages";
    private static final String QUEUE = "queue";
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private static final long LONGEST_START_SECONDS = 60;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final String gatewayPassword;

    private EmbeddedBroker(String gatewayPassword) {
        this.gatewayPassword = gatewayPassword;
    }

    /**
     * Starts the broker; when this returns it takes messages.
     *
     * @throws ConfigurationException when its files cannot be used, its data is in use, or a port is taken
     */
    public static EmbeddedBroker start(Settings settings) {
        var configured = settings.broker().password();
        var started = new EmbeddedBroker(configured.isEmpty() ? random() : configured);
        try {
            started.startWith(settings);
            return started;
        } catch (ConfigurationException e) {
            started.close();
            throw e;
        } catch (Exception e) {
            started.close();
            throw new ConfigurationException("the embedded broker does not start: " + e);
        }
    }

    private void startWith(Settings settings) throws Exception {
        var data = settings.broker().data().toAbsolutePath();
        if (!Files.isWritable(created(data))) {
            throw settings.wrong("sms.broker.data", "is no folder this user can write: " + data);
        }
        var files = new BrokerFiles(settings.folder());
        var configuration = files.configuration();
        configuration.setBrokerInstance(data.toFile());
        broker.setConfiguration(configuration);
        broker.setSecurityManager(new ActiveMQJAASSecurityManager(
                InVMLoginModule.class.getName(),
                files.security(settings.broker().user(), gatewayPassword)));
        startOn(data);
        if (configuration.getJournalType() != JournalType.ASYNCIO) {
            LOG.info(
                    "The journal uses {}: libaio, or Artemis' own library for it, is not there, which costs speed but no safety",
                    configuration.getJournalType());
        }
    }

    private void startOn(Path data) throws Exception {
        var activation = new CompletableFuture<Void>();
        broker.createActiveMQServer();
        var server = broker.getActiveMQServer();
        server.registerActivationFailureListener(activation::completeExceptionally);
        server.registerActivateCallback(new ActivateCallback() {
            @Override
            public void activationComplete() {
                activation.complete(null);
            }
        });
        broker.start();
        try {
            activation.get(LONGEST_START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            var reason = e.getCause() == null ? "no answer" : e.getCause().getMessage();
            throw new ConfigurationException("the embedded broker does not start (" + reason + "): is the folder "
                    + data + " in use by another gateway?");
        }
    }

    private static Path created(Path data) {
        try {
            return Files.createDirectories(data);
        } catch (IOException e) {
            return data;
        }
    }

    private static String random() {
        var bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The password the gateway itself logs in with: the configured one, or one made up for this run. */
    public String gatewayPassword() {
        return gatewayPassword;
    }

    /** Where others can reach it, such as <code>tcp://127.0.0.1:61616</code>. */
    public List<String> addresses() {
        return broker.getActiveMQServer().getConfiguration().getAcceptorConfigurations().stream()
                .map(TransportConfiguration::getParams)
                .filter(acceptor -> acceptor.containsKey(TransportConstants.HOST_PROP_NAME))
                .map(acceptor -> "tcp://" + acceptor.get(TransportConstants.HOST_PROP_NAME) + ":"
                        + acceptor.get(TransportConstants.PORT_PROP_NAME))
                .toList();
    }

    /** A gauge of the messages that wait in each of these queues; those that have one keep it. */
    public void measure(Collection<String> queues, MeterRegistry meters) {
        for (var name : queues) {
            if (meters.find(WAITING).tag(QUEUE, name).gauge() == null) {
                Gauge.builder(WAITING, broker, server -> waitingIn(server, name))
                        .description("Messages that wait in a queue of the embedded broker")
                        .tag(QUEUE, name)
                        .register(meters);
            }
        }
    }

    private static double waitingIn(EmbeddedActiveMQ broker, String name) {
        var queue = broker.getActiveMQServer().locateQueue(name);
        return queue == null ? 0 : queue.getMessageCount();
    }

    /** Whether it still takes messages; it ends itself when its disk fails. */
    public boolean isAlive() {
        var server = broker.getActiveMQServer();
        return server != null && server.isActive();
    }

    @Override
    public void close() {
        try {
            broker.stop();
        } catch (Exception e) {
            LOG.warn("The embedded broker did not stop cleanly: {}", e.getMessage());
        }
    }
}
