package org.smscallbacks.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;

/**
 * What a caller is told when a callback is not accepted, as an RFC 9457 problem. It never repeats what was sent.
 *
 * @param status the HTTP status
 * @param title the kind of problem
 * @param detail what to do
 * @param headers what goes with it
 */
record Problem(int status, String title, String detail, Map<String, String> headers) {

    static final String CONTENT_TYPE = "application/problem+json";

    private static final Map<String, String> CHALLENGE = Map.of("WWW-Authenticate", "Bearer realm=\"callbacks\"");
    private static final Map<String, String> SECONDS_TO_WAIT = Map.of("Retry-After", "10");

    /** The body was read, and is no callback; it is kept. */
    static final Problem UNREADABLE = new Problem(
            400, "Body cannot be read", "The body is neither JSON nor XML within the limits. It is kept.", Map.of());

    /** A route failed, and its callback is kept. */
    static final Problem CALLBACK_FAILED =
            new Problem(500, "Callback failed", "The callback is kept. The log of the gateway says more.", Map.of());

    /** What a status means where no route has said it. */
    static Problem of(int status) {
        return switch (status) {
            case 401 ->
                problem(status, "Not authorised", "The account is unknown or the credentials are wrong.", CHALLENGE);
            case 404 -> problem(status, "Not found", "Callbacks go to /callbacks/<provider>/<account>.");
            case 405 -> problem(status, "Method not allowed", "This provider does not call with this method.");
            case 408 -> problem(status, "Body too slow", "The body did not arrive in time (sms.http.body-timeout).");
            case 414 -> problem(status, "Request line too long", "The URL is too long.");
            case 415 ->
                problem(status, "Body encoding not known", "Of Content-Encoding, gzip is undone, and nothing else.");
            case 500 -> problem(status, "Internal error", "The log of the gateway says more.");
            case 503 ->
                problem(
                        status,
                        "Try again later",
                        "Nothing of the callback is acknowledged; repeat it.",
                        SECONDS_TO_WAIT);
            default -> problem(status, "Bad request", "The request cannot be read.");
        };
    }

    /** @param most how many bytes a body may have */
    static Problem tooLarge(long most) {
        return problem(413, "Body too large", "The largest body is " + most + " bytes (sms.http.max-body).");
    }

    private static Problem problem(int status, String title, String detail) {
        return problem(status, title, detail, Map.of());
    }

    private static Problem problem(int status, String title, String detail, Map<String, String> headers) {
        return new Problem(status, title, detail, headers);
    }

    String json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .toString();
    }
}
