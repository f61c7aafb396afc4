package org.smscallbacks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;
import org.smscallbacks.config.Settings;
import org.smscallbacks.gateway.Gateway;

/** A gateway with the shipped routes and configuration, on free ports and a data folder of its own, in the {@link Home} of the tests. */
final class TestGateway implements AutoCloseable {

    static final String TOKEN = "test-token-0123456789";
    static final String OTHER_TOKEN = "next-token-0123456789";

    static final String PASSWORD = "basic-password-0123456789";
    static final String SIGNING_KEY = "signing-key-0123456789";

    static final String BROKER_PASSWORD = "gateway-password-of-the-test";

    static {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    /**
     * Not one of those that the system gives to whoever wants any: somebody else might get it before the gateway does. The tests in the
     * JVM beside this one have ten thousand of their own.
     */
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(10_000 * Integer.getInteger("fork", 1) + new Random().nextInt(9_000));

    private static final AtomicInteger NEXT_IN_VM = new AtomicInteger();

    private static TestGateway shared;

    private final Path folder;
    private final int httpPort = freePort();
    private final int managementPort = freePort();
    private final int brokerPort;
    private final Properties settings = new Properties();
    private final HttpClient http = HttpClient.newHttpClient();
    private AutoCloseable running;

    private TestGateway(int brokerPort) {
        this.brokerPort = brokerPort;
        try {
            this.folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "gateway-")
                    .toAbsolutePath();
            copyConfig(folder, brokerPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        set("sms.http.port", String.valueOf(httpPort));
        set("camel.management.port", String.valueOf(managementPort));
        set("sms.broker.data", folder.resolve("data").toString());
        for (var provider : providers()) {
            set("sms.account." + provider + ".main.token", TOKEN + "," + OTHER_TOKEN);
            set("sms.account." + provider + ".fixtures.token", TOKEN);
            set("sms.account." + provider + ".mutated.token", TOKEN);
        }
        set("sms.broker.password", BROKER_PASSWORD);
        set("sms.broker.commit-timeout", "60s");
        set("sms.http.trusted-proxies", "127.0.0.0/8");
        set("sms.account.infobip.basic.basic", "caller:" + PASSWORD);
        set("sms.account.infobip.signed.hmac.secret", SIGNING_KEY);
        set("sms.account.infobip.signed.hmac.header", "X-Signature");
        for (var scheme : new String[] {"hub", "exchange", "voice"}) {
            set("sms.account.infobip." + scheme + ".secret", OTHER_TOKEN + "," + SIGNING_KEY);
            set("sms.account.infobip." + scheme + ".scheme", scheme);
        }
        set("sms.account.twilio.signed.secret", OTHER_TOKEN + "," + SIGNING_KEY);
        set("sms.account.twilio.signed.scheme", "form, json");
        set("sms.account.twilio.signed.public-url", "https://sms.example.com");
        set("sms.account.vonage.signed.secret", OTHER_TOKEN + "," + SIGNING_KEY);
        set("sms.account.vonage.signed.scheme", "sms-hmac-sha256, messages");
        set("sms.account.bulkgate.signed.token", TOKEN);
        set("sms.account.bulkgate.signed.hmac.secret", SIGNING_KEY);
        set("sms.account.bulkgate.signed.hmac.header", "X-Signature");
        set("sms.account.bulkgate.signed.hmac.algorithm", "HMAC_SHA_512");
        set("sms.account.bulkgate.signed.hmac.encoding", "base64");
        set("sms.account.infobip.nearby.token", TOKEN);
        set("sms.account.infobip.nearby.allow-from", "203.0.113.0/24, 2001:db8::/32");
        set("sms.account.infobip.own-words.token", TOKEN);
        set("sms.account.infobip.own-words.reply-status", "202");
        set("sms.account.infobip.own-words.reply-body", "PŘIJATO");
        set("sms.account.bulkgate.moscow.token", TOKEN);
        set("sms.account.bulkgate.moscow.time-zone", "Europe/Moscow");
    }

    private static Set<String> providers() {
        try {
            return Project.THIS.providers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the shipped configuration, with the broker on this port. */
    static void copyConfig(Path folder, int brokerPort) throws IOException {
        for (var name : new String[] {"application.properties", "broker-users.properties", "broker-roles.properties"}) {
            Files.copy(Path.of("config", name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        // what an operator's command notes lies beside what the gateway does
        var trail = new Properties();
        trail.setProperty("sms.trail.folder", folder.resolve("data/trail").toString());
        write(trail, folder.resolve("application.properties"));
        Files.writeString(
                folder.resolve("broker.xml"),
                Files.readString(Path.of("config/broker.xml")).replace("61616", String.valueOf(brokerPort)));
    }

    /** The one with the embedded broker that all tests in this JVM share: an in-VM broker exists once. */
    static synchronized TestGateway shared() throws Exception {
        if (shared == null) {
            shared = new TestGateway(freePort()).start();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /** One more with an embedded broker. */
    static TestGateway embedded() throws IOException {
        var gateway = new TestGateway(freePort());
        var inVm = "vm://" + NEXT_IN_VM.incrementAndGet();
        var file = gateway.folder.resolve("broker.xml");
        Files.writeString(file, Files.readString(file).replace("vm://0", inVm));
        return gateway.set("sms.broker.url", inVm);
    }

    static TestGateway withBrokerAt(int port) {
        var gateway = new TestGateway(port);
        gateway.set("sms.broker.url", "tcp://127.0.0.1:" + port);
        return gateway;
    }

    /** One more gateway, with routes of its own, at the broker of the shared one. */
    static TestGateway withRoutes(Path routes) throws Exception {
        return withBrokerAt(shared().brokerPort).set("sms.routes", "file:" + routes.toAbsolutePath());
    }

    TestGateway set(String key, String value) {
        settings.setProperty(key, value);
        return this;
    }

    TestGateway start() throws Exception {
        running = Home.CHOSEN.start(folder, settings);
        return this;
    }

    /** As <code>sms check</code> does, with the same settings. */
    void check() {
        Gateway.check(() -> Settings.load(folder, Map.of(), settings));
    }

    /** The gateway itself, where it runs in this JVM. */
    Gateway gateway() {
        return (Gateway) running;
    }

    /** Puts these settings into the file, in the place of what it says of the same keys. */
    static void write(Properties settings, Path file) throws IOException {
        var lines = new ArrayList<>(Files.readAllLines(file));
        lines.removeIf(line -> settings.containsKey(line.split("=", 2)[0].strip()));
        new TreeMap<>(settings).forEach((key, value) -> lines.add(key + "=" + value));
        Files.write(file, lines);
    }

    /** The lines with these words in all that the gateways of the tests have logged. */
    static List<String> logged(String words) throws IOException {
        return Home.CHOSEN.log().stream().filter(line -> line.contains(words)).toList();
    }

    Queues queues() {
        return new Queues("tcp://127.0.0.1:" + brokerPort, "esb", Settings.DEMO_SECRET);
    }

    /** Its configuration. */
    Path folder() {
        return folder;
    }

    /** What is configured, as the gateway reads it. */
    Settings configured() {
        return Settings.load(folder, Map.of(), settings);
    }

    /** Where an operator of this gateway's broker connects. */
    ActiveMQConnectionFactory operator() {
        return new ActiveMQConnectionFactory("tcp://127.0.0.1:" + brokerPort, "operator", Settings.DEMO_SECRET);
    }

    URI callbackUri(String provider, String query) {
        return uri("/callbacks/" + provider + "/main?" + query);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    URI managementUri(String path) {
        return URI.create("http://127.0.0.1:" + managementPort + path);
    }

    int brokerPort() {
        return brokerPort;
    }

    int httpPort() {
        return httpPort;
    }

    /** Posts a body to the provider's test account, with its token. */
    HttpResponse<String> post(String provider, byte[] body) throws Exception {
        return post(callbackUri(provider, "token=" + TOKEN), body);
    }

    HttpResponse<String> post(URI uri, byte[] body) throws Exception {
        return send(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    HttpResponse<String> post(String provider, String body) throws Exception {
        return post(provider, body.getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<String> get(URI uri) throws Exception {
        return send(HttpRequest.newBuilder(uri).GET());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        OpenApi.assertPromised(answer, answer.uri().getPort() == managementPort);
        return answer;
    }

    /** A port nobody listens on; the same one is not given twice. */
    static int freePort() {
        int port = NEXT_PORT.getAndIncrement();
        try (var socket = new ServerSocket(port)) {
            return socket.getLocalPort();
        } catch (BindException e) {
            return freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (running != null) {
                running.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
