package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.fuzz.Batch;
import org.smscallbacks.fuzz.Outcome;

/** What must be in the queues: each event once, however often it was sent, and nothing else. */
final class Ledger {

    /** The broker forgets an id after a hundred thousand others; from here on it may have. */
    private static final int REMEMBERED = 50_000;

    private final Map<String, Integer> known = new HashMap<>();
    private final Map<String, List<JsonNode>> byId = new HashMap<>();
    private final Map<String, List<JsonNode>> byMark = new HashMap<>();
    private final Set<String> perhaps = new HashSet<>();
    private int events;
    private int kept;
    private int repeated;

    /** The outcomes are of the same callback, at two different times: what has another id in each is known by its item's mark. */
    void expect(Outcome outcome, Outcome later) {
        for (int i = 0; i < outcome.events().size(); i++) {
            var event = outcome.events().get(i);
            if (!event.id().equals(later.events().get(i).id())) {
                byMark.computeIfAbsent(Batch.markIn(event.event()), mark -> new ArrayList<>())
                        .add(said(event));
            } else {
                expect(event);
            }
        }
    }

    private void expect(CollectedEvent event) {
        var before = known.get(event.id());
        boolean mayBeForgotten = before != null && known.size() - before > REMEMBERED;
        if (before == null || mayBeForgotten || byId.containsKey(event.id())) {
            byId.computeIfAbsent(event.id(), id -> new ArrayList<>()).add(said(event));
        }
        if (mayBeForgotten) {
            perhaps.add(event.id());
        }
        if (before != null) {
            repeated++;
        }
        known.putIfAbsent(event.id(), known.size());
    }

    private static JsonNode said(CollectedEvent event) {
        return said(read(event.json()), event.queues().get(0));
    }

    /** All but when it came. */
    private static JsonNode said(JsonNode event, String queue) {
        ObjectNode said = (ObjectNode) event;
        if (said.get("time").equals(said.get("receivedat"))) {
            said.put("time", "received");
        }
        said.remove(List.of("id", "receivedat"));
        return said.put("queue", queue);
    }

    private static JsonNode read(String json) {
        try {
            return EventAssert.JSON.readTree(json);
        } catch (java.io.IOException e) {
            throw new AssertionError(json, e);
        }
    }

    /** These are all that came; from here on others are expected. */
    void assertCame(List<Queues.Received> messages) throws Exception {
        try {
            for (var received : messages) {
                assertExpected(received);
            }
            byId.keySet().removeAll(perhaps);
            assertTrue(byId.isEmpty() && byMark.isEmpty(), () -> "lost: " + byId + byMark);
        } finally {
            byId.clear();
            byMark.clear();
            perhaps.clear();
        }
    }

    private void assertExpected(Queues.Received received) throws Exception {
        var event = EventAssert.eventIn(received);
        var id = event.get("id").asText();
        var mark = Batch.markIn(event);
        boolean isUnrecognised = event.get("type").asText().equals("sms.unrecognised");
        var said = said(event, received.queue());
        var expected = byId.remove(id);
        if (expected != null) {
            assertTrue(expected.contains(said), () -> said + " is none of " + expected);
        } else {
            var ofItem = byMark.get(mark);
            assertNotNull(ofItem, () -> "nobody has sent it, or it was there before: " + said);
            assertTrue(ofItem.remove(said), () -> said + " is none of " + ofItem);
            byMark.values().removeIf(List::isEmpty);
        }
        events += isUnrecognised ? 0 : 1;
        kept += isUnrecognised ? 1 : 0;
    }

    @Override
    public String toString() {
        return events + " events, " + kept + " kept items, " + repeated + " known before";
    }
}
