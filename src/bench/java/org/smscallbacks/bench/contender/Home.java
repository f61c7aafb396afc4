package org.smscallbacks.bench.contender;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.config.Settings;
import org.smscallbacks.store.EventStore;
import org.smscallbacks.store.JournalStore;

/**
 * What all contenders share, so that only their own work differs: the folder of an unpacked distribution with its
 * configuration, the broker as its <code>broker.xml</code> says, and the demo account of Infobip.
 */
public final class Home {

    private static final byte[] TOKEN = sha256("demo-only-not-a-secret");

    private final Settings settings = Settings.load(Path.of("config"), System.getenv(), System.getProperties());
    private final EmbeddedBroker broker = EmbeddedBroker.start(settings, () -> {});

    /** Starts the broker in the working directory's <code>data</code> folder. */
    public static Home open() {
        return new Home();
    }

    public Settings settings() {
        return settings;
    }

    public int httpPort() {
        return settings.http().port();
    }

    /** Connections to the broker, inside this process. */
    public ActiveMQConnectionFactory connections() {
        return new ActiveMQConnectionFactory(
                "vm://0?consumerWindowSize=0", settings.broker().user(), broker.gatewayPassword());
    }

    /** The gateway's own way into the broker. */
    public EventStore store() {
        return new JournalStore(broker);
    }

    public InfobipReports reports() throws IOException {
        return new InfobipReports(Path.of("routes/infobip/statuses.csv"));
    }

    /** The guard: whether this is the demo account's token, told in constant time. */
    public static boolean isToken(String shown) {
        return MessageDigest.isEqual(TOKEN, sha256(shown == null ? "" : shown));
    }

    /** The line the benchmark waits for. */
    public void sayReady() {
        System.out.println("is ready after");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
