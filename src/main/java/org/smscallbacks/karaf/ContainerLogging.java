package org.smscallbacks.karaf;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The bundle's own way into the container's log. On the usual one only the container's configuration could keep out phone numbers and
 * a line for each message, and that would be for all bundles with the same libraries.
 */
public final class ContainerLogging implements SLF4JServiceProvider, ILoggerFactory {

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new BasicMDCAdapter();
    private final LogRules rules = LogRules.shipped();
    private final Map<String, ContainerLogger> loggers = new ConcurrentHashMap<>();
    private final Map<String, Logger> containersLoggers = new ConcurrentHashMap<>();
    private volatile LoggerFactory container;

    /** Must come before anything is logged, and again when the bundle has been stopped and starts. */
    static void connect(BundleContext bundle) {
        var logging = (ContainerLogging) org.slf4j.LoggerFactory.getILoggerFactory();
        logging.container = bundle.getService(bundle.getServiceReference(LoggerFactory.class));
        logging.containersLoggers.clear();
    }

    Logger containersLogger(String name) {
        return containersLoggers.computeIfAbsent(name, container::getLogger);
    }

    @Override
    public ContainerLogger getLogger(String name) {
        return loggers.computeIfAbsent(name, ignored -> new ContainerLogger(name, this, rules.of(name)));
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    /** See {@link #connect}: there is no bundle to be had yet. */
    @Override
    public void initialize() {}
}
