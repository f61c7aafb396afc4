package org.smscallbacks.bench.contender;

import com.standardwebhooks.exceptions.WebhookSigningException;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;
import org.smscallbacks.delivery.Target;
import org.smscallbacks.event.QueueNames;

/**
 * Delivery to one HTTP target by hand: each consumer takes an event in a transaction, signs it (Standard Webhooks), calls the target
 * and commits. What the target does not take goes back to its queue: retries that wait are no part of the comparison.
 */
final class ByHandDelivery {

    private static final int MOST_CONNECTIONS = 256;

    private final Target target;
    private final ConnectionFactory connections;
    private final CloseableHttpClient http = HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnTotal(MOST_CONNECTIONS)
                    .setMaxConnPerRoute(MOST_CONNECTIONS)
                    .build())
            .setDefaultRequestConfig(RequestConfig.custom()
                    .setResponseTimeout(Timeout.ofSeconds(15))
                    .build())
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .build();

    ByHandDelivery(Target target, ConnectionFactory connections) {
        this.target = target;
        this.connections = connections;
    }

    void start(int consumers) {
        for (int i = 0; i < consumers; i++) {
            new Thread(this::deliver, "delivery-" + i).start();
        }
    }

    private void deliver() {
        try (var connection = connections.createConnection();
                var session = connection.createSession(true, Session.SESSION_TRANSACTED);
                var consumer = session.createConsumer(session.createQueue(QueueNames.target(target.name())))) {
            connection.start();
            while (true) {
                if (isTaken((TextMessage) consumer.receive())) {
                    session.commit();
                } else {
                    session.rollback();
                }
            }
        } catch (JMSException | WebhookSigningException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isTaken(TextMessage message) throws JMSException, WebhookSigningException {
        var body = message.getText();
        var id = message.getStringProperty("eventId");
        long now = Instant.now().getEpochSecond();
        var call = new HttpPost(target.receiver().url());
        call.setHeader("webhook-id", id);
        call.setHeader("webhook-timestamp", String.valueOf(now));
        call.setHeader("webhook-signature", target.receiver().signers().get(0).sign(id, now, body));
        call.setEntity(new ByteArrayEntity(
                body.getBytes(StandardCharsets.UTF_8),
                ContentType.parse("application/cloudevents+json; charset=UTF-8")));
        try {
            return http.execute(call, answer -> {
                EntityUtils.consume(answer.getEntity());
                return answer.getCode() / 100 == 2;
            });
        } catch (IOException e) {
            return false;
        }
    }
}
