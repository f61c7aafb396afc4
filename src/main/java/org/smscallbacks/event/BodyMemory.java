package org.smscallbacks.event;

/** What a callback takes of the memory for bodies, for as long as somebody works on it. */
public interface BodyMemory {

    /** None of it, as of a replay. */
    BodyMemory NONE = new BodyMemory() {
        @Override
        public void hold() {
            // nothing to count
        }

        @Override
        public void letGo() {
            // nothing was counted
        }
    };

    /** Somebody else works on it from now on. */
    void hold();

    /** Somebody is done with it. */
    void letGo();
}
