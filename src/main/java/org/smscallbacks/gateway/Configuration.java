package org.smscallbacks.gateway;

import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.delivery.RetryQueues;
import org.smscallbacks.delivery.Target;
import org.smscallbacks.delivery.TargetReader;
import org.smscallbacks.event.QueueNames;

/**
 * All that is configured.
 *
 * @param settings the configuration
 * @param targets those of its targets that are switched on
 */
public record Configuration(Settings settings, List<Target> targets) {

    /** @throws ConfigurationException when a target cannot be used */
    public static Configuration of(Settings settings) {
        return new Configuration(settings, TargetReader.read(settings));
    }

    /** All queues events go to or wait in. */
    Set<String> queues() {
        var queues = new TreeSet<>(settings.queues().all());
        for (var target : targets) {
            queues.addAll(target.queues());
            queues.add(QueueNames.dead(target.name()));
        }
        queues.addAll(RetryQueues.names());
        return queues;
    }

    /** The keys and values for Camel's property placeholders: all but the secrets. */
    public Properties forCamel() {
        return settings.forCamel();
    }
}
