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
    private final transient LogRules.Rule rule;

    ContainerLogger(String name, ContainerLogging logging, LogRules.Rule rule) {
        this.name = name;
        this.logging = logging;
        this.rule = rule;
    }

    private Logger container() {
        return logging.containersLogger(name);
    }

    @Override
    public boolean isTraceEnabled() {
        return rule.allows(Level.TRACE) && container().isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return rule.allows(Level.DEBUG) && container().isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return rule.allows(Level.INFO) && container().isInfoEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
        return rule.allows(Level.WARN) && container().isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
        return rule.allows(Level.ERROR) && container().isErrorEnabled();
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
        var message = MessageFormatter.basicArrayFormat(pattern, arguments);
        if (message == null || rule.denies(message)) {
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
