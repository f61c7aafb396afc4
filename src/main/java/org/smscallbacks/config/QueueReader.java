package org.smscallbacks.config;

import static org.smscallbacks.config.Section.Trait.UNTIL_RESTART;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the names of the queues. */
final class QueueReader {

    private static final String KEY = "queue.";
    private static final String UNRECOGNISED = "unrecognised";
    private static final String REPLAY = "replay";
    private static final String REFUSED = "refused";

    private final Section sms;
    private final Map<String, String> names = new LinkedHashMap<>();

    QueueReader(Section sms) {
        this.sms = sms;
    }

    /**
     * The queues.
     *
     * @throws ConfigurationException when one cannot be used, or has the name of another that the gateway itself needs
     */
    Settings.Queues queues() {
        var forConsumers = new LinkedHashMap<String, String>();
        for (var name : List.of("delivery.final", "delivery.interim", "inbound", "click")) {
            forConsumers.put(ConfigFile.PREFIX + name, read(name, true));
        }
        forConsumers.values().removeIf(Settings.NO_QUEUE::equals);
        forConsumers.put(ConfigFile.PREFIX + UNRECOGNISED, read(UNRECOGNISED, false));
        var queues = new Settings.Queues(
                names.get(UNRECOGNISED),
                read(REPLAY, false),
                read(REFUSED, false),
                Collections.unmodifiableMap(forConsumers));
        List.of(UNRECOGNISED, REPLAY, REFUSED).forEach(this::refuseNameOfAnother);
        return queues;
    }

    private String read(String name, boolean canBeNone) {
        var queue = sms.get(
                KEY + name,
                ConfigFile.PREFIX + name,
                text -> {
                    if (text.equals(Settings.NO_QUEUE) && !canBeNone) {
                        throw new IllegalArgumentException("cannot be none: what comes there would be lost");
                    }
                    return Values.queue(text);
                },
                UNTIL_RESTART);
        names.put(name, queue);
        return queue;
    }

    /** What lies in it would be taken for what belongs into the other. */
    private void refuseNameOfAnother(String own) {
        names.forEach((name, queue) -> {
            if (!name.equals(own) && queue.equals(names.get(own))) {
                throw sms.wrong(
                        KEY + own,
                        "is the same queue as " + ConfigFile.PREFIX + KEY + name + ": give each a name of its own");
            }
        });
    }
}
