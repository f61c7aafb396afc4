package org.smscallbacks;

import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** What callers and consumers see, with the tar.gz as a process. */
@Suite
@SelectClasses({
    FixtureTest.class,
    RefusalTest.class,
    GuardTest.class,
    AcknowledgementTest.class,
    TargetTest.class,
    TargetFaultTest.class,
    TargetRestartTest.class
})
class DistributionBehaviourIT {

    @BeforeSuite
    static void chooseTheHome() {
        System.setProperty("home", "distribution");
    }
}
