package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Runs after all others: no step of the shipped routes may be one that no test ran. */
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
        for (var line : LogTest.log()) {
            int words = line.indexOf(StepsRun.WORDS);
            if (words >= 0) {
                steps.remove(line.substring(words + StepsRun.WORDS.length()));
            }
        }
        assertEquals(Set.of(), steps);
    }
}
