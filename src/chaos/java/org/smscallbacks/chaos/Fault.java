package org.smscallbacks.chaos;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Something that happens to a gateway while providers call it. When it returns, the gateway is as it should be again. */
interface Fault {

    /** Before the first start: what has to be set up for it. */
    default void prepare(Home home, Random random) throws Exception {}

    void strike(Home home, Random random) throws Exception;

    /** After the last callback, before the queues are read. */
    default void recover(Home home) throws Exception {}

    /** All that providers call, one or the other. */
    default List<Home> gateways(Home home) {
        return List.of(home);
    }

    /** Whether a provider calls all of them at the same moment, every time. */
    default boolean callsAllAtOnce() {
        return false;
    }

    /** What was acknowledged and is not where this fault alone can look: in a copy, at a target. */
    default Set<String> astray(Home home, Ledger ledger) throws Exception {
        return Set.of();
    }

    /** How often it struck, by what that is called in the report. */
    Map<String, Integer> struck();

    /** A trial in which it never struck proves nothing. */
    default boolean hasStruck() {
        return struck().values().stream().anyMatch(times -> times > 0);
    }

    /** The longest pause of a provider between two callbacks, in milliseconds. */
    default int pauseMillis() {
        return 20;
    }

    /** How long after it an event may be on its way back to its queue, in milliseconds. */
    default long longestWayBackMillis() {
        return 10_000;
    }

    /** Lets go of what it holds on this machine, whatever happened before. */
    default void clean() throws Exception {}
}
