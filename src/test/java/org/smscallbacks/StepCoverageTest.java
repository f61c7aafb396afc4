package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Runs after the tests that send callbacks: no step of the shipped routes may be one that no test ran. */
@Order(Integer.MAX_VALUE - 1)
class StepCoverageTest {

    @Test
    void everyStepRan() throws Exception {
        var steps = new TreeSet<String>();
        for (var file : BundleTest.routeFiles()) {
            for (var step : BundleTest.stepsIn(BundleTest.read(file))) {
                // Camel shows an interceptor the steps inside of a doTry, not the doTry
                if (!step.getKey().equals("doTry")) {
                    steps.add(step.getValue().get("id").asText());
                }
            }
        }
        assertFalse(steps.isEmpty());
        steps.removeAll(StepsRun.RAN);
        assertEquals(Set.of(), steps);
    }
}
