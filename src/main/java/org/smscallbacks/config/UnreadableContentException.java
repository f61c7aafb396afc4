package org.smscallbacks.config;

/** A body says something, but not name by name, so that a signature over its fields cannot be one over it. */
final class UnreadableContentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableContentException() {
        super("the body is neither a form nor a JSON object", null, false, false);
    }
}
