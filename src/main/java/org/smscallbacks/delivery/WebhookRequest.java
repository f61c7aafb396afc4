package org.smscallbacks.delivery;

import com.standardwebhooks.exceptions.WebhookSigningException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.support.DefaultMessage;

/** Makes the request of {@link WebhookCall}, for a route that has steps between it and the call, which an <code>http:</code> step does then. */
public final class WebhookRequest implements Processor {

    private final Clock clock;

    public WebhookRequest(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) throws WebhookSigningException {
        var delivery = Delivery.of(exchange);
        var body = exchange.getMessage().getBody(String.class);
        var request = new DefaultMessage(exchange);
        WebhookHeaders.of(delivery, body, clock).forEach(request::setHeader);
        // as text Camel would look for a converter in each call, which takes a fifth of its time
        request.setHeader(Exchange.HTTP_METHOD, HttpMethods.POST);
        request.setHeader(Exchange.HTTP_URI, delivery.target().receiver().url().toString());
        request.setHeader(Exchange.CONTENT_TYPE, WebhookHeaders.CONTENT_TYPE);
        request.setBody(body.getBytes(StandardCharsets.UTF_8));
        exchange.setMessage(request);
    }
}
