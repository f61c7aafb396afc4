package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.config.Settings;

/** The ESB's side of the embedded broker, in both its protocols. */
class ConsumerTest {

    private static final String TWO_STATES =
            "[{\"id_sms\":\"%1$s-1\",\"state\":\"send\"},{\"id_sms\":\"%1$s-2\",\"state\":\"deliver\"}]";

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.shared();
        gateway.queues().drain();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void readsAQueueWithASelectorInATransaction(String scheme) throws Exception {
        gateway.post("webcom-mobi", TWO_STATES.formatted("consumed-" + scheme));
        for (int attempt = 1; attempt <= 2; attempt++) {
            try (var context = factory(scheme, Settings.DEMO_SECRET).createContext(JMSContext.SESSION_TRANSACTED)) {
                var queue = context.createQueue("sms.delivery.final");
                var consumer = context.createConsumer(queue, "final = true AND status = 'delivered'");
                var message = consumer.receive(60_000);
                var event = EventAssert.JSON.readTree(message.getBody(String.class));
                assertEquals("consumed-" + scheme + "-2", event.get("subject").asText());
                assertEquals("delivered", message.getStringProperty("status"));
                if (attempt == 2) {
                    context.commit();
                    assertNull(consumer.receiveNoWait());
                }
            }
        }
        gateway.queues().drain();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void wantsThePassword(String scheme) {
        assertThrows(JMSRuntimeException.class, () -> factory(scheme, "wrong").createContext());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void letsNoConsumerSend(String scheme) throws Exception {
        try (var connection = factory(scheme, Settings.DEMO_SECRET).createConnection();
                var session = connection.createSession()) {
            assertThrows(JMSException.class, () -> session.createProducer(session.createQueue("sms.inbound"))
                    .send(session.createTextMessage("forged")));
        }
    }

    private ConnectionFactory factory(String scheme, String password) {
        var url = scheme + "://127.0.0.1:" + gateway.brokerPort();
        return scheme.equals("amqp")
                ? new JmsConnectionFactory("esb", password, url)
                : new ActiveMQConnectionFactory(url, "esb", password);
    }
}
