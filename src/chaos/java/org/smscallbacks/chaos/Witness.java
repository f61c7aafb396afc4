package org.smscallbacks.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A ZooKeeper that says which broker of a pair is live. One stands for the three that a real pair needs. */
final class Witness {

    private static final int MOST_LOOKS = 300;

    private final Process process;
    private final String host;
    private final int port;

    private Witness(Process process, String host, int port) {
        this.process = process;
        this.host = host;
        this.port = port;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** @param folder of the trials, with the libraries of ZooKeeper in <code>witness</code> */
    static Witness start(Path folder, Path home, Network network) throws Exception {
        Files.createDirectories(home);
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Files.writeString(
                home.resolve("zoo.cfg"),
                "tickTime=1000\ndataDir=" + home.resolve("data") + "\nclientPort=" + port
                        + "\nadmin.enableServer=false\n");
        var command = new ArrayList<>(network == null ? List.<String>of() : network.inside("witness"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                folder.resolve("witness") + "/*",
                "org.apache.zookeeper.server.ZooKeeperServerMain",
                home.resolve("zoo.cfg").toString()));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("witness.log").toFile())
                .start();
        var witness = new Witness(process, network == null ? "127.0.0.1" : network.address("witness"), port);
        witness.await();
        return witness;
    }

    private void await() throws Exception {
        for (int look = 0; look < MOST_LOOKS; look++) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), 1_000);
                return;
            } catch (IOException e) {
                Thread.sleep(200);
            }
        }
        throw new IllegalStateException("the witness does not start");
    }

    String address() {
        return host + ":" + port;
    }

    void kill() {
        process.destroyForcibly();
    }
}
