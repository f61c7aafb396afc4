package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;

/** An enterprise with an account for each of its brands: all of them are known, each by its own token, and all are counted. */
class ManyAccountsTest {

    private static final int COUNT = 1_000;

    @Test
    void areAllKnown() throws Exception {
        var gateway = TestGateway.withBrokerAt(TestGateway.shared().brokerPort());
        TestGateway.shared().queues().drain();
        for (int i = 0; i < COUNT; i++) {
            gateway.set("sms.account.bulkgate.brand-" + i + ".token", token(i));
        }
        try (var started = gateway.start()) {
            for (int i = 0; i < COUNT; i += 37) {
                assertEquals(200, post(started, i, token(i)));
                assertEquals(401, post(started, i, token(i + 1)), "another one's token");
            }
            assertEquals(28, started.queues().drain().size());
            var metrics = started.get(started.managementUri("/observe/metrics")).body();
            assertTrue(metrics.contains("account=\"brand-0\"") && metrics.contains("account=\"brand-999\""));
        }
    }

    private static String token(int account) {
        return "token-of-the-brand-" + account;
    }

    private static int post(TestGateway gateway, int account, String token) throws Exception {
        var uri = gateway.uri("/callbacks/bulkgate/brand-" + account + "?token=" + token);
        var body = "[{\"status\":\"1\",\"smsID\":\"brand-" + account + "\",\"to\":\"420777000101\"}]";
        return gateway.send(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode();
    }
}
