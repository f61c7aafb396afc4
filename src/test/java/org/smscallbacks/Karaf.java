package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A Karaf as it is downloaded, on free ports, with nothing in it yet; the only Maven repository it knows is a folder. */
final class Karaf implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(120);

    private static final String USER = "karaf";
    private static final String MAVEN = "org.ops4j.pax.url.mvn";

    private final Path home;
    private final int shellPort = TestGateway.freePort();
    private final int registryPort = TestGateway.freePort();
    private final int rmiPort = TestGateway.freePort();
    private Process process;

    private Karaf(Path home) {
        this.home = home;
    }

    /**
     * Unpacks and starts one; its shell is open when this returns.
     *
     * @param environment what is set in it beside the usual
     */
    static Karaf start(Path folder, Map<String, String> environment) throws Exception {
        var unpacking = new ProcessBuilder(
                        "tar", "xzf", System.getProperty("karaf"), "-C", folder.toString(), "--strip-components=1")
                .inheritIO()
                .start();
        assertEquals(0, unpacking.waitFor());
        var karaf = new Karaf(folder);
        karaf.configure();
        karaf.launch(environment);
        return karaf;
    }

    private void configure() throws IOException {
        edit("etc/users.properties", text -> text.replaceAll("(?m)^#(karaf = |_g_)", "$1"));
        edit("etc/org.apache.karaf.shell.cfg", text -> text.replaceAll("(?m)^sshPort .*", "sshPort = " + shellPort));
        edit("etc/org.apache.karaf.management.cfg", text -> text.replaceAll(
                        "(?m)^rmiRegistryPort .*", "rmiRegistryPort = " + registryPort)
                .replaceAll("(?m)^rmiServerPort .*", "rmiServerPort = " + rmiPort));
        Files.createDirectories(mavenRepository());
        append(
                "etc/org.ops4j.pax.url.mvn.cfg",
                MAVEN + ".repositories=" + mavenRepository().toUri() + "@id=folder@snapshots\n" + MAVEN
                        + ".localRepository=" + resolve("downloaded"));
    }

    Path mavenRepository() {
        return resolve("repository");
    }

    private void launch(Map<String, String> environment) throws Exception {
        var server = new ProcessBuilder(home.resolve("bin/karaf").toString(), "server")
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out.txt").toFile());
        server.environment()
                .putAll(Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "KARAF_REDIRECT",
                        "false",
                        // in the place of the script
                        "KARAF_EXEC",
                        "exec",
                        "EXTRA_JAVA_OPTS",
                        ChildProcess.JAVA_OPTS + " -XX:SoftRefLRUPolicyMSPerMB=0"));
        server.environment().putAll(environment);
        process = ChildProcess.start(server);
        await().atMost(LONG).ignoreExceptions().until(() -> shell("version").contains("4.4"));
    }

    /** Puts a KAR into <code>deploy</code>; returns when the container has installed and started what is in it. */
    void deploy(Path kar) throws IOException {
        int before = log().length();
        // half of one would not be looked at again
        Files.move(Files.copy(kar, resolve("kar")), resolve("deploy/" + kar.getFileName()));
        await().atMost(LONG).until(() -> {
            var log = log();
            int begun = log.indexOf("Adding features: sms-callback-routes", before);
            return begun > 0 && log.indexOf("| Done.", begun) > 0;
        });
    }

    /** Starts, stops, or whatever else Karaf does with a bundle, this one; returns when it is done. */
    void bundle(String operation, String... arguments) throws Exception {
        var all = new ArrayList<Object>(List.of("org.smscallbacks"));
        all.addAll(List.of(arguments));
        var types = new String[all.size()];
        Arrays.fill(types, String.class.getName());
        try (var jmx = jmx()) {
            jmx.getMBeanServerConnection()
                    .invoke(new ObjectName("org.apache.karaf:type=bundle,name=root"), operation, all.toArray(), types);
        }
    }

    Path resolve(String path) {
        return home.resolve(path);
    }

    void edit(String file, UnaryOperator<String> change) throws IOException {
        var path = resolve(file);
        Files.writeString(path, change.apply(Files.readString(path)));
    }

    /** Edits the gateway's configuration; returns when the container has read it, which it shows by writing it in its own way. */
    void configure(UnaryOperator<String> change) throws IOException {
        var cfg = resolve("etc/org.smscallbacks.cfg");
        var edited = Files.writeString(resolve("edited.cfg"), change.apply(Files.readString(cfg)));
        var written = FileTime.from(Instant.now().minusSeconds(1).truncatedTo(ChronoUnit.SECONDS));
        Files.setLastModifiedTime(edited, written);
        Files.move(edited, cfg, StandardCopyOption.ATOMIC_MOVE);
        await().atMost(LONG).until(() -> !Files.getLastModifiedTime(cfg).equals(written));
    }

    private void append(String file, String line) throws IOException {
        Files.writeString(resolve(file), "\n" + line + "\n", StandardOpenOption.APPEND);
    }

    String log() throws IOException {
        return Files.readString(resolve("data/log/karaf.log"));
    }

    /** How often the log says so. */
    int logged(String words) throws IOException {
        return log().split(java.util.regex.Pattern.quote(words), -1).length - 1;
    }

    /** Runs a line in the container's shell and gives what it prints. */
    String shell(String line) throws Exception {
        var client = new ProcessBuilder(
                        resolve("bin/client").toString(), "-a", String.valueOf(shellPort), "-u", USER, "-p", USER, "-b")
                .redirectErrorStream(true);
        client.environment().put("JAVA_HOME", System.getProperty("java.home"));
        client.environment().put("EXTRA_JAVA_OPTS", ChildProcess.JAVA_OPTS);
        var running = client.start();
        try (var input = running.outputWriter()) {
            input.write(line + "\n");
        }
        var printed = new String(running.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(running.waitFor(60, TimeUnit.SECONDS));
        return printed.replaceAll("\u001b\\[[0-9;]*m", "");
    }

    JMXConnector jmx() throws IOException {
        return JMXConnectorFactory.connect(
                new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + registryPort + "/karaf-root"),
                Map.of(JMXConnector.CREDENTIALS, new String[] {USER, USER}));
    }

    /** How many files and sockets the container has open. */
    long openFiles() throws Exception {
        try (var files = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
            return files.count();
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
