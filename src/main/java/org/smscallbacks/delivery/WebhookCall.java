package org.smscallbacks.delivery;

import com.standardwebhooks.exceptions.WebhookSigningException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultMessage;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;

/**
 * Calls the target's receiver with the event in the body, signed. The message after it has the answer's status as the header
 * <code>CamelHttpResponseCode</code>, and its <code>Retry-After</code>. Every target has a client of its own. Throws an
 * <code>IOException</code> when there is no answer.
 */
public final class WebhookCall implements Processor, AutoCloseable {

    private static final ContentType CONTENT_TYPE = ContentType.parse(WebhookHeaders.CONTENT_TYPE);

    private final Clock clock;
    private final Vertx timers;
    private final Map<String, CloseableHttpClient> clients = new ConcurrentHashMap<>();

    public WebhookCall(Clock clock, Vertx timers) {
        this.clock = clock;
        this.timers = timers;
    }

    @Override
    public void process(Exchange exchange) throws WebhookSigningException, IOException {
        var delivery = Delivery.of(exchange);
        var body = exchange.getMessage().getBody(String.class);
        var call = new HttpPost(delivery.target().receiver().url());
        WebhookHeaders.of(delivery, body, clock).forEach(call::setHeader);
        call.setEntity(new ByteArrayEntity(body.getBytes(StandardCharsets.UTF_8), CONTENT_TYPE));
        exchange.setMessage(clientOf(delivery.target()).execute(call, answer -> message(exchange, answer)));
    }

    private static Message message(Exchange exchange, ClassicHttpResponse answer) {
        var message = new DefaultMessage(exchange);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, String.valueOf(answer.getCode()));
        var retryAfter = answer.getFirstHeader(HttpHeaders.RETRY_AFTER);
        if (retryAfter != null) {
            message.setHeader(HttpHeaders.RETRY_AFTER, retryAfter.getValue());
        }
        return message;
    }

    private CloseableHttpClient clientOf(Target target) {
        return clients.computeIfAbsent(target.name(), name -> {
            var client = HttpClientBuilder.create();
            new ReceiverClient(target.receiver(), timers).configureHttpClient(client);
            return client.build();
        });
    }

    @Override
    public void close() {
        clients.values().forEach(client -> client.close(CloseMode.GRACEFUL));
    }
}
