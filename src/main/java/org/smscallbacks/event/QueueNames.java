package org.smscallbacks.event;

import java.util.List;
import org.smscallbacks.config.Settings;

/** The names of the queues that are not configured: those of a target, and those in which events wait for their next attempt. */
public final class QueueNames {

    /** What the names of all queues of a gateway begin with. */
    public static final String PREFIX = "sms.";

    /** What the name of a target's work queue begins with. */
    public static final String TARGET = "sms.target.";

    /** What the name of the queue of a target's dead letters begins with. */
    public static final String DEAD = "sms.dead.";

    /** What the name of a queue begins with in which events of all targets wait. */
    public static final String RETRY = "sms.retry.";

    /** In the place of a queue's name: the event goes to targets only. */
    public static final String NONE = Settings.NO_QUEUE;

    /** By the ids at this address an event is known again that went to targets only. No queue is there. */
    public static final String KNOWN = "sms.known";

    private QueueNames() {}

    /** A target's work queue. */
    public static String target(String name) {
        return TARGET + name;
    }

    /** Of what must not wait behind other events. */
    public static String urgent(String target) {
        return target(target) + ".urgent";
    }

    /** Of what comes back for a further attempt, so that no fresh event waits behind it. */
    public static String retry(String target) {
        return target(target) + ".retry";
    }

    /** All from which a target is delivered to. */
    public static List<String> ofTarget(String name) {
        return List.of(target(name), urgent(name), retry(name));
    }

    /** Of what a target refused for good. */
    public static String dead(String target) {
        return DEAD + target;
    }
}
