package org.smscallbacks;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.gateway.Gateway;

/** Starts the gateway stand-alone. */
public final class Main {

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Starts in the current folder; <code>args[0]</code> is the configuration's folder, <code>config</code> if absent. */
    public static void main(String[] args) {
        var folder = Path.of(args.length > 0 ? args[0] : "config");
        var gateway = new Gateway(() -> Settings.load(folder, System.getenv(), System.getProperties()));
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "gateway-stop"));
        try {
            gateway.start();
            gateway.followEdits();
        } catch (ConfigurationException e) {
            LOG.error("Not started: {}", e.getMessage());
            System.exit(1);
        } catch (Exception e) {
            LOG.error("Not started", e);
            System.exit(1);
        }
    }
}
