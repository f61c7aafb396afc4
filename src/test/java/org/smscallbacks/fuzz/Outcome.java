package org.smscallbacks.fuzz;

import java.util.List;
import org.smscallbacks.event.CollectedEvent;

/**
 * What became of a callback.
 *
 * @param unreadable why the whole of it could not be read, or null
 * @param items how many the route has found in it
 * @param failure what the route did not handle, or null
 */
public record Outcome(
        int status,
        String type,
        String answer,
        String unreadable,
        int items,
        List<CollectedEvent> events,
        Exception failure,
        long nanos) {}
