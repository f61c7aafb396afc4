package org.smscallbacks.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventSchema;

/** What must be so of every callback, whatever is in it. What is not is an {@link AssertionError}. */
public final class Promises {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EventSchema SCHEMA = new EventSchema();
    private static final XMLInputFactory XML = XMLInputFactory.newFactory();

    /** Reasons that only a slip of ours gives. */
    private static final List<String> SLIPS =
            List.of("the route failed", "the mapping", "the route made no event", "the route gave no reason");

    private Promises() {}

    /** Nothing of it is lost, nothing in it makes anything fail, and what came of it can be read by everybody. */
    public static void assertKept(Outcome outcome) {
        if (outcome.failure() != null) {
            throw new AssertionError("the route failed", outcome.failure());
        }
        check(outcome.status() == (outcome.unreadable() == null ? 200 : 400), "answered " + outcome.status());
        check(outcome.events().size() == outcome.items(), "of " + outcome.items() + " items " + outcome.events());
        if (outcome.unreadable() != null) {
            check(
                    outcome.events().size() == 1 && outcome.events().get(0).isUnrecognised(),
                    "an unreadable body became " + outcome.events());
        }
        outcome.events().forEach(Promises::assertSound);
        assertReadable(outcome);
    }

    private static void assertSound(CollectedEvent event) {
        var misfits = SCHEMA.misfits(event.event());
        check(misfits.isEmpty(), misfits + " in " + event.json());
        check(!event.queues().isEmpty(), "no queue for " + event.json());
        var reason = event.data("reason");
        if (event.isUnrecognised() && reason != null) {
            check(SLIPS.stream().noneMatch(reason::startsWith), "kept for a slip: " + event.json());
        }
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(event.json()));
            JsonNode read = JSON.readTree(event.json());
            check(read.path("id").asText().equals(event.id()), "another event is read of " + event.json());
        } catch (CharacterCodingException | JsonProcessingException e) {
            throw new AssertionError("cannot be read: " + event.json(), e);
        }
    }

    private static void assertReadable(Outcome outcome) {
        try {
            if (outcome.type().contains("json")) {
                JSON.readTree(outcome.answer());
            } else if (outcome.type().contains("xml")) {
                var reader = XML.createXMLStreamReader(new StringReader(outcome.answer()));
                while (reader.hasNext()) {
                    reader.next();
                }
            }
        } catch (JsonProcessingException | XMLStreamException e) {
            throw new AssertionError("answered what cannot be read: " + outcome.answer(), e);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
