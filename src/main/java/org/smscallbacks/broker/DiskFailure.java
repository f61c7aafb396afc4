package org.smscallbacks.broker;

import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.apache.activemq.artemis.core.io.IOCriticalErrorListener;

/**
 * Whether the broker's disk has refused to write. Artemis says so beside the call: a page that could not be written raises nothing
 * where the message was sent (<code>NIOSequentialFile.internalWrite</code>), it is told to a listener, and the broker ends itself.
 */
final class DiskFailure implements IOCriticalErrorListener {

    private final Runnable onFailure;
    private volatile String reason;

    /** @param onFailure is called once, in a thread of the broker that must not be held */
    DiskFailure(Runnable onFailure) {
        this.onFailure = onFailure;
    }

    @Override
    public void onIOException(Throwable failure, String message, String file) {
        boolean first = reason == null;
        reason = message == null ? failure.getClass().getSimpleName() : message;
        if (first) {
            onFailure.run();
        }
    }

    /** What it said, or null while it works. */
    String reason() {
        return reason;
    }

    /** @throws ActiveMQIOErrorException when the disk has failed, whatever came of it since */
    void refuse() throws ActiveMQIOErrorException {
        if (reason != null) {
            throw new ActiveMQIOErrorException("the broker's disk has failed (" + reason + ")");
        }
    }
}
