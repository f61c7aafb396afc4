package org.smscallbacks.store;

import java.util.List;
import org.smscallbacks.event.CollectedEvent;

/** The way of events to the broker's disk. Many threads use it at once; each call may take as long as the broker does. */
public interface EventStore extends AutoCloseable {

    /**
     * Puts these events on the disk, in one transaction. What the broker knows already is not stored again.
     *
     * @return those of them that were known
     * @throws Exception when they are not, or may not be, on the disk: the same call again does no harm
     */
    List<CollectedEvent> store(List<CollectedEvent> events) throws Exception;

    /** Lets go of the broker. */
    @Override
    void close();
}
