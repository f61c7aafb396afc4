package org.smscallbacks.chaos;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One broker or a pair, each on a machine of its own if there is a network. */
final class Brokers {

    private static final List<String> NAMES = List.of("broker-a", "broker-b");
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(3);
    private static final long PAUSE_MILLIS = 200;

    private final BrokerFiles files;
    private final List<BrokerProcess> processes = new ArrayList<>();
    private Witness witness;

    /** What is in the way of a whole pair. */
    private String lacks = "";

    private Brokers(BrokerFiles files) {
        this.files = files;
    }

    /**
     * @param folder of the trials: the brokers are in <code>brokers</code>, which is emptied first
     * @param network with the machines broker-a, broker-b, witness, gateway-a and gateway-b; null for this one
     */
    static Brokers start(Path folder, BrokerFiles files, Network network) throws Exception {
        var home = folder.resolve("brokers");
        Home.delete(home);
        var brokers = new Brokers(files);
        try {
            if (files == BrokerFiles.WITNESS) {
                brokers.witness = Witness.start(folder, home.resolve("witness"), network);
            }
            brokers.configure(folder, home, network);
            for (var process : brokers.processes) {
                process.launch();
                brokers.await("the first one is live", brokers.first()::isLive);
            }
            brokers.awaitWhole();
            return brokers;
        } catch (Exception e) {
            brokers.kill();
            throw e;
        }
    }

    private void configure(Path folder, Path home, Network network) throws Exception {
        var classpath = folder.resolve("classes") + ":" + files.libraries(folder) + "/*";
        for (var name : NAMES.subList(0, files.size())) {
            var host = network == null ? "127.0.0.1" : network.address(name);
            var inside = network == null ? List.<String>of() : network.inside(name);
            processes.add(new BrokerProcess(home.resolve(name), classpath, inside, host, freePort()));
        }
        var checked = network == null ? "" : network.address("gateway-a") + "," + network.address("gateway-b");
        var witnesses = witness == null ? "" : witness.address();
        for (int i = 0; i < processes.size(); i++) {
            var words = files.words(i, addresses(), home.resolve("shared"), checked, witnesses);
            processes.get(i).configure(files.file(i), words);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private List<String> addresses() {
        return processes.stream().map(BrokerProcess::address).toList();
    }

    /** As <code>SMS_BROKER_URL</code>. */
    String url() {
        return BrokerFiles.url(addresses());
    }

    BrokerProcess first() {
        return processes.get(0);
    }

    /** The one that lets clients connect. */
    BrokerProcess live() throws InterruptedException {
        await("one is live", () -> processes.stream().anyMatch(BrokerProcess::isLive));
        return processes.stream().filter(BrokerProcess::isLive).findFirst().orElseThrow();
    }

    /** Who says which one is live; null where nobody does. */
    Witness witness() {
        return witness;
    }

    BrokerProcess otherThan(BrokerProcess one) {
        return processes.get(0) == one ? processes.get(1) : processes.get(0);
    }

    String nameOf(BrokerProcess process) {
        return NAMES.get(processes.indexOf(process));
    }

    /** All run, one is live, and the other has everything that it has. */
    void awaitWhole() throws InterruptedException {
        await("exactly one is live and the other its backup", this::isWhole);
    }

    private boolean isWhole() {
        try {
            for (var process : processes) {
                // as a supervisor would
                process.launch();
            }
            var live = processes.stream().filter(BrokerProcess::isLive).toList();
            lacks = live.size() + " are live";
            return live.size() == 1 && hasBackup(live.get(0));
        } catch (IOException e) {
            lacks = e.toString();
            return false;
        }
    }

    private boolean hasBackup(BrokerProcess live) throws IOException {
        if (files == BrokerFiles.ONE) {
            return true;
        }
        if (files == BrokerFiles.SHARED_STORE) {
            lacks = "the first one is not live, or the other not its backup";
            return live == first() && otherThan(live).isBackup();
        }
        var replica = Replica.of(live);
        lacks = "the live one says of its replica: " + replica;
        return Boolean.TRUE.equals(replica);
    }

    /** Within three minutes; nobody does anything for it. */
    void await(String what, BooleanSupplier isSo) throws InterruptedException {
        long until = System.nanoTime() + LONGEST_NANOS;
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("not within three minutes: " + what + "; " + lacks);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    void kill() throws InterruptedException {
        for (var process : processes) {
            process.kill();
        }
        if (witness != null) {
            witness.kill();
        }
    }
}
