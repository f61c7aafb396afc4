package org.smscallbacks.broker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;

/**
 * What a <code>broker.xml</code> of before lacks, so that nothing is lost: it is added to the configuration in memory, and the log says
 * what to write into the file.
 */
final class MissingLines {

    private static final Logger LOG = LoggerFactory.getLogger(MissingLines.class);
    private static final String ALL = "#";

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
     * @param refused the queue for what consumers reject
     * @throws ConfigurationException when the file has the broker drop messages
     */
    static void add(Path file, Configuration configuration, String refused) {
        var lines = new MissingLines(file, configuration, refused);
        lines.refuseToDrop();
        lines.addDeadLetterAddress();
        lines.addQueue();
        if (!lines.missing.isEmpty()) {
            LOG.warn(
                    "{} lacks lines, and the gateway goes on as if they stood there; write {}",
                    file,
                    String.join("; ", lines.missing));
        }
    }

    private void refuseToDrop() {
        configuration.getAddressSettings().forEach((match, settings) -> {
            if (settings.getAddressFullMessagePolicy() == AddressFullMessagePolicy.DROP) {
                throw drops(match, "address-full-policy");
            }
            if (settings.getPageFullMessagePolicy() != null
                    && settings.getPageFullMessagePolicy().name().equals(AddressFullMessagePolicy.DROP.name())) {
                throw drops(match, "page-full-policy");
            }
        });
    }

    private ConfigurationException drops(String match, String policy) {
        return new ConfigurationException(file + ": the address-setting " + match + " has DROP as " + policy
                + ", which loses events that were acknowledged: write PAGE or FAIL");
    }

    /** Of one that stands nowhere but in the setting of all addresses, the others inherit it. */
    private void addDeadLetterAddress() {
        var all = configuration.getAddressSettings().get(ALL);
        if (all == null) {
            all = new AddressSettings();
            configuration.addAddressSetting(ALL, all);
        }
        if (all.getDeadLetterAddress() != null
                && !refused.equals(all.getDeadLetterAddress().toString())) {
            LOG.warn(
                    "{}: what consumers reject goes to {}, not to {} as sms.queue.refused says: make them the same",
                    file,
                    all.getDeadLetterAddress(),
                    refused);
        }
        if (all.getDeadLetterAddress() == null) {
            all.setDeadLetterAddress(SimpleString.of(refused));
            missing.add("<dead-letter-address>" + refused + "</dead-letter-address> into <address-setting match=\""
                    + ALL + "\">");
        }
    }

    private void addQueue() {
        boolean there = configuration.getAddressConfigurations().stream()
                .flatMap(address -> address.getQueueConfigs().stream())
                .anyMatch(queue -> queue.getName().toString().equals(refused));
        if (!there) {
            configuration.addAddressConfiguration(new CoreAddressConfiguration()
                    .setName(refused)
                    .addRoutingType(RoutingType.ANYCAST)
                    .addQueueConfig(
                            QueueConfiguration.of(refused).setAddress(refused).setRoutingType(RoutingType.ANYCAST)));
            missing.add("<address name=\"" + refused + "\"><anycast><queue name=\"" + refused
                    + "\"/></anycast></address> into <addresses>");
        }
    }
}
