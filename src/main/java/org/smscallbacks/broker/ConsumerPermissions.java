package org.smscallbacks.broker;

import java.nio.file.Path;
import java.util.Set;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.settings.impl.HierarchicalObjectRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.Settings;

/**
 * Who may read which queue, as far as <code>broker.xml</code> cannot say it: it names the queues for consumers as they are called by
 * default. One of before lets consumers read all of them, which it goes on doing; the log says what to write.
 */
final class ConsumerPermissions {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerPermissions.class);
    private static final String ALL = "#";
    private static final String CONSUMER = "consumer";

    private final Configuration configuration;
    private final HierarchicalObjectRepository<Set<Role>> written;

    private ConsumerPermissions(Configuration configuration) {
        this.configuration = configuration;
        this.written = new HierarchicalObjectRepository<>(configuration.getWildcardConfiguration());
        written.setDefault(Set.of());
        configuration.getSecurityRoles().forEach(written::addMatch);
    }

    /**
     * Adds what the configured names of the queues need, and says so when consumers may read more than what is made for them.
     *
     * @param file where the configuration was read from
     */
    static void add(Path file, Configuration configuration, Settings.Queues queues) {
        var permissions = new ConsumerPermissions(configuration);
        queues.forConsumers().forEach(permissions::carryOver);
        if (permissions.letConsumersRead(queues.refused())) {
            LOG.warn(
                    "{} lets the role {} read every queue, also dead letters and what waits for a target: take it out of consume and"
                            + " browse in <security-setting match=\"{}\">, and write for each of {} a {}",
                    file,
                    CONSUMER,
                    ALL,
                    String.join(", ", queues.forConsumers().values()),
                    lines());
        }
    }

    /** What the file says of a queue holds for it under another name as well, unless it says something of that name. */
    private void carryOver(String usualName, String name) {
        var ofName = written.getMatch(name);
        boolean saysNothing =
                ofName.isEmpty() || ofName == configuration.getSecurityRoles().get(ALL);
        if (!name.equals(usualName) && saysNothing) {
            configuration.putSecurityRoles(name, written.getMatch(usualName));
        }
    }

    private boolean letConsumersRead(String queue) {
        return written.getMatch(queue).stream()
                .anyMatch(role -> role.getName().equals(CONSUMER) && (role.isConsume() || role.isBrowse()));
    }

    private static String lines() {
        var lines = new StringBuilder("<security-setting match=\"…\">");
        for (var type : new String[] {"createAddress", "createDurableQueue", "send", "consume", "browse"}) {
            var roles = type.equals("consume") || type.equals("browse") ? "," + CONSUMER : "";
            lines.append("<permission type=\"%s\" roles=\"gateway,operator%s\"/>".formatted(type, roles));
        }
        return lines.append("</security-setting>").toString();
    }
}
