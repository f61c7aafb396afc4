package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/**
 * The schema of events that the gateway serves, to hold events against: a mapping is edited, and what it writes is a promise to every
 * consumer. Made of the very file that is served; what it takes is far below what a validator would.
 */
public final class EventSchema {

    private static final String FILE = "/contracts/schemas/sms-event.v1.json";

    private final SchemaRule event;

    /** @throws IllegalArgumentException when the schema says what this class does not understand */
    public EventSchema() {
        try (var file = EventSchema.class.getResourceAsStream(FILE)) {
            this.event = new SchemaReader(new ObjectMapper().readTree(file)).read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the event differs from the schema; nothing when it fits. */
    public Set<Misfit> misfits(JsonNode node) {
        return event.fits(node) ? Set.of() : SchemaMisfits.of(event, node);
    }
}
