package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a broker or a pair of them is made of: files of <code>docs/brokers</code>, in which addresses are replaced. */
enum BrokerFiles {
    ONE("one.xml"),
    REPLICATION("replication-live.xml", "replication-backup.xml"),
    SHARED_STORE("shared-store-live.xml", "shared-store-backup.xml"),
    NETWORK_CHECK("replication-live.xml", "replication-backup.xml"),
    WITNESS("witness.xml", "witness.xml");

    private static final Path FOLDER = Path.of("docs/brokers");
    private static final String SETTINGS = "?ha=true&reconnectAttempts=-1";

    /** How soon a client takes a silent broker for gone. */
    private static final String IMPATIENT = "&clientFailureCheckPeriod=5000&connectionTTL=15000";

    /** And the brokers each other, in their files. */
    private static final List<String> IMPATIENT_BROKERS =
            List.of("<check-period>5000</check-period>", "<connection-ttl>15000</connection-ttl>");

    private static final String WITNESSES = "witness-a:2181,witness-b:2181,witness-c:2181";

    private final List<String> files;

    BrokerFiles(String... files) {
        this.files = List.of(files);
    }

    /** How many brokers. */
    int size() {
        return files.size();
    }

    Path file(int number) {
        return FOLDER.resolve(files.get(number));
    }

    /**
     * What to write for some of their words.
     *
     * @param addresses of the brokers, host and port
     * @param checked hosts that a broker must reach, or stop
     * @param witness host and port
     */
    Map<String, String> words(int number, List<String> addresses, Path store, String checked, String witness) {
        // there is one file for both where both are alike: in the second, each is the other
        boolean isSwapped = this == WITNESS && number == 1;
        var words = new HashMap<String, String>();
        words.put("broker-a:61616", addresses.get(isSwapped ? 1 : 0));
        words.put("broker-b:61616", addresses.get(isSwapped ? 0 : addresses.size() - 1));
        words.put("<name>broker-a<", isSwapped ? "<name>broker-b<" : "<name>broker-a<");
        words.put(">shared/", ">" + store + "/");
        words.put(WITNESSES, witness);
        if (isPatient()) {
            IMPATIENT_BROKERS.forEach(setting -> words.put(setting, ""));
        }
        if (this == NETWORK_CHECK) {
            words.put(
                    "<cluster-user>",
                    "<network-check-list>" + checked
                            + "</network-check-list><network-check-period>2000</network-check-period><cluster-user>");
        }
        return words;
    }

    /** How clients connect to brokers at these addresses. */
    static String url(List<String> addresses) {
        return "(tcp://" + String.join(",tcp://", addresses) + ")" + SETTINGS + (isPatient() ? "" : IMPATIENT)
                + System.getProperty("chaos.client", "");
    }

    /** With what a client and the brokers do by themselves. */
    private static boolean isPatient() {
        return "default".equals(System.getProperty("chaos.patience"));
    }

    /** The libraries of our own distribution, or those of the whole distribution of Artemis, which alone has what talks to a witness. */
    Path libraries(Path folder) {
        return this == WITNESS || System.getProperty("chaos.broker") != null
                ? folder.resolve("artemis/apache-artemis-2.44.0/lib")
                : folder.resolve("distribution/lib");
    }
}
