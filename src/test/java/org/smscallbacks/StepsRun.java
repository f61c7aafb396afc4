package org.smscallbacks;

import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.TreeSet;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The steps of the routes that ran in this JVM, by the counters Camel keeps of each. Of a step in a route configuration it counts
 * only what the first route ran, BulkGate's.
 */
final class StepsRun {

    private static final Set<String> RAN = new TreeSet<>();

    private StepsRun() {}

    /** Notes what the gateways ran that are alive now; before one stops, its counters go with it. */
    static synchronized Set<String> note() {
        var server = ManagementFactory.getPlatformMBeanServer();
        try {
            for (var name : server.queryNames(new ObjectName("org.apache.camel:type=processors,*"), null)) {
                if (((Number) server.getAttribute(name, "ExchangesTotal")).longValue() > 0) {
                    RAN.add((String) server.getAttribute(name, "ProcessorId"));
                }
            }
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
        return RAN;
    }
}
