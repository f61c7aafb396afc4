package org.smscallbacks.broker;

/** The broker could not commit; nothing of the callback may be acknowledged. The provider should repeat it. */
public final class BrokerUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BrokerUnavailableException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
