package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An external broker that is not there, comes, goes and comes back. */
class BrokerOutageTest {

    private static final String REPORT = "[{\"status\":\"1\",\"smsID\":\"outage-%d\"}]";

    @Test
    void answers503WhileTheBrokerIsAwayAndGoesOnByItself(@TempDir Path folder) throws Exception {
        try (var broker = new OwnBroker(folder);
                var gateway = TestGateway.withBrokerAt(broker.port())
                        .set("sms.broker.commit-timeout", "5s")
                        .start()) {
            asksToComeAgain(gateway, 1);
            assertEquals(503, readiness(gateway));

            broker.start();
            goesOn(gateway, 1);
            await().until(() -> readiness(gateway) == 200);

            broker.stop();
            asksToComeAgain(gateway, 2);
            assertEquals(503, readiness(gateway));

            broker.start();
            goesOn(gateway, 2);
            await().until(() -> readiness(gateway) == 200);

            assertEquals(2, gateway.queues().drain().size(), "each once, whatever was repeated");
        }
    }

    @Test
    void answers503WhileTheBrokerHangsAndGoesOnByItself() throws Exception {
        var shared = TestGateway.shared();
        shared.queues().drain();
        int port = TestGateway.freePort();
        try (var wire = new Wire(port, shared.brokerPort());
                var gateway = TestGateway.withBrokerAt(port)
                        .set("sms.broker.commit-timeout", "2s")
                        .start()) {
            goesOn(gateway, 11);
            wire.hold();
            asksToComeAgain(gateway, 12);
            asksToComeAgain(gateway, 13);
            wire.letGo();
            goesOn(gateway, 12);
            goesOn(gateway, 13);
        }
        assertEquals(3, shared.queues().drain().size(), "each once, whatever was repeated");
    }

    private static void asksToComeAgain(TestGateway gateway, int number) throws Exception {
        var answer = gateway.post("bulkgate", REPORT.formatted(number));
        assertEquals(503, answer.statusCode());
        assertEquals("10", answer.headers().firstValue("Retry-After").orElse(""));
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        assertTrue(answer.body().contains("\"status\":503"), answer.body());
    }

    private static void goesOn(TestGateway gateway, int number) {
        await().until(() -> gateway.post("bulkgate", REPORT.formatted(number)).statusCode() == 200);
    }

    private static int readiness(TestGateway gateway) throws Exception {
        return gateway.get(gateway.managementUri("/observe/health/ready")).statusCode();
    }
}
