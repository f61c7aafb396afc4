package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a mapping writes that is no event: a slip of whoever edits it, and items that are kept aside until it is mended. */
final class MappingSlips {

    private static final Logger LOG = LoggerFactory.getLogger(MappingSlips.class);
    private static final int MOST_SAID = 1_000;
    private static final Set<String> TYPES = Set.copyOf(EventType.texts());
    private static final Set<String> STATUSES = Set.copyOf(Status.texts());

    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /** Says it once for each mapping and kind; never a value. */
    void say(String provider, String mapping, String slip) {
        var kind = slip.replaceFirst(":.*", "");
        if (said.size() < MOST_SAID && said.add(provider + mapping + kind)) {
            LOG.warn(
                    "Items of {} are kept in sms.unrecognised: {}; correct {}, then replay them",
                    provider,
                    kind,
                    mapping == null ? "the provider's route" : "the mapping " + mapping);
        }
    }

    /** What keeps a mapping's output from being an event, in words, or null: what routing and consumers rely on. */
    static String slipIn(String type, JsonNode mapped) {
        if (!TYPES.contains(type)) {
            return type.isEmpty()
                    ? "the route made no event of it"
                    : "the mapping wrote a type that does not exist: " + type;
        }
        if (!mapped.path("id").isArray()) {
            return "the mapping wrote no id, the array of what makes the event one of a kind";
        }
        if (EventType.DELIVERY_REPORT.is(type)) {
            var status = mapped.path("data").path("status").asText();
            if (!STATUSES.contains(status)) {
                return "the mapping wrote a status that does not exist: " + status;
            }
            if (!mapped.path("data").path("final").isBoolean()) {
                return "the mapping did not write whether the status is final";
            }
        }
        return null;
    }
}
