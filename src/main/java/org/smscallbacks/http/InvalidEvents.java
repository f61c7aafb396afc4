package org.smscallbacks.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.event.EventSchema;
import org.smscallbacks.event.Misfit;

/**
 * Notices events that do not fit the schema the gateway serves, which a mapping can write that was edited. They are stored all the same:
 * what is not as it should be is better than what is not there. The log says where they differ, once for each field; never a value.
 */
public final class InvalidEvents {

    private static final Logger LOG = LoggerFactory.getLogger(InvalidEvents.class);
    private static final int MOST_SAID = 1_000;

    private final EventSchema schema = new EventSchema();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Set<Said> said = ConcurrentHashMap.newKeySet();

    private record Said(String provider, Misfit misfit) {}

    /** Counters of these providers, with nothing counted. */
    public InvalidEvents(Set<String> providers, MeterRegistry meters) {
        for (var provider : providers) {
            counters.put(
                    provider,
                    Counter.builder("sms.invalid.events")
                            .description("Events that do not fit the schema, stored all the same")
                            .tag("provider", provider)
                            .register(meters));
        }
    }

    /** @param mapping what wrote it, or null when that is not known */
    void look(JsonNode event, String provider, String mapping) {
        var misfits = misfits(event);
        if (misfits.isEmpty()) {
            return;
        }
        var counter = counters.get(provider);
        if (counter != null) {
            counter.increment();
        }
        for (var misfit : misfits) {
            if (said.size() < MOST_SAID && said.add(new Said(provider, misfit))) {
                LOG.warn(
                        "An event of {} does not fit the schema sms-event.v1.json: {} {}; it is stored as it is. Correct {}",
                        provider,
                        misfit.field(),
                        misfit.kind().words(),
                        mapping == null ? "what made it in the provider's route" : "the mapping " + mapping);
            }
        }
    }

    /** Whatever happens here, the event is to be stored. */
    private Set<Misfit> misfits(JsonNode event) {
        try {
            return schema.misfits(event);
        } catch (RuntimeException e) {
            LOG.debug("an event could not be held against the schema", e);
            return Set.of(new Misfit("", Misfit.Kind.VALUE));
        }
    }
}
