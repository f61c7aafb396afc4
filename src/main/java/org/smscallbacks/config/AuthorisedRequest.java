package org.smscallbacks.config;

import java.util.List;
import java.util.Map;

/**
 * A request as its provider sends it for an account, with all that the account wants to be shown.
 *
 * @param headers those that were added
 * @param query the parameters that were added, decoded
 * @param fields what was added to the body, name by name
 * @param url the one to call, with what was added
 * @param body the one to send, with what was added; empty for a GET
 * @param unsigned why there is no signature, or none that is good, where the account wants one; else empty
 */
public record AuthorisedRequest(
        List<Map.Entry<String, String>> headers,
        List<Map.Entry<String, String>> query,
        List<Map.Entry<String, String>> fields,
        String url,
        byte[] body,
        String unsigned) {}
