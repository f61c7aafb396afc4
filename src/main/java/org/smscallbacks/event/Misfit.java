package org.smscallbacks.event;

/**
 * Where and how an event differs from its schema.
 *
 * @param field a JSON pointer; what is in an array, or has a name that may be data, is <code>*</code>
 * @param kind how; never says what the value is
 */
public record Misfit(String field, Kind kind) {

    /** How a field differs. */
    public enum Kind {
        MISSING("is missing"),
        TYPE("has another type"),
        UNKNOWN("is no field of the schema"),
        VALUE("has a value that the schema does not allow");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** The same in words, after the field. */
        public String words() {
            return words;
        }
    }
}
