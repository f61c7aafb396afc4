package org.smscallbacks.operator.command;

/** The broker does not do it; the message says what to look at. */
final class BrokerException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokerException(String message, Exception cause) {
        super(message, cause);
    }
}
