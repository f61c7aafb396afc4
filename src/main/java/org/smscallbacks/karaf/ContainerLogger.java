package org.smscallbacks.karaf;

import org.osgi.service.log.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Writes to the container's log what its configuration and the {@link LogRules} allow. */
final class ContainerLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1;

    private final transient ContainerLogging logging;
    private final transient LogRules rules;

    ContainerLogger(String name, ContainerLogging logging, LogRules rules) {
        this.name = name;
        this.logging = logging;
        this.rules = rules;
    }

    private Logger container() {
        return logging.containersLogger(name);
    }

    @Override
    public boolean isTraceEnabled() {
        return rules.allow(name, Level.TRACE) && container().isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return rules.allow(name, Level.DEBUG) && container().isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return rules.allow(name, Level.INFO) && container().isInfoEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
        return rules.allow(name, Level.WARN) && container().isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
        return rules.allow(name, Level.ERROR) && container().isErrorEnabled();
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
        var message = MessageFormatter.basicArrayFormat(pattern, arguments);
        if (message == null || rules.deny(name, message)) {
            return;
        }
        // the braces: what is in the message is no pattern any more
        Object[] toWrite = thrown == null ? new Object[] {message} : new Object[] {message, thrown};
        switch (level) {
            case ERROR -> container().error("{}", toWrite);
            case WARN -> container().warn("{}", toWrite);
            case INFO -> container().info("{}", toWrite);
            case DEBUG -> container().debug("{}", toWrite);
            case TRACE -> container().trace("{}", toWrite);
        }
    }
}
