package org.smscallbacks.chaos;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
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
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** One installation of the distribution: its files, its ports, and its process. */
final class Home {

    private static final String TOKEN = "demo-only-not-a-secret";
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(2);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path folder;
    private final int httpPort;
    private final int brokerPort;
    private final int managementPort;
    private final Map<String, String> settings = new HashMap<>();
    private Process process;
    private int starts;

    private Home(Path folder) throws IOException {
        this.folder = folder;
        this.httpPort = freePort();
        this.brokerPort = freePort();
        this.managementPort = freePort();
    }

    /** A copy of the distribution in an empty folder, on ports of its own. */
    static Home of(Path distribution, Path folder) throws IOException {
        delete(folder);
        copy(distribution, folder);
        var home = new Home(folder);
        home.edit("config/broker.xml", text -> text.replace(":61616", ":" + home.brokerPort));
        return home;
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

    Path data() {
        return folder.resolve("data/broker");
    }

    String callbackUrl(String provider) {
        return "http://127.0.0.1:" + httpPort + "/callbacks/" + provider + "/demo?token=" + TOKEN;
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

    /** Begins to start. */
    void launch() throws IOException {
        var builder = new ProcessBuilder(folder.resolve("bin/sms-callback-routes").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("gateway-" + ++starts + ".log").toFile());
        builder.environment().put("SMS_HTTP_PORT", String.valueOf(httpPort));
        builder.environment().put("CAMEL_MANAGEMENT_PORT", String.valueOf(managementPort));
        builder.environment().put("JAVA_OPTS", "-Xmx256m -XX:TieredStopAtLevel=1");
        builder.environment().putAll(settings);
        process = builder.start();
    }

    /** Starts, and starts again when it ends by itself, as a supervisor would. */
    void start() throws Exception {
        if (process == null || !process.isAlive()) {
            launch();
        }
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("is not ready after " + START + ": see the last log in " + folder);
            }
            if (!process.isAlive()) {
                launch();
            }
            Thread.sleep(50);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    boolean isReady() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + managementPort + "/observe/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return process.isAlive()
                    && HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** As <code>kill -9</code>. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("does not stop: " + folder);
        }
    }

    /** Runs an operator's command, such as <code>sms unrecognised replay</code>; its outcome does not matter. */
    void command(String... words) throws Exception {
        var command = new ArrayList<>(List.of(folder.resolve("bin/sms").toString()));
        command.addAll(List.of(words));
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor(30, TimeUnit.SECONDS);
    }

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
                if (file.toString().endsWith(".jar")) {
                    Files.createLink(copy, file);
                } else {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                // a running gateway deletes files of its journal and pages
                return FileVisitResult.CONTINUE;
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
