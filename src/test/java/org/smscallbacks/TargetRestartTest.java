package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.TestGateway.logged;
import static org.smscallbacks.TestTarget.numbered;
import static org.smscallbacks.TestTarget.soon;

import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.Downstream.Answer;
import org.smscallbacks.config.Settings;

/** What becomes of a target's events when the gateway, or all of it with its broker, stops and starts again. */
class TargetRestartTest {

    @Test
    void losesNothingWhenTheGatewayIsRestartedBetweenAttempts() throws Exception {
        try (var downstream = new Downstream()) {
            downstream.otherwise(call -> Answer.of(503));
            try (var own = TargetGateway.atTheSharedBroker()) {
                var target = own.add("restarting", downstream);
                own.start();
                target.report(numbered("restarting-", 20));
                soon().until(() ->
                        logged("Target restarting failed 5 times in a row").size() == 1);
            }
            downstream.forget();
            try (var own = TargetGateway.atTheSharedBroker()) {
                var target = own.add("restarting", downstream);
                own.start();
                soon().until(() -> new TreeSet<>(downstream.ids()).size() == 20);
                soon().until(target::isDone);
                assertEquals(20, downstream.calls().size(), "each once");
            }
        }
    }

    @Test
    void saysWhenAnOperatorPausesAndResumesIt(@TempDir Path folder) throws Exception {
        try (var broker = new OwnBroker(folder).start();
                var own = TargetGateway.at(broker)) {
            var target = own.add("tended");
            own.start();
            target.report("tended-1");
            soon().until(target::isDone);
            var sms = Terminal.with("--broker", broker.url(), "--user", "operator", "--password", Settings.DEMO_SECRET);
            for (int time = 1; time <= 2; time++) {
                int said = time;
                assertEquals(0, sms.run("target", "pause", "tended").code());
                soon().until(() -> logged("Target tended is paused now: its events wait in sms.target.tended")
                                .size()
                        == said);
                assertEquals(0, sms.run("target", "resume", "tended").code());
                soon().until(() -> logged("Target tended is resumed").size() == said);
            }
        }
    }

    @Test
    void isPausedWhenItIsGoneUntilSomebodyResumesIt(@TempDir Path folder) throws Exception {
        try (var broker = new OwnBroker(folder).start();
                var downstream = new Downstream()) {
            downstream.otherwise(call -> Answer.of(410));
            try (var own = TargetGateway.at(broker)) {
                var target = own.add("gone", downstream);
                own.start();
                target.report(numbered("gone-", 30));
                soon().until(() -> target.control().isPaused(target.queue()));
                soon().until(() -> target.control().isPaused(target.urgentQueue()));
                target.report("gone-30");
                target.buffered("gone-31");
                soon().until(() -> target.backlog() == 32);
                soon().until(() -> logged("Target gone answered 410").size() > 0);
                for (var message : target.browse(target.retryQueue())) {
                    assertFalse(message.propertyExists("attempts"), "what is kept begins anew");
                }
                // paused again, though the other queues still are
                target.control().resume(target.urgentQueue());
                soon().until(() -> logged("Target gone answered 410").size() > 1);
                assertTrue(target.control().isPaused(target.urgentQueue()));

                soon().until(() -> {
                    var ready = target.gateway().get(target.gateway().managementUri("/observe/health/ready"));
                    return ready.statusCode() == 200 && ready.body().contains("gone: paused");
                });
                soon().until(() -> target.gateway()
                        .get(target.gateway().managementUri("/observe/metrics"))
                        .body()
                        .lines()
                        .anyMatch(line -> line.matches("sms_target_paused\\{.*\"gone\".*} 1.0")));
            }
            assertEquals(
                    2, logged("Target gone answered 410 Gone and is paused").size());
            int called = downstream.calls().size();
            assertTrue(called <= 15, () -> "one call at most from each consumer: " + called);
            broker.stop();
            broker.start();
            downstream.otherwise(call -> Answer.of(200));
            try (var own = TargetGateway.at(broker)) {
                var target = own.add("gone", downstream);
                own.start();
                soon().until(() -> target.health().contains("gone: paused"));
                soon().until(() -> logged("targets     gone: ").size() > 1);
                target.report("gone-32");
                assertEquals(33, target.backlog());
                assertEquals(called, downstream.calls().size(), "nothing was called since");
                target.control().resume(target.queue());
                target.control().resume(target.retryQueue());
                soon().until(() -> target.backlog() == 1);
                target.control().resume(target.urgentQueue());
                soon().until(target::isDone);
                var delivered =
                        downstream.ids().subList(called, downstream.ids().size());
                assertEquals(33, delivered.size());
                assertEquals(33, new TreeSet<>(delivered).size());
            }
        }
    }
}
