package org.smscallbacks.chaos;

import java.util.Map;
import java.util.Random;

/** Something that happens to a gateway while providers call it. When it returns, the gateway is as it should be again. */
interface Fault {

    /** Before the first start: what has to be set up for it. */
    default void prepare(Home home, Random random) throws Exception {}

    void strike(Home home, Random random) throws Exception;

    /** After the last callback, before the queues are read. */
    default void recover(Home home) throws Exception {}

    /** What it has seen that the queues do not show, in words; empty when all is well. */
    default String verdict(Home home, Ledger ledger) throws Exception {
        return "";
    }

    /** What it has taken out of the queues for good, by id. */
    default Map<String, Integer> consumed() {
        return Map.of();
    }

    /** How often it struck. */
    int count();

    /** Lets go of what it holds on this machine. */
    default void clean(Home home) throws Exception {}
}
