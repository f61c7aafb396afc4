package org.smscallbacks.broker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;

/**
 * What a <code>broker.xml</code> of before lacks, so that nothing is lost: it is added to the configuration in memory, and the log says
 * what to write into the file.
 */
final class MissingLines {

    private static final Logger LOG = LoggerFactory.getLogger(MissingLines.class);
    private static final String ALL = "#";
    private static final String DROP = "DROP";
    private static final String AMQP = "AMQP";
    private static final String ONE_THREAD = "1";

    private final Path file;
    private final Configuration configuration;
    private final String refused;
    private final List<String> missing = new ArrayList<>();

    private MissingLines(Path file, Configuration configuration, String refused) {
        this.file = file;
        this.configuration = configuration;
        this.refused = refused;
    }

    /**
     * Adds what is missing, and says so.
     *
     * @param file where the configuration was read from
     * @throws ConfigurationException when the file has the broker drop messages
     */
    static void add(Path file, Configuration configuration, Settings.Queues queues) {
        var lines = new MissingLines(file, configuration, queues.refused());
        lines.refuseToDrop();
        lines.addDeadLetterAddresses();
        lines.addQueuesOfDeadLetters();
        queues.forConsumers().forEach(lines::addQueueForConsumers);
        configuration.getAcceptorConfigurations().forEach(lines::addThreadOfAcceptor);
        if (!lines.missing.isEmpty()) {
            LOG.warn(
                    "{} lacks lines, and the gateway goes on as if they stood there; write {}",
                    file,
                    String.join("; ", lines.missing));
        }
    }

    private void refuseToDrop() {
        configuration.getAddressSettings().forEach((match, settings) -> {
            refuseToDrop(match, "address-full-policy", settings.getAddressFullMessagePolicy(), "PAGE or FAIL");
            refuseToDrop(match, "page-full-policy", settings.getPageFullMessagePolicy(), "FAIL");
            refuseToDrop(match, "disk-full-policy", settings.getDiskFullMessagePolicy(), "FAIL or BLOCK");
        });
    }

    private void refuseToDrop(String match, String name, Enum<?> policy, String otherwise) {
        if (policy != null && policy.name().equals(DROP)) {
            throw new ConfigurationException(file + ": the address-setting " + match + " has DROP as " + name
                    + ", which loses events that were acknowledged: write " + otherwise);
        }
    }

    /** Of one that stands nowhere but in the setting of all addresses, the others inherit it; of an empty one they do not. */
    private void addDeadLetterAddresses() {
        if (!configuration.getAddressSettings().containsKey(ALL)) {
            configuration.addAddressSetting(ALL, new AddressSettings());
        }
        configuration.getAddressSettings().forEach((match, settings) -> {
            var address = settings.getDeadLetterAddress();
            if (address == null ? match.equals(ALL) : address.isEmpty()) {
                settings.setDeadLetterAddress(SimpleString.of(refused));
                missing.add("<dead-letter-address>" + refused + "</dead-letter-address> into <address-setting match=\""
                        + match + "\">");
            }
        });
        var ofAll = configuration.getAddressSettings().get(ALL).getDeadLetterAddress();
        if (!refused.equals(ofAll.toString())) {
            LOG.warn(
                    "{}: what consumers reject goes to {}, not to {} as sms.queue.refused says: make them the same",
                    file,
                    ofAll,
                    refused);
        }
    }

    /** An address without a queue would drop them. */
    private void addQueuesOfDeadLetters() {
        addQueue(refused);
        for (var settings : configuration.getAddressSettings().values()) {
            var address = settings.getDeadLetterAddress();
            if (address != null && !makesItsOwn(settings)) {
                addQueue(address.toString());
            }
        }
    }

    /** Then Artemis makes a queue for each address that something was rejected from. */
    private boolean makesItsOwn(AddressSettings settings) {
        return settings.isAutoCreateDeadLetterResources()
                || configuration.getAddressSettings().get(ALL).isAutoCreateDeadLetterResources();
    }

    /** The file is not expected to have one whose name is configured elsewhere. */
    private void addQueueForConsumers(String usualName, String name) {
        boolean isAddressThere = configuration.getAddressConfigurations().stream()
                .anyMatch(address -> address.getName().equals(name));
        if (isAddressThere || isThere(name)) {
            return;
        }
        if (name.equals(usualName)) {
            addQueue(name);
        } else {
            makeQueue(name);
        }
    }

    /**
     * With several threads, a message that a consumer of AMQP gives back by leaving can be written by the thread of its next consumer and,
     * at the same time, by the one it was meant for first. Then consumers get empty messages, or one twice. Seen with Artemis 2.55.0.
     */
    private void addThreadOfAcceptor(TransportConfiguration acceptor) {
        var parameters = acceptor.getParams();
        boolean isAmqp = parameters.containsKey(TransportConstants.PORT_PROP_NAME)
                && String.valueOf(parameters.getOrDefault(TransportConstants.PROTOCOLS_PROP_NAME, AMQP))
                        .contains(AMQP);
        if (isAmqp && !parameters.containsKey(TransportConstants.REMOTING_THREADS_PROPNAME)) {
            parameters.put(TransportConstants.REMOTING_THREADS_PROPNAME, ONE_THREAD);
            missing.add(TransportConstants.REMOTING_THREADS_PROPNAME + "=" + ONE_THREAD + " into the acceptor "
                    + acceptor.getName());
        }
    }

    private void addQueue(String name) {
        if (!isThere(name)) {
            makeQueue(name);
            missing.add("<address name=\"" + name + "\"><anycast><queue name=\"" + name
                    + "\"/></anycast></address> into <addresses>");
        }
    }

    private boolean isThere(String name) {
        var ofAddresses = configuration.getAddressConfigurations().stream()
                .flatMap(address -> address.getQueueConfigs().stream());
        return Stream.concat(ofAddresses, configuration.getQueueConfigs().stream())
                .anyMatch(queue -> name.equals(queue.getName().toString())
                        || queue.getAddress() != null
                                && name.equals(queue.getAddress().toString()));
    }

    private void makeQueue(String name) {
        var address = configuration.getAddressConfigurations().stream()
                .filter(configured -> configured.getName().equals(name))
                .findFirst()
                .orElse(null);
        if (address == null) {
            address = new CoreAddressConfiguration().setName(name);
            configuration.addAddressConfiguration(address);
        }
        address.addRoutingType(RoutingType.ANYCAST)
                .addQueueConfig(QueueConfiguration.of(name).setAddress(name).setRoutingType(RoutingType.ANYCAST));
    }
}
