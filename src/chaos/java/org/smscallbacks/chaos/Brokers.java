package org.smscallbacks.chaos;

import jakarta.jms.JMSException;
import jakarta.jms.QueueRequestor;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** One broker or a pair, with the files of <code>docs/brokers</code>, each on a machine of its own if there is a network. */
final class Brokers {

    /** Which files. */
    enum Kind {
        ONE("one.xml"),
        REPLICATION("replication-live.xml", "replication-backup.xml"),
        SHARED_STORE("shared-store-live.xml", "shared-store-backup.xml"),
        NETWORK_CHECK("replication-live.xml", "replication-backup.xml"),
        WITNESS("witness.xml", "witness.xml");

        private final List<String> files;

        Kind(String... files) {
            this.files = List.of(files);
        }
    }

    private static final List<String> NAMES = List.of("broker-a", "broker-b");
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(3);
    private static final String SETTINGS = "?ha=true&reconnectAttempts=-1";

    /** How soon a client takes a silent broker for gone. */
    private static final String IMPATIENT = "&clientFailureCheckPeriod=5000&connectionTTL=15000";

    private static final String NETWORK_CHECK =
            "<network-check-list>%s,%s</network-check-list><network-check-period>2000</network-check-period><cluster-user>";

    /** And the brokers each other, in their files. */
    private static final List<String> IMPATIENT_BROKERS =
            List.of("<check-period>5000</check-period>", "<connection-ttl>15000</connection-ttl>");

    private final Kind kind;
    private final List<BrokerProcess> processes = new ArrayList<>();
    private Witness witness;

    /** What is in the way of a whole pair. */
    private String lacks = "";

    private Brokers(Kind kind) {
        this.kind = kind;
    }

    /**
     * @param folder of the trials: the brokers are in <code>brokers</code>, which is emptied first
     * @param network with the machines broker-a, broker-b and witness; null for this one
     */
    static Brokers start(Path folder, Kind kind, Network network) throws Exception {
        var home = folder.resolve("brokers");
        Home.delete(home);
        var brokers = new Brokers(kind);
        try {
            if (kind == Kind.WITNESS) {
                brokers.witness = Witness.start(folder, home.resolve("witness"), network);
            }
            brokers.configure(folder, home, network);
            for (var process : brokers.processes) {
                process.launch();
                brokers.await("the first one is live", brokers.processes.get(0)::isLive);
            }
            brokers.awaitWhole();
            return brokers;
        } catch (Exception e) {
            brokers.kill();
            throw e;
        }
    }

    private void configure(Path folder, Path home, Network network) throws Exception {
        var words = new HashMap<String, String>();
        for (var name : NAMES.subList(0, kind.files.size())) {
            var host = network == null ? "127.0.0.1" : network.address(name);
            int port = freePort();
            words.put(name + ":61616", host + ":" + port);
            var inside = network == null ? List.<String>of() : network.inside(name);
            processes.add(new BrokerProcess(home.resolve(name), software(folder), inside, host, port));
        }
        words.put(">shared/", ">" + home.resolve("shared") + "/");
        if (isPatient()) {
            IMPATIENT_BROKERS.forEach(setting -> words.put(setting, ""));
        }
        if (kind == Kind.NETWORK_CHECK) {
            words.put("<cluster-user>", NETWORK_CHECK.formatted(network.address("gateway-a"), network.address("gateway-b")));
        }
        if (witness != null) {
            words.put("witness-a:2181,witness-b:2181,witness-c:2181", witness.address());
        }
        for (int i = 0; i < processes.size(); i++) {
            processes.get(i).configure(Path.of("docs/brokers", kind.files.get(i)), i == 0 ? words : swapped(words));
        }
    }

    /** One file for both: in the second, each is the other. */
    private Map<String, String> swapped(Map<String, String> words) {
        if (kind != Kind.WITNESS) {
            return words;
        }
        var swapped = new HashMap<>(words);
        swapped.put("broker-a:61616", words.get("broker-b:61616"));
        swapped.put("broker-b:61616", words.get("broker-a:61616"));
        swapped.put("<name>broker-a<", "<name>broker-b<");
        return swapped;
    }

    /** Our own jars, or those of the whole distribution of Artemis. */
    private String software(Path folder) {
        var lib = kind == Kind.WITNESS || System.getProperty("chaos.broker") != null
                ? folder.resolve("artemis/apache-artemis-2.44.0/lib")
                : folder.resolve("distribution/lib");
        return folder.resolve("classes") + ":" + lib + "/*";
    }

    /** With what a client and the brokers do by themselves. */
    private static boolean isPatient() {
        return "default".equals(System.getProperty("chaos.patience"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** As <code>SMS_BROKER_URL</code>. */
    String url() {
        var urls = processes.stream()
                .map(process -> "tcp://" + process.host() + ":" + process.port())
                .toList();
        return "(" + String.join(",", urls) + ")" + SETTINGS + (isPatient() ? "" : IMPATIENT);
    }

    BrokerProcess first() {
        return processes.get(0);
    }

    /** The one that lets clients connect. */
    BrokerProcess live() throws InterruptedException {
        await("one is live", () -> processes.stream().anyMatch(BrokerProcess::isLive));
        return processes.stream().filter(BrokerProcess::isLive).findFirst().orElseThrow();
    }

    BrokerProcess otherThan(BrokerProcess one) {
        return processes.get(0) == one ? processes.get(1) : processes.get(0);
    }

    String nameOf(BrokerProcess process) {
        return NAMES.get(processes.indexOf(process));
    }

    /** All run, one is live, and the other has everything that it has. */
    void awaitWhole() throws Exception {
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
            return live.size() == 1
                    && switch (kind) {
                        case ONE -> true;
                        case SHARED_STORE -> live.get(0) == processes.get(0) && processes.get(1).isBackup();
                        default -> hasReplica(live.get(0));
                    };
        } catch (IOException | JMSException e) {
            lacks = e.toString();
            return false;
        }
    }

    private boolean hasReplica(BrokerProcess live) throws JMSException {
        var url = "tcp://" + live.host() + ":" + live.port() + "?callTimeout=5000";
        try (var factory = new ActiveMQConnectionFactory(url, Reader.USER, Reader.PASSWORD);
                var connection = factory.createQueueConnection()) {
            connection.start();
            var session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            var request = session.createMessage();
            JMSManagementHelper.putAttribute(request, ResourceNames.BROKER, "replicaSync");
            var reply = new QueueRequestor(session, session.createQueue("activemq.management")).request(request);
            var answer = JMSManagementHelper.getResult(reply);
            lacks = "the live one says of its replica: " + answer;
            return Boolean.TRUE.equals(answer);
        } catch (JMSException e) {
            throw e;
        } catch (Exception e) {
            lacks = e.toString();
            return false;
        }
    }

    /** Within three minutes; nobody does anything for it. */
    void await(String what, BooleanSupplier isSo) throws InterruptedException {
        long until = System.nanoTime() + LONGEST_NANOS;
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("not within three minutes: " + what + "; " + lacks);
            }
            Thread.sleep(200);
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
