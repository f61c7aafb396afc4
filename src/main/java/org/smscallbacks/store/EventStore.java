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

    /**
     * Asked before events that are stored in several calls: a provider whose callback is refused after some of them would bring those that
     * have no id of their own again as others.
     *
     * @throws Exception when it is known that there is no room for all of them
     */
    default void refuseWithoutRoom(List<CollectedEvent> events) throws Exception {
        // a broker at the other end of a connection does not tell
    }

    /** Lets go of the broker. */
    @Override
    void close();
}
