package org.smscallbacks.chaos;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** One installation of the distribution: its files, its ports, and its process. */
final class Home {

    private static final String TOKEN = "demo-only-not-a-secret";
    private static final String TOKEN_ELSEWHERE = "chaos-7d0c2f4a91b84e5f";
    private static final Duration START = Duration.ofMinutes(2);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final Duration KILLED = Duration.ofSeconds(30);

    /** Whatever ends this harness, none of its gateways stays behind. */
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Path distribution;
    private final Path folder;
    private final int httpPort;
    private final int managementPort;
    private String host = "127.0.0.1";
    private String token = TOKEN;
    private List<String> inside = List.of();
    private String brokerHost = "127.0.0.1";
    private int brokerPort;
    private final Map<String, String> settings = new HashMap<>();
    private volatile Process process;
    private int starts;

    private Home(Path distribution, Path folder) throws IOException {
        this.distribution = distribution;
        this.folder = folder;
        this.httpPort = freePort();
        this.brokerPort = freePort();
        this.managementPort = freePort();
    }

    /** A copy of the distribution in an empty folder, on ports of its own. */
    static Home of(Path distribution, Path folder) throws Exception {
        SmallDisk.unmountUnder(folder);
        delete(folder);
        copy(distribution, folder);
        var home = new Home(distribution, folder);
        home.edit("config/broker.xml", text -> text.replace(":61616", ":" + home.brokerPort));
        return home;
    }

    /** Another one of the same distribution, beside this. */
    Home beside(String suffix) throws Exception {
        return of(distribution, folder.resolveSibling(folder.getFileName() + suffix));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A setting by its environment variable, from the next start on. */
    void set(String variable, String value) {
        settings.put(variable, value);
    }

    Path folder() {
        return folder;
    }

    /** Where the broker has its journal, pages and the rest. */
    Path data() {
        return folder.resolve("data");
    }

    String callbackUrl(String provider) {
        return url() + "/callbacks/" + provider + "/demo?token=" + token;
    }

    String url() {
        return "http://" + host + ":" + httpPort;
    }

    /** To another machine, from the next start on. The demo token works on loopback only. */
    void moveTo(List<String> inside, String host) throws IOException {
        this.inside = inside;
        this.host = host;
        this.token = TOKEN_ELSEWHERE;
        edit("config/application.properties", text -> text.replace("token=" + TOKEN, "token=" + token));
        set("SMS_HTTP_HOST", host);
        set("CAMEL_MANAGEMENT_HOST", host);
    }

    /** Its queues are in a broker of their own from now on. */
    void readsFrom(BrokerProcess broker) {
        brokerHost = broker.host();
        brokerPort = broker.port();
    }

    String brokerHost() {
        return brokerHost;
    }

    int httpPort() {
        return httpPort;
    }

    int brokerPort() {
        return brokerPort;
    }

    void edit(String file, UnaryOperator<String> change) throws IOException {
        var path = folder.resolve(file);
        Files.writeString(path, change.apply(Files.readString(path)));
    }

    /** Begins to start, unless it runs. */
    synchronized void launch() throws IOException {
        if (isAlive()) {
            return;
        }
        var command = new ArrayList<>(inside);
        command.add(folder.resolve("bin/sms-callback-routes").toString());
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("gateway-" + ++starts + ".log").toFile());
        builder.environment().put("SMS_HTTP_PORT", String.valueOf(httpPort));
        builder.environment().put("CAMEL_MANAGEMENT_PORT", String.valueOf(managementPort));
        builder.environment().put("JAVA_OPTS", "-Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        builder.environment().putAll(settings);
        process = builder.start();
        RUNNING.add(process);
    }

    /** What its gateways have written so far, a text for each start. */
    List<String> logs() throws IOException {
        var logs = new ArrayList<String>();
        for (int start = 1; start <= starts; start++) {
            logs.add(Files.readString(folder.resolve("gateway-" + start + ".log"), StandardCharsets.UTF_8));
        }
        return logs;
    }

    /** Starts, and starts again when it ends by itself, as a supervisor would. */
    void start() throws Exception {
        launch();
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("is not ready after " + START + ": see the last log in " + folder);
            }
            launch();
            Thread.sleep(50);
        }
    }

    boolean isAlive() {
        var running = process;
        return running != null && running.isAlive();
    }

    boolean isReady() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(
                            URI.create("http://" + host + ":" + managementPort + "/observe/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return isAlive() && HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** As <code>kill -9</code>; nothing when it does not run. */
    void kill() throws InterruptedException {
        var running = process;
        if (running == null) {
            return;
        }
        running.destroyForcibly();
        if (!running.waitFor(KILLED.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("cannot be killed: " + folder);
        }
        RUNNING.remove(running);
    }

    /** Runs an operator's command, such as <code>sms unrecognised replay</code>; its outcome does not matter. */
    void command(String... words) throws Exception {
        var command = new ArrayList<>(List.of(folder.resolve("bin/sms").toString()));
        command.addAll(List.of(words));
        var operator = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        RUNNING.add(operator);
        if (!operator.waitFor(30, TimeUnit.SECONDS)) {
            operator.destroyForcibly();
        }
        RUNNING.remove(operator);
    }

    /** What a running gateway deletes meanwhile is left out, as it is in a backup. */
    static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                var copy = to.resolve(from.relativize(file));
                try {
                    if (file.toString().endsWith(".jar")) {
                        Files.createLink(copy, file);
                    } else {
                        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                    }
                } catch (NoSuchFileException e) {
                    // gone since it was listed
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException && !file.equals(from)) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
