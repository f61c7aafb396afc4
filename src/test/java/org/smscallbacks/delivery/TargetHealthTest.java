package org.smscallbacks.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smscallbacks.broker.QueueControl;

/** What is said of targets while the broker does not answer. */
class TargetHealthTest {

    private static final int MANY = 60;

    private final CountDownLatch answers = new CountDownLatch(1);
    private final AtomicInteger questions = new AtomicInteger();

    /** A wait for each of them would take minutes. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void asksABrokerThatHangsOnceForAll() {
        var meters = new SimpleMeterRegistry();
        var health = new TargetHealth(new Targets(many(), Set.of()), new QueueControl(broker())::paused);
        try {
            health.measure(meters);
            for (var gauge : meters.find("sms.target.paused").gauges()) {
                assertEquals(0, gauge.value());
            }
            var states = health.states();
            assertTrue(states.startsWith("target-0: delivering; target-1: delivering; "), states);
            assertTrue(states.endsWith("; the broker does not answer: what is paused is as it was last known"), states);
            assertEquals(1, questions.get());
        } finally {
            answers.countDown();
        }
    }

    private static List<Target> many() {
        return IntStream.range(0, MANY)
                .mapToObj(i -> new Target("target-" + i, "http://127.0.0.1:1/", List.of(), null, null, null, null))
                .toList();
    }

    /** One that takes no connection until the test ends. */
    private ConnectionFactory broker() {
        return (ConnectionFactory) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ConnectionFactory.class}, (proxy, method, arguments) -> {
                    questions.incrementAndGet();
                    answers.await();
                    throw new JMSException("the test is over");
                });
    }
}
