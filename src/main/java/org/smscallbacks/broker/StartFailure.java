package org.smscallbacks.broker;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.apache.activemq.artemis.core.server.ActiveMQLockAcquisitionTimeoutException;
import org.smscallbacks.config.ConfigurationException;

/** Why the broker does not start, in words that say what to do. */
final class StartFailure {

    private final Path data;
    private final DataFiles files;

    StartFailure(Path data, DataFiles files) {
        this.data = data;
        this.files = files;
    }

    ConfigurationException of(Exception failure) {
        return new ConfigurationException("the embedded broker does not start: " + inWords(failure));
    }

    private String inWords(Exception failure) {
        if (failure instanceof TimeoutException) {
            return "it is still reading " + data + " after a minute; is the disk slow, or has it very much to read?";
        }
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        var said = String.valueOf(cause.getMessage());
        if (cause instanceof ActiveMQLockAcquisitionTimeoutException) {
            return "the folder " + data
                    + " is in use by another gateway: stop that one, or choose another folder with sms.broker.data";
        }
        if (said.contains("No space left on device") || said.contains("Disk quota exceeded")) {
            return "the disk of " + data + " is full (" + said + "): make room";
        }
        if (said.contains("Permission denied") || cause instanceof AccessDeniedException) {
            return "it may not use a file in " + data + " (" + said
                    + "): give the folder and all in it to the gateway's user";
        }
        if (cause instanceof IOException || cause instanceof ActiveMQIOErrorException) {
            return damaged(said);
        }
        return cause + " (its data is in " + data + ")";
    }

    private String damaged(String said) {
        return "its data in " + data + " cannot be read (" + said + ")" + beginnings()
                + "; restore the folder from a backup, or move it away to begin with empty queues";
    }

    /** Artemis does not say in which file it has found what it cannot read. */
    private String beginnings() {
        try {
            var damaged = files.withoutHeader();
            return damaged.isEmpty() ? "" : ": damaged at its beginning is " + String.join(", ", damaged);
        } catch (IOException e) {
            return "";
        }
    }
}
