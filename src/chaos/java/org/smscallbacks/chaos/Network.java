package org.smscallbacks.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Some machines, each a network namespace with one address, in a star around a router that can drop in silence what goes from one to
 * another. This process reaches all of them, whatever is cut. Needs root.
 */
final class Network implements AutoCloseable {

    private static final long LONGEST_SECONDS = 30;

    private final String prefix = "c" + ProcessHandle.current().pid();
    private final String router = prefix + "-router";
    private final int second = 64 + (int) (ProcessHandle.current().pid() % 64);
    private final Map<String, Integer> machines = new HashMap<>();
    private final List<String> rules = new ArrayList<>();

    private final Thread atTheEnd = new Thread(this::remove);

    private Network() {
        Runtime.getRuntime().addShutdownHook(atTheEnd);
    }

    static boolean isPossible() throws Exception {
        try (var network = open("a")) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static Network open(String... names) throws Exception {
        var network = new Network();
        try {
            network.ip("netns", "add", network.router);
            network.ip("-n", network.router, "link", "set", "lo", "up");
            network.run("ip", "netns", "exec", network.router, "sysctl", "-qw", "net.ipv4.ip_forward=1");
            for (var name : names) {
                network.add(name);
            }
            network.connectThis(names.length + 1);
            return network;
        } catch (Exception e) {
            network.close();
            throw e;
        }
    }

    private void add(String name) throws Exception {
        int number = machines.size() + 1;
        machines.put(name, number);
        var space = prefix + "-" + name;
        ip("netns", "add", space);
        ip("-n", space, "link", "set", "lo", "up");
        cable(number, space);
        ip("-n", space, "addr", "add", address(number, 2) + "/30", "dev", prefix + "e" + number);
        ip("-n", space, "link", "set", prefix + "e" + number, "up");
        ip("-n", space, "route", "add", "default", "via", address(number, 1));
    }

    private void connectThis(int number) throws Exception {
        cable(number, null);
        ip("addr", "add", address(number, 2) + "/30", "dev", prefix + "e" + number);
        ip("link", "set", prefix + "e" + number, "up");
        ip("route", "add", "10." + second + ".0.0/16", "via", address(number, 1));
    }

    /** From a machine, or from this process' own, to the router. */
    private void cable(int number, String space) throws Exception {
        var end = prefix + "e" + number;
        var routers = prefix + "r" + number;
        ip("link", "add", end, "type", "veth", "peer", "name", routers, "netns", router);
        if (space != null) {
            ip("link", "set", end, "netns", space);
        }
        ip("-n", router, "addr", "add", address(number, 1) + "/30", "dev", routers);
        ip("-n", router, "link", "set", routers, "up");
    }

    private String address(int number, int end) {
        return "10." + second + "." + number + "." + end;
    }

    String address(String name) {
        return address(machines.get(name), 2);
    }

    /** What a command has to begin with, to run on this machine. */
    List<String> inside(String name) {
        return List.of("ip", "netns", "exec", prefix + "-" + name);
    }

    /** Nothing goes from one to the other any more, and neither is told. */
    void cut(String one, String other) throws Exception {
        drop(one, other);
        drop(other, one);
    }

    /** From all other machines. */
    void cutOff(String name) throws Exception {
        for (var other : machines.keySet()) {
            if (!other.equals(name)) {
                cut(name, other);
            }
        }
    }

    private void drop(String from, String to) throws Exception {
        var rule = "from " + address(from) + " to " + address(to) + " type blackhole";
        ipRule("add", rule);
        rules.add(rule);
    }

    void heal() throws Exception {
        for (var rule : rules) {
            ipRule("del", rule);
        }
        rules.clear();
    }

    private void ipRule(String what, String rule) throws Exception {
        var words = new ArrayList<>(List.of("-n", router, "rule", what));
        words.addAll(List.of(rule.split(" ")));
        ip(words.toArray(String[]::new));
    }

    private void ip(String... words) throws Exception {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        run(command.toArray(String[]::new));
    }

    private void run(String... command) throws Exception {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("cannot " + String.join(" ", command));
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atTheEnd);
        remove();
    }

    /** The cables go with the namespaces. */
    private void remove() {
        var spaces = new ArrayList<>(machines.keySet());
        spaces.add("router");
        for (var name : spaces) {
            try {
                ip("netns", "del", prefix + "-" + name);
            } catch (Exception e) {
                // was never made
            }
        }
    }
}
