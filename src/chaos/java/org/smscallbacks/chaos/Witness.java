package org.smscallbacks.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The ZooKeepers that say which broker of a pair is live: three, on one machine, of which two are enough. */
final class Witness {

    private static final int SERVERS = 3;
    private static final int MOST_LOOKS = 300;

    private final Path libraries;
    private final Path home;
    private final List<String> inside;
    private final String host;
    private final List<Integer> ports = freePorts();
    private final Process[] processes = new Process[SERVERS];

    private Witness(Path libraries, Path home, Network network) {
        this.libraries = libraries;
        this.home = home;
        this.inside = network == null ? List.of() : network.inside("witness");
        this.host = network == null ? "127.0.0.1" : network.address("witness");
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /** @param folder of the trials, with the libraries of ZooKeeper in <code>witness</code> */
    static Witness start(Path folder, Path home, Network network) throws Exception {
        var witness = new Witness(folder.resolve("witness"), home, network);
        for (int server = 0; server < SERVERS; server++) {
            witness.launch(server);
        }
        for (int server = 0; server < SERVERS; server++) {
            witness.await(server);
        }
        return witness;
    }

    /** For clients, for those that follow, and for the vote of each. */
    private static List<Integer> freePorts() {
        var sockets = new ArrayList<ServerSocket>();
        try {
            while (sockets.size() < 3 * SERVERS) {
                sockets.add(new ServerSocket(0));
            }
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("no port is free", e);
        }
        return sockets.stream().map(ServerSocket::getLocalPort).toList();
    }

    private int port(int server) {
        return ports.get(3 * server);
    }

    private void launch(int server) throws IOException {
        var folder = Files.createDirectories(home.resolve("witness-" + server));
        var data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("myid"), String.valueOf(server + 1));
        var all = IntStream.range(0, SERVERS)
                .mapToObj(other -> "server." + (other + 1) + "=" + host + ":" + ports.get(3 * other + 1) + ":"
                        + ports.get(3 * other + 2))
                .collect(Collectors.joining("\n"));
        Files.writeString(
                folder.resolve("zoo.cfg"),
                "tickTime=1000\ninitLimit=10\nsyncLimit=5\ndataDir=" + data + "\nclientPort=" + port(server)
                        + "\nadmin.enableServer=false\n" + all + "\n");
        var command = new ArrayList<>(inside);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                libraries + "/*",
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                folder.resolve("zoo.cfg").toString()));
        processes[server] = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("witness.log").toFile())
                .start();
    }

    private void await(int server) throws Exception {
        for (int look = 0; look < MOST_LOOKS; look++) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port(server)), 1_000);
                return;
            } catch (IOException e) {
                Thread.sleep(200);
            }
        }
        throw new IllegalStateException("a witness does not start");
    }

    /** One of them, as <code>kill -9</code>; the others vote. */
    void killOne(int number) throws InterruptedException {
        processes[number % SERVERS].destroyForcibly().waitFor();
    }

    void startOne(int number) throws Exception {
        launch(number % SERVERS);
        await(number % SERVERS);
    }

    /** Of all, hosts and ports. */
    String address() {
        return IntStream.range(0, SERVERS)
                .mapToObj(server -> host + ":" + port(server))
                .collect(Collectors.joining(","));
    }

    void kill() {
        for (var process : processes) {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }
}
