package org.smscallbacks.config;

import static org.smscallbacks.config.Section.Trait.SECRET;
import static org.smscallbacks.config.Section.Trait.UNTIL_RESTART;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * What is configured of the broker and the trail: all that an operator's command needs, which works while anything else is broken.
 *
 * @param folder the one the configuration was read from, with the broker's files
 * @param broker which broker
 * @param queues the names of its queues
 * @param trail where it is noted what happens to events
 */
public record BrokerKeys(Path folder, BrokerSettings broker, Settings.Queues queues, TrailSettings trail) {

    /**
     * Reads <code>application.properties</code> in the folder, and what overrides it.
     *
     * @throws ConfigurationException when the file is missing, or a key of the broker cannot be used
     */
    public static BrokerKeys load(Path folder, Map<String, String> environment, Properties system) {
        var file = ConfigFile.readable(folder.resolve("application.properties"), environment, system);
        return of(folder, new Section(file, ConfigFile.PREFIX, true));
    }

    static BrokerKeys of(Path folder, Section sms) {
        var broker = new BrokerSettings(
                sms.get("broker.url", BrokerSettings.EMBEDDED, Values::text, UNTIL_RESTART),
                sms.get("broker.user", "gateway", Values::text, UNTIL_RESTART),
                sms.get("broker.password", "", Values::text, SECRET, UNTIL_RESTART),
                sms.get("broker.data", "data", Path::of, UNTIL_RESTART),
                sms.get("broker.commit-timeout", "10s", Values::time, UNTIL_RESTART),
                sms.get("broker.disk-reserve", "", Values::room, UNTIL_RESTART));
        return new BrokerKeys(folder, broker, new QueueReader(sms).queues(), trail(sms));
    }

    private static TrailSettings trail(Section sms) {
        var folder = sms.get("trail.folder", TrailSettings.FOLDER, Values::text, UNTIL_RESTART);
        return new TrailSettings(
                TrailSettings.NO_TRAIL.equals(folder) ? null : Path.of(folder),
                sms.get("trail.days", "14", Values.number(1, 3_650), UNTIL_RESTART));
    }
}
