package org.smscallbacks.delivery;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.event.EventProperties;

/**
 * Ends an attempt: the message is again what came out of the queue; where the target does not have it, with what is known of the attempt in its headers
 * <code>attempts</code>, <code>firstFailedAt</code>, <code>lastFailedAt</code> (epoch milliseconds), <code>lastStatus</code> and
 * <code>returnTo</code>. The variable <code>status</code> is the HTTP status, or a word for there being none:
 * <code>unreachable</code>, <code>timeout</code>, <code>tls</code>, <code>broken</code> (the connection ended early) or
 * <code>failed</code> (the target's route did); <code>previousStatus</code> is the same of the attempt before, and
 * <code>retryAfter</code> the answer's <code>Retry-After</code>.
 */
public final class DeliveryOutcome implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryOutcome.class);

    /** The first that fits. */
    private static final List<Map.Entry<Class<? extends Exception>, String>> WORDS = List.of(
            Map.entry(ConnectTimeoutException.class, "unreachable"),
            Map.entry(ConnectException.class, "unreachable"),
            Map.entry(UnknownHostException.class, "unreachable"),
            Map.entry(NoRouteToHostException.class, "unreachable"),
            Map.entry(JMSException.class, "unreachable"),
            Map.entry(InterruptedIOException.class, "timeout"),
            Map.entry(SSLException.class, "tls"),
            Map.entry(IOException.class, "broken"));

    private final Clock clock;

    public DeliveryOutcome(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        var delivery = Delivery.of(exchange);
        var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        var answer = exchange.getMessage();
        if (failure == null) {
            delivery.status(answer.getHeader(Exchange.HTTP_RESPONSE_CODE, String.class));
        } else {
            unanswered(delivery, failure);
        }
        exchange.setVariable("status", delivery.status());
        exchange.setVariable("previousStatus", delivery.previousStatus());
        exchange.setVariable("retryAfter", failure == null ? answer.getHeader("Retry-After", String.class) : null);

        var message = delivery.message();
        if (delivery.isDone()) {
            exchange.setMessage(message);
            return;
        }
        long now = clock.millis();
        message.setHeader(EventProperties.ATTEMPTS, delivery.attempts());
        if (message.getHeader(EventProperties.FIRST_FAILED_AT) == null) {
            message.setHeader(EventProperties.FIRST_FAILED_AT, now);
        }
        message.setHeader(EventProperties.LAST_FAILED_AT, now);
        message.setHeader(EventProperties.LAST_STATUS, delivery.status());
        message.setHeader(EventProperties.RETURN_TO, delivery.returnQueue());
        // what is sent again must not look like a duplicate to the broker
        message.getHeaders().keySet().removeIf(name -> name.startsWith("_AMQ"));
        exchange.setMessage(message);
    }

    private static void unanswered(Delivery delivery, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            for (var word : WORDS) {
                if (word.getKey().isInstance(cause)) {
                    delivery.unanswered(word.getValue(), cause.getMessage());
                    return;
                }
            }
        }
        // its message may quote the event
        delivery.unanswered("failed", failure.getClass().getName());
        LOG.debug("a target's route failed", failure);
    }
}
