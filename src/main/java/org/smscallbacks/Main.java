package org.smscallbacks;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.gateway.Gateway;

/**
 * Starts the gateway stand-alone. The process ends with 0 when it is told to stop, with 1 when it cannot start, and with 74 when the
 * embedded broker's disk has failed: whatever supervises it then starts it again.
 */
public final class Main {

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    /** An error of input or output, as <code>sysexits.h</code> has it. */
    private static final int DISK_FAILED = 74;

    private static final long LONGEST_STOP_SECONDS = 90;

    private Main() {}

    /** Starts in the current folder; <code>args[0]</code> is the configuration's folder, <code>config</code> if absent. */
    public static void main(String[] args) {
        var folder = Path.of(args.length > 0 ? args[0] : "config");
        var gateway = new Gateway(() -> Settings.load(folder, System.getenv(), System.getProperties()));
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "gateway-stop"));
        gateway.onDiskFailure(Main::end);
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

    private static void end() {
        LOG.error(
                "The embedded broker's disk has failed. What was acknowledged before is safe, every callback is answered 503 now, and"
                        + " only a start brings the broker back: the gateway ends with exit code {} to be started again",
                DISK_FAILED);
        new Thread(() -> System.exit(DISK_FAILED), "gateway-end").start();
        var halt = new Thread(
                () -> {
                    try {
                        TimeUnit.SECONDS.sleep(LONGEST_STOP_SECONDS);
                        Runtime.getRuntime().halt(DISK_FAILED);
                    } catch (InterruptedException e) {
                        LOG.debug("interrupted", e);
                    }
                },
                "gateway-halt");
        halt.setDaemon(true);
        halt.start();
    }
}
