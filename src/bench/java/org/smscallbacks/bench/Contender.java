package org.smscallbacks.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * One way to do the job, as a process in a home of its own: the distribution's configuration, routes and start script, with free
 * ports. While it is not its turn it is held (SIGSTOP), so that it takes no processor time from the others.
 */
final class Contender implements AutoCloseable {

    static final String HEAP = "1g";

    private static final String DEMO_SECRET = "demo-only-not-a-secret";
    private static final Duration LONGEST_START = Duration.ofSeconds(120);
    private static final long LOOK_EVERY_MILLIS = 10;
    private static final String READY = "is ready after";
    private static final String OWN_SETTINGS = "\n# --- of the benchmark\n";

    private final String name;
    private final Path home;
    private final List<String> command;
    private final int httpPort = freePort();
    private final int brokerPort = freePort();
    private final Map<String, String> settings = new TreeMap<>();
    private String heap = HEAP;
    private Process process;
    private int starts;

    private Contender(String name, Path distribution, Path folder, List<String> command) throws IOException {
        this.name = name;
        this.home = folder.resolve(name.replace(' ', '-'));
        this.command = command;
        settings.put("sms.http.port", String.valueOf(httpPort));
        settings.put("camel.management.port", String.valueOf(freePort()));
        Files.createDirectories(home);
        for (var part : List.of("bin", "config", "routes")) {
            run("cp", "-r", distribution.resolve(part).toString(), home.toString());
        }
        for (var part : List.of("lib", "native")) {
            Files.createSymbolicLink(home.resolve(part), distribution.resolve(part));
        }
        edit("config/broker.xml", text -> text.replace("61616", String.valueOf(brokerPort)));
    }

    /** The distribution as it is shipped, started by its own script. */
    static Contender shipped(String name, Path distribution, Path folder) throws IOException {
        return new Contender(name, distribution, folder, List.of());
    }

    /** A class of the benchmark on this class path. */
    static Contender ofClass(String name, Path distribution, Path folder, String classPath, String... mainClass)
            throws IOException {
        var command = new ArrayList<>(List.of(
                "-cp",
                classPath,
                "-Djava.library.path=native/lib/linux-x86_64",
                "-Dlog4j2.configurationFile=config/log4j2.properties"));
        command.addAll(List.of(mainClass));
        return new Contender(name, distribution, folder, command);
    }

    /** A key of its configuration, from its next start on. */
    Contender with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** The size of its heap, from its next start on. */
    Contender withHeap(String size) {
        heap = size;
        return this;
    }

    String name() {
        return name;
    }

    Path home() {
        return home;
    }

    int httpPort() {
        return httpPort;
    }

    /** Changes one of its files. */
    void edit(String file, UnaryOperator<String> change) throws IOException {
        var path = home.resolve(file);
        Files.writeString(path, change.apply(Files.readString(path)));
    }

    /** A key can stand in one line only. */
    private String withoutOwn(String text) {
        return text.lines()
                .filter(line -> !settings.containsKey(line.split("=", 2)[0]))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Returns when it says that it is ready; how many seconds that took. */
    double start() throws Exception {
        var own = new StringBuilder(OWN_SETTINGS);
        settings.forEach(
                (key, value) -> own.append(key).append('=').append(value).append('\n'));
        edit("config/application.properties", text -> withoutOwn(text.split(OWN_SETTINGS, 2)[0]) + own);
        starts++;
        var options = List.of(
                "-Xms" + heap,
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-Xlog:gc:file=" + gcLog() + "::filecount=0");
        var java = Path.of(System.getProperty("java.home"));
        var line = new ArrayList<String>();
        if (command.isEmpty()) {
            line.add(home.resolve("bin/sms-callback-routes").toString());
        } else {
            line.add(java.resolve("bin/java").toString());
            line.addAll(options);
            line.addAll(command);
        }
        var log = home.resolve("log-" + starts + ".txt");
        var builder = new ProcessBuilder(line)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().put("JAVA_OPTS", String.join(" ", options));
        long started = System.nanoTime();
        process = builder.start();
        while (!Files.readString(log).contains(READY)) {
            if (!process.isAlive() || System.nanoTime() - started > LONGEST_START.toNanos()) {
                throw new IllegalStateException(name + " is not ready: see " + log);
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return (System.nanoTime() - started) / 1e9;
    }

    /** What it has printed since its start. */
    String log() throws IOException {
        return Files.readString(home.resolve("log-" + starts + ".txt"));
    }

    /** Tells a contender that takes no callbacks what to do, by a line into its input; the file with its answer. */
    String ask(String line) throws Exception {
        var answer = home.resolve("answer.txt");
        Files.deleteIfExists(answer);
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        while (!Files.exists(answer)) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return Files.readString(answer);
    }

    /** It stands still until it is released. */
    void hold() throws IOException {
        signal("-STOP");
    }

    void release() throws IOException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException {
        run("kill", signal, String.valueOf(process.pid()));
    }

    /** Connections to its broker from outside, as a consumer has them. */
    ActiveMQConnectionFactory consumers() {
        return new ActiveMQConnectionFactory("tcp://127.0.0.1:" + brokerPort, "esb", DEMO_SECRET);
    }

    /** Connections to its broker from outside, for whoever may send and pause. */
    ActiveMQConnectionFactory operators() {
        return new ActiveMQConnectionFactory("tcp://127.0.0.1:" + brokerPort, "operator", DEMO_SECRET);
    }

    /** Processor time it has used since its start. */
    long cpuMillis() {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }

    /** What is in its heap after a collection. */
    long heapMegabytes() throws IOException {
        run("jcmd", String.valueOf(process.pid()), "GC.run");
        var used = Pattern.compile("used (\\d+)K").matcher(run("jcmd", String.valueOf(process.pid()), "GC.heap_info"));
        return used.find() ? Long.parseLong(used.group(1)) >> 10 : -1;
    }

    long residentMegabytes() throws IOException {
        return status("VmRSS") >> 10;
    }

    long threads() throws IOException {
        return status("Threads");
    }

    private long status(String name) throws IOException {
        var value = Pattern.compile(name + ":\\s+(\\d+)")
                .matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
        return value.find() ? Long.parseLong(value.group(1)) : -1;
    }

    /** The longest pause of its collector since its start, and the most that was left after one in MB. */
    String collections() throws IOException {
        double longest = 0;
        long most = 0;
        var pauses = Pattern.compile("Pause .* \\d+M->(\\d+)M\\(\\d+M\\) ([\\d.]+)ms")
                .matcher(Files.readString(gcLog()));
        while (pauses.find()) {
            most = Math.max(most, Long.parseLong(pauses.group(1)));
            longest = Math.max(longest, Double.parseDouble(pauses.group(2)));
        }
        return "at most %d MB after a collection, longest pause %.0f ms".formatted(most, longest);
    }

    private Path gcLog() {
        return home.resolve("gc-" + starts + ".txt");
    }

    /** <code>kill -9</code>. */
    void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Ends it, and forgets what its broker has. */
    @Override
    public void close() throws IOException {
        kill();
        run("rm", "-rf", home.resolve("data").toString());
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its output, once it has ended. */
    private static String run(String... command) throws IOException {
        var run = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
