package org.smscallbacks.operator.command;

import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import org.smscallbacks.broker.BrokerRefusedException;
import org.smscallbacks.operator.BrokerAccess;

/** The broker does not do it; the message says what to look at. */
final class BrokerException extends Exception {

    private static final long serialVersionUID = 1L;

    private BrokerException(String message, Exception cause) {
        super(message, cause);
    }

    static BrokerException of(JMSException failure, BrokerAccess access) {
        var said = SmsCommand.firstLine(failure);
        if (failure instanceof JMSSecurityException) {
            said = "the broker refuses " + access + ": " + said
                    + "; check --user and the password, and the user's role";
        } else if (!(failure instanceof BrokerRefusedException)) {
            said = "no answer from the broker to " + access + ": " + said + "; is it running, is --broker right?";
        }
        return new BrokerException(said, failure);
    }
}
