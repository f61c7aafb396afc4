package org.smscallbacks.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Which broker, and how the gateway logs in to it.
 *
 * @param url its URL
 * @param user the gateway's own user
 * @param password empty for one that the embedded broker makes up
 * @param data the folder of the embedded one
 * @param commitTimeout how long a callback waits for its commit before it is answered 503
 * @param diskReserve free space, in bytes, below which the embedded one takes and moves nothing; 0 for what suits the disk
 */
public record BrokerSettings(
        String url, String user, String password, Path data, Duration commitTimeout, long diskReserve) {

    static final String EMBEDDED = "vm://0";

    /** Whether it is in this process: the number tells apart those of several gateways in one. */
    public boolean isEmbedded() {
        return url.matches("vm://\\d+");
    }
}
