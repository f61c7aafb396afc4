package org.smscallbacks.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.smscallbacks.config.Account;
import org.smscallbacks.event.BodyMemory;
import org.smscallbacks.event.Callback;
import org.smscallbacks.mapping.FormFields;

/** A callback as the guard lets it in, where nobody has called: the guard has nothing to say of it, as of a replay. */
public final class UnguardedCallback {

    private static final Pattern TOKEN = Pattern.compile("(?<=^|&)token=[^&]*&?|&token=[^&]*$");

    private UnguardedCallback() {}

    /**
     * Puts it into the exchange, for the route that takes it.
     *
     * @param isGet whether it says what it has to say in its query
     * @param query raw, as in the URL; its token is left out
     * @param contentType which can name the charset of the body, or null
     */
    public static Callback enter(
            Exchange exchange,
            Account account,
            Instant receivedAt,
            boolean isGet,
            String query,
            byte[] body,
            String contentType) {
        var said = TOKEN.matcher(query).replaceAll("");
        var bytes = isGet ? said.getBytes(StandardCharsets.UTF_8) : body;
        var callback = new Callback(account, receivedAt, bytes, BodyMemory.NONE);
        callback.charset(ReceivedRequest.charset(contentType));
        callback.query(FormFields.read(said));
        callback.enter(exchange, isGet ? "GET" : "POST", said);
        exchange.getMessage().setBody(body);
        return callback;
    }
}
