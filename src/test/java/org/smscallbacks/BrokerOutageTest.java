package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.activemq.artemis.core.config.FileDeploymentManager;
import org.apache.activemq.artemis.core.config.impl.FileConfiguration;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.junit.jupiter.api.Test;

/** An external broker that is not there, comes, goes and comes back. */
class BrokerOutageTest {

    private static final String REPORT = "[{\"status\":\"1\",\"smsID\":\"outage-%d\"}]";

    private final int port = TestGateway.freePort();

    @Test
    void answers503WhileTheBrokerIsAwayAndGoesOnByItself() throws Exception {
        var data = Files.createTempDirectory(Path.of("target"), "broker-");
        try (var gateway = TestGateway.withBrokerAt(port)
                .set("sms.broker.commit-timeout", "5s")
                .start()) {
            asksToComeAgain(gateway, 1);
            assertEquals(503, readiness(gateway));

            var broker = broker(data);
            goesOn(gateway, 1);
            await().atMost(Duration.ofSeconds(60)).until(() -> readiness(gateway) == 200);

            broker.stop();
            asksToComeAgain(gateway, 2);
            assertEquals(503, readiness(gateway));

            broker = broker(data);
            goesOn(gateway, 2);
            await().atMost(Duration.ofSeconds(60)).until(() -> readiness(gateway) == 200);

            var stored = new Queues("tcp://127.0.0.1:" + port, "esb", "password-of-the-esb").drain();
            assertEquals(2, stored.size(), "each once, whatever was repeated");
            broker.stop();
        }
    }

    @Test
    void answers503WhileTheBrokerHangsAndGoesOnByItself() throws Exception {
        var shared = TestGateway.shared();
        shared.queues().drain();
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
        await().atMost(Duration.ofSeconds(60))
                .until(() -> gateway.post("bulkgate", REPORT.formatted(number)).statusCode() == 200);
    }

    private static int readiness(TestGateway gateway) throws Exception {
        return gateway.get(gateway.managementUri("/observe/health/ready")).statusCode();
    }

    private EmbeddedActiveMQ broker(Path data) throws Exception {
        TestGateway.copyConfig(data, port);
        var file = data.resolve("broker.xml");
        // the in-VM acceptor belongs to the gateway the other tests share
        Files.writeString(file, Files.readString(file).replace("<acceptor name=\"in-vm\">vm://0</acceptor>", ""));
        var configuration = new FileConfiguration();
        var deployment = new FileDeploymentManager(file.toUri().toString());
        deployment.addDeployable(configuration);
        deployment.readConfiguration();
        configuration.setBrokerInstance(data.toFile());
        var security = new SecurityConfiguration();
        security.addUser("gateway", TestGateway.BROKER_PASSWORD);
        security.addRole("gateway", "gateway");
        security.addUser("esb", "password-of-the-esb");
        security.addRole("esb", "consumer");
        var broker = new EmbeddedActiveMQ()
                .setConfiguration(configuration)
                .setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), security));
        broker.start();
        return broker;
    }
}
