package org.smscallbacks.event;

/** What a callback takes of the memory for bodies, for as long as somebody works on it; and the way to its caller. */
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

        @Override
        public void refuseCaller() {
            // nobody has called
        }
    };

    /** Somebody else works on it from now on. */
    void hold();

    /** Somebody is done with it. */
    void letGo();

    /** Whoever waits for the answer is told to come again, though somebody works on it still. */
    void refuseCaller();
}
