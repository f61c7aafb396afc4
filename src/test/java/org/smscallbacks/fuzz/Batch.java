package org.smscallbacks.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A callback with several items.
 *
 * @param items as many as must come out of it again, in their order; empty where that is not known beforehand
 * @param untouched of each item what its event says, where nothing was changed in it; else null
 */
public record Batch(String provider, Request request, List<JsonNode> items, List<ObjectNode> untouched) {

    /** The field that tells each item from all others; no provider has it. */
    public static final String MARK = "mark";

    /** The item's own, or an empty text. */
    public static String markIn(JsonNode event) {
        return event.path("data").path("raw").path(MARK).asText();
    }

    /** Holds the outcome against what is known of the items. */
    public void assertSame(Outcome outcome) {
        Promises.assertKept(outcome);
        if (items.isEmpty()) {
            return;
        }
        if (outcome.events().size() != items.size()) {
            throw new AssertionError(
                    items.size() + " items in, " + outcome.events().size() + " out");
        }
        for (int i = 0; i < items.size(); i++) {
            var event = outcome.events().get(i).event();
            if (!markIn(event).equals(items.get(i).path(MARK).asText())) {
                throw new AssertionError("item " + i + " became another one's event: " + event);
            }
            if (untouched.get(i) != null && !Items.comparable(event).equals(untouched.get(i))) {
                throw new AssertionError("a neighbour was hurt: " + event + " instead of " + untouched.get(i));
            }
        }
    }
}
