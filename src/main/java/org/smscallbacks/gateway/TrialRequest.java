package org.smscallbacks.gateway;

import java.util.Map;

/**
 * A callback to try.
 *
 * @param account as the URL names it; empty for the first that is configured for the provider, null for one with nothing of its own
 * @param isGet whether it says what it has to say in its query
 * @param query raw, as in the URL; empty for none
 * @param headers those a signature may be over, and the charset of Content-Type
 * @param body of a POST, as it is sent
 */
public record TrialRequest(
        String provider, String account, boolean isGet, String query, Map<String, String> headers, byte[] body) {

    /** The value of a header, however its name is written, or null. */
    String header(String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
