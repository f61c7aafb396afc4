package org.smscallbacks.gateway;

import java.util.List;
import org.smscallbacks.event.CollectedEvent;

/**
 * What would become of a callback.
 *
 * @param status the HTTP status of the answer; 0 when it came to none in time
 * @param contentType of the answer, or empty
 * @param answer its body
 * @param events what would be stored, in the order of the items
 * @param unsent what the steps of the routes would send elsewhere, in words
 * @param problems what is wrong with the whole of it
 * @param notes what is not wrong, but most likely not meant
 */
public record TrialResult(
        int status,
        String contentType,
        String answer,
        List<Event> events,
        List<String> unsent,
        List<Problem> problems,
        List<String> notes) {

    /**
     * What is wrong.
     *
     * @param place the file and the line, or the step, as far as these are known; else empty
     * @param words never with the place; they may quote the callback
     */
    public record Problem(String place, String words) {}

    /**
     * One of the events.
     *
     * @param isKnown whether it is one of the others once more, and would not be stored
     * @param mapping the file that made it, or null
     * @param problems what is wrong with it
     */
    public record Event(CollectedEvent collected, boolean isKnown, String mapping, List<Problem> problems) {}

    /** Whether there is nothing wrong with it: all is recognised, fits the schema, and is answered as accepted. */
    public boolean isGood() {
        return problems.isEmpty()
                && events.stream().allMatch(event -> event.problems().isEmpty());
    }
}
