package org.smscallbacks.delivery;

import com.standardwebhooks.exceptions.WebhookSigningException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.smscallbacks.event.EventProperties;

/**
 * What a call says beside the event: the target's own headers, and the signature of the
 * <a href="https://www.standardwebhooks.com">Standard Webhooks</a> specification. The id is the event's, the same in every attempt;
 * the timestamp is that of the attempt.
 */
final class WebhookHeaders {

    static final String CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8";

    private WebhookHeaders() {}

    /** @param body the event, as it is sent */
    static Map<String, String> of(Delivery delivery, String body, Clock clock) throws WebhookSigningException {
        var receiver = delivery.target().receiver();
        var id = delivery.message().getHeader(EventProperties.EVENT_ID, String.class);
        long now = clock.instant().getEpochSecond();
        var signatures = new StringJoiner(" ");
        for (var signer : receiver.signers()) {
            signatures.add(signer.sign(id, now, body));
        }
        var headers = new HashMap<>(receiver.headers());
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", String.valueOf(now));
        headers.put("webhook-signature", signatures.toString());
        return headers;
    }
}
