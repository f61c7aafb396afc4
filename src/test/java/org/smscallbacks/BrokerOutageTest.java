package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
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
            double refused = refused(gateway);
            comeAllAgain(gateway, 200);
            assertEquals(refused + 200, refused(gateway), "each is counted, and once");
            wire.letGo();
            goesOn(gateway, 12);
            goesOn(gateway, 13);
        }
        var stored = shared.queues().drain().stream()
                .map(received -> received.text().replaceAll("(?s).*\"(outage-\\d+)\".*", "$1"))
                .toList();
        assertTrue(stored.containsAll(List.of("outage-11", "outage-12", "outage-13")), stored::toString);
        assertEquals(Set.copyOf(stored).size(), stored.size(), "each once, whatever was repeated");
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

    /** More than there are threads that can hang. */
    private static void comeAllAgain(TestGateway gateway, int count) throws Exception {
        var callers = Executors.newFixedThreadPool(count);
        try {
            for (var call : callers.invokeAll(IntStream.range(100, 100 + count)
                    .<Callable<Void>>mapToObj(number -> () -> {
                        asksToComeAgain(gateway, number);
                        return null;
                    })
                    .toList())) {
                call.get();
            }
        } finally {
            callers.shutdown();
        }
    }

    private static double refused(TestGateway gateway) throws Exception {
        var outcome = "sms_callbacks_total{account=\"main\",outcome=\"503\",provider=\"bulkgate\"}";
        return gateway.get(gateway.managementUri("/observe/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(outcome))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static void goesOn(TestGateway gateway, int number) {
        await().until(() -> gateway.post("bulkgate", REPORT.formatted(number)).statusCode() == 200);
    }

    private static int readiness(TestGateway gateway) throws Exception {
        return gateway.get(gateway.managementUri("/observe/health/ready")).statusCode();
    }
}
