package org.smscallbacks.broker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.postoffice.impl.LocalQueueBinding;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActivateCallback;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.Queue;
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

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private static final long LONGEST_START_SECONDS = 60;

    private static final long LONGEST_STOP_SECONDS = 60;

    private final String gatewayPassword;
    private final DiskFailure failure;
    private ActiveMQServer server;
    private BrokerAddresses addresses;
    private DiskReserve reserve;
    private DataCheck check;
    private QueueGauges gauges;

    private EmbeddedBroker(String gatewayPassword, DiskFailure failure) {
        this.gatewayPassword = gatewayPassword;
        this.failure = failure;
    }

    /**
     * Starts the broker; when this returns it takes messages.
     *
     * @param onDiskFailure is called when its disk has failed: it ends itself then, and only another start brings it back
     * @throws ConfigurationException when its files cannot be used, its data is in use, or a port is taken
     */
    public static EmbeddedBroker start(Settings settings, Runnable onDiskFailure) {
        var configured = settings.broker().password();
        var started = new EmbeddedBroker(configured.isEmpty() ? random() : configured, new DiskFailure(onDiskFailure));
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
        var configuration = configuration(files, settings);
        files.refuseTakenPorts(configuration);
        configuration.setBrokerInstance(data.toFile());
        var security = new ActiveMQJAASSecurityManager(
                InVMLoginModule.class.getName(),
                files.security(settings.broker().user(), gatewayPassword));
        server = new FailSafeServer(configuration, security, failure);
        check = new DataCheck(server, data);
        reserve = new DiskReserve(folders(configuration), settings.broker().diskReserve(), configuration);
        server.registerBrokerPlugin(reserve);
        startOn(data);
        addresses = new BrokerAddresses(server);
        if (configuration.getJournalType() != JournalType.ASYNCIO) {
            LOG.info(
                    "The journal uses {}: libaio, or Artemis' own library for it, is not there, which costs speed but no safety",
                    configuration.getJournalType());
        }
    }

    private static Configuration configuration(BrokerFiles files, Settings settings) throws Exception {
        var configuration = files.configuration();
        MissingLines.add(files.xml(), configuration, settings.queues());
        ConsumerPermissions.add(files.xml(), configuration, settings.queues());
        return configuration;
    }

    /**
     * Reads the broker's files as the start does.
     *
     * @throws ConfigurationException when they cannot be used
     */
    public static void check(Settings settings) {
        var files = new BrokerFiles(settings.folder());
        try {
            configuration(files, settings);
            files.security(settings.broker().user(), settings.broker().password());
        } catch (ConfigurationException e) {
            throw e;
        } catch (Exception e) {
            throw new ConfigurationException("the embedded broker does not start: " + e);
        }
    }

    private void startOn(Path data) throws Exception {
        var activation = new CompletableFuture<Void>();
        server.registerActivationFailureListener(activation::completeExceptionally);
        server.registerActivateCallback(new ActivateCallback() {
            @Override
            public void activationComplete() {
                activation.complete(null);
            }
        });
        server.registerActivateCallback(check);
        try {
            check.beforeStart();
            server.start();
            activation.get(LONGEST_START_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new StartFailure(data, new DataFiles(data, server.getConfiguration())).of(e);
        }
    }

    /** Each may be on a disk of its own. */
    private static List<Path> folders(Configuration configuration) throws IOException {
        var folders = new ArrayList<Path>();
        for (var folder : List.of(
                configuration.getJournalLocation(),
                configuration.getBindingsLocation(),
                configuration.getPagingLocation(),
                configuration.getLargeMessagesLocation())) {
            folders.add(Files.createDirectories(folder.toPath()));
        }
        return folders;
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
        return server.getConfiguration().getAcceptorConfigurations().stream()
                .map(TransportConfiguration::getParams)
                .filter(acceptor -> acceptor.containsKey(TransportConstants.HOST_PROP_NAME))
                .map(acceptor -> "tcp://" + acceptor.get(TransportConstants.HOST_PROP_NAME) + ":"
                        + acceptor.get(TransportConstants.PORT_PROP_NAME))
                .toList();
    }

    /** The broker itself. */
    public ActiveMQServer server() {
        return server;
    }

    /** A transaction of the thread that calls. */
    public BrokerTransaction begin() {
        return new BrokerTransaction(this, addresses);
    }

    /** No message, and no consumer, of this broker has it. */
    long newMessageId() {
        return server.getStorageManager().generateID();
    }

    /** The queue of this name; it is made when there is none. */
    Queue queue(String name) throws Exception {
        return addresses.queue(name);
    }

    /**
     * The names of the queues from which nothing is delivered until they are resumed.
     *
     * @throws IOException when it has stopped
     */
    public Set<String> paused() throws IOException {
        refuseIfItHasStopped();
        return server.getPostOffice()
                .getAllBindings()
                .filter(LocalQueueBinding.class::isInstance)
                .map(binding -> ((LocalQueueBinding) binding).getQueue())
                .filter(Queue::isPaused)
                .map(queue -> queue.getName().toString())
                .collect(Collectors.toSet());
    }

    /** @throws IOException when it takes nothing more */
    public void refuseIfItHasStopped() throws IOException {
        if (!server.isStarted()) {
            throw new IOException("the broker has stopped");
        }
    }

    /** The free space on its disk that stays free. */
    public DiskReserve reserve() {
        return reserve;
    }

    /** @throws ActiveMQIOErrorException when its disk has failed: nothing of what is written since can be relied on */
    public void refuseAfterDiskFailure() throws ActiveMQIOErrorException {
        failure.refuse();
    }

    /**
     * A gauge of the messages that wait in each queue there is and in each of these, those that have one keep it; and one of the room on
     * the broker's disk.
     */
    public void measure(Collection<String> queues, MeterRegistry meters) {
        if (gauges == null) {
            Gauge.builder("sms.broker.disk.left", reserve, DiskReserve::left)
                    .description(
                            "Bytes the broker may write until the first limit of its disk is reached; negative below it")
                    .baseUnit(BaseUnits.BYTES)
                    .register(meters);
            gauges = new QueueGauges(server, meters);
            gauges.addAll();
        }
        queues.forEach(gauges::add);
    }

    /** Whether it still takes messages; it ends itself when its disk fails. */
    public boolean isAlive() {
        return server != null && server.isActive() && failure.reason() == null;
    }

    /** Stops the broker; a disk that does not answer is waited for a minute only. */
    @Override
    public void close() {
        if (server == null) {
            return;
        }
        var stop = new FutureTask<>(() -> {
            server.stop();
            if (failure.reason() == null) {
                check.afterStop();
            }
            return null;
        });
        var thread = new Thread(stop, "embedded-broker-stop");
        thread.setDaemon(true);
        thread.start();
        try {
            stop.get(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            LOG.warn(
                    "The embedded broker did not stop cleanly: {}", e.getCause().getMessage());
        } catch (TimeoutException e) {
            LOG.warn("The embedded broker does not stop within {} s: its disk does not answer", LONGEST_STOP_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
