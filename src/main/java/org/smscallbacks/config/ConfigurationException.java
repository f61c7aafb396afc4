package org.smscallbacks.config;

/** The configuration cannot be used; the message says which key, where it stands, and what to do. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }
}
