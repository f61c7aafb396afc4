package org.smscallbacks.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own: started, killed, frozen. */
final class BrokerProcess {

    private static final int PATIENCE_MILLIS = 1_000;

    /** What Artemis calls "backup announced" and "Backup Server is now active". */
    private static final String ANNOUNCED = "AMQ221031";

    private static final String ACTIVE = "AMQ221010";

    /** What watches each broker, where it is wanted. */
    private static final Path FENCE = Path.of("docs/brokers/fence.sh").toAbsolutePath();

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Path folder;
    private final String classpath;
    private final List<String> inside;
    private final String host;
    private final int port;
    private Process process;
    private Process fence;
    private int starts;

    /**
     * @param classpath of the broker and of its main class
     * @param inside what the command begins with, to be run on another machine
     */
    BrokerProcess(Path folder, String classpath, List<String> inside, String host, int port) {
        this.folder = folder;
        this.classpath = classpath;
        this.inside = inside;
        this.host = host;
        this.port = port;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** Host and port. */
    String address() {
        return host + ":" + port;
    }

    /** With this <code>broker.xml</code>, in which some words are replaced. */
    void configure(Path file, Map<String, String> words) throws IOException {
        Files.createDirectories(folder);
        var text = Files.readString(file);
        for (var word : words.entrySet()) {
            text = text.replace(word.getKey(), word.getValue());
        }
        Files.writeString(folder.resolve("broker.xml"), text);
        Files.writeString(
                folder.resolve("log4j2.properties"),
                "appender.console.type=Console\nappender.console.name=console\nappender.console.layout.type=PatternLayout\n"
                        + "appender.console.layout.pattern=%d %-5p [%c{1}] %m%n\nrootLogger.level=info\nrootLogger.appenderRef.console.ref=console\n"
                        + "logger.audit.name=org.apache.activemq.audit\nlogger.audit.level=off\n");
    }

    /** Begins to start, unless it runs. */
    synchronized void launch() throws IOException {
        if (process != null && process.isAlive()) {
            return;
        }
        var command = new ArrayList<>(inside);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dlog4j2.configurationFile=log4j2.properties",
                "-cp",
                classpath,
                BrokerMain.class.getName(),
                folder.resolve("broker.xml").toString()));
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("broker-" + ++starts + ".log").toFile())
                .start();
        RUNNING.add(process);
        if (isFenced()) {
            fence();
        }
    }

    /** Whether what watches a broker is tried as well. */
    private static boolean isFenced() {
        return "yes".equals(System.getProperty("chaos.fence"));
    }

    private void fence() throws IOException {
        if (fence != null) {
            fence.destroyForcibly();
            RUNNING.remove(fence);
        }
        var command = new ArrayList<>(inside);
        command.addAll(List.of(FENCE.toString(), address(), "kill", "-KILL", String.valueOf(process.pid())));
        fence = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("fence-" + starts + ".log").toFile())
                .start();
        RUNNING.add(fence);
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** A broker that is not live lets nobody connect. */
    boolean isLive() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the last that it has said of its part is that it is a backup. */
    boolean isBackup() throws IOException {
        var log = Files.readString(folder.resolve("broker-" + starts + ".log"));
        return log.lastIndexOf(ANNOUNCED) > log.lastIndexOf(ACTIVE);
    }

    /** As <code>kill -9</code>. */
    synchronized void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly();
            process.waitFor(30, TimeUnit.SECONDS);
            RUNNING.remove(process);
        }
        if (fence != null) {
            fence.destroyForcibly();
            RUNNING.remove(fence);
        }
    }

    /** It hangs, and nothing else on its machine: connections stay, and nothing comes. */
    void freeze() throws Exception {
        signal("STOP", List.of(process));
    }

    /** All that is on its machine hangs. */
    void freezeMachine() throws Exception {
        signal("STOP", all());
    }

    /** All of it goes on at the same moment. */
    void thaw() throws Exception {
        signal("CONT", all());
    }

    private List<Process> all() {
        return fence == null ? List.of(process) : List.of(fence, process);
    }

    private static void signal(String name, List<Process> processes) throws Exception {
        var command = new ArrayList<>(List.of("kill", "-" + name));
        processes.stream()
                .filter(Process::isAlive)
                .map(process -> String.valueOf(process.pid()))
                .forEach(command::add);
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor(10, TimeUnit.SECONDS);
    }
}
