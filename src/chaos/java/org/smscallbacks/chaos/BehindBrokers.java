package org.smscallbacks.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Two gateways in front of brokers of their own; what happens to these is up to the fault. */
abstract class BehindBrokers implements Fault {

    private static final List<String> MACHINES = List.of("broker-a", "broker-b", "witness", "gateway-a", "gateway-b");

    private final Path folder;
    private final BrokerFiles files;
    private final boolean isApart;
    private Home second;
    private Brokers brokers;
    private Network network;

    /**
     * @param folder of the trials
     * @param isApart every broker and gateway on a machine of its own, so that they can be cut off from each other
     */
    BehindBrokers(Path folder, BrokerFiles files, boolean isApart) {
        this.folder = folder;
        this.files = files;
        this.isApart = isApart;
    }

    @Override
    public void prepare(Home home, Random random) throws Exception {
        if (isApart) {
            network = Network.open(MACHINES.toArray(String[]::new));
        }
        second = home.beside("-second");
        brokers = Brokers.start(folder, files, network);
        connect(home, "gateway-a");
        connect(second, "gateway-b");
        second.start();
    }

    private void connect(Home gateway, String machine) throws Exception {
        gateway.set("SMS_BROKER_URL", brokers.url());
        gateway.set("SMS_BROKER_USER", "gateway");
        gateway.set("SMS_BROKER_PASSWORD", Reader.PASSWORD);
        if (isApart) {
            gateway.moveTo(network.inside(machine), network.address(machine));
        }
    }

    Brokers brokers() {
        return brokers;
    }

    Network network() {
        return network;
    }

    @Override
    public List<Home> gateways(Home home) {
        return List.of(home, second);
    }

    /** Two gateways and two brokers share the machine with all that calls them. */
    @Override
    public int pauseMillis() {
        return 100;
    }

    /** Whole again, with nobody's hand. */
    @Override
    public void recover(Home home) throws Exception {
        brokers.awaitWhole();
        home.readsFrom(brokers.live());
    }

    @Override
    public void clean() throws Exception {
        if (second != null) {
            second.kill();
        }
        if (brokers != null) {
            brokers.kill();
        }
        if (network != null) {
            network.close();
        }
    }
}
