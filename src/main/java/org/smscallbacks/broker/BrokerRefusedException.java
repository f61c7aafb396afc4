package org.smscallbacks.broker;

import jakarta.jms.JMSException;

/** The broker has answered, and does not do what it was asked to. */
public final class BrokerRefusedException extends JMSException {

    private static final long serialVersionUID = 1L;

    BrokerRefusedException(String reason) {
        super("the broker refuses: " + reason);
    }
}
