package org.smscallbacks.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** All ways to do the job, started one after the other and held until it is their turn. */
final class Contenders implements AutoCloseable {

    static final String US = "us";
    static final String FLOOR = "floor";
    static final String BEST_FLOOR = "best floor";
    static final String IN_PROCESS = "by hand in process";
    static final String JOURNAL = "journal";
    static final String PLAIN_CAMEL = "plain Camel";
    static final String SPRING_INTEGRATION = "Spring Integration";

    private static final String PACKAGE = "org.smscallbacks.bench.contender.";

    private final Path distribution;
    private final Path folder;
    private final String classes;
    private final String spring;
    private final List<Contender> all = new ArrayList<>();
    private final List<Contender> made = new CopyOnWriteArrayList<>();
    private final Map<Contender, Load> loads = new HashMap<>();

    /**
     * @param distribution unpacked
     * @param folder where their homes are made
     * @param classes of the benchmark
     * @param spring the libraries Spring Integration needs beside those of the distribution
     */
    Contenders(Path distribution, Path folder, Path classes, Path spring) {
        this.distribution = distribution;
        this.folder = folder;
        this.classes = classes + ":" + distribution.resolve("lib") + "/*";
        this.spring = spring + "/*";
    }

    /** A contender that is not started yet, with its home under this folder. */
    Contender make(String name, Path homes) throws IOException {
        var contender = construct(name, homes);
        made.add(contender);
        return contender;
    }

    private Contender construct(String name, Path homes) throws IOException {
        return switch (name) {
            case US -> Contender.shipped(name, distribution, homes);
            case FLOOR -> Contender.ofClass(name, distribution, homes, classes, PACKAGE + "ByHand");
            case BEST_FLOOR ->
                Contender.ofClass(name, distribution, homes, classes, PACKAGE + "ByHand", "group-commit");
            case IN_PROCESS -> Contender.ofClass(name, distribution, homes, classes, PACKAGE + "ByHand", "in-process");
            case JOURNAL -> Contender.ofClass(name, distribution, homes, classes, PACKAGE + "Journal");
            case PLAIN_CAMEL -> Contender.ofClass(name, distribution, homes, classes, PACKAGE + "PlainCamel");
            case SPRING_INTEGRATION ->
                Contender.ofClass(name, distribution, homes, classes + ":" + spring, PACKAGE + "SpringIntegration");
            default -> throw new IllegalArgumentException(name);
        };
    }

    void start(List<String> names) throws Exception {
        for (var name : names) {
            var contender = make(name, folder);
            all.add(contender);
            contender.start();
            contender.hold();
        }
    }

    List<Contender> all() {
        return all;
    }

    Contender named(String name) {
        return all.stream()
                .filter(contender -> contender.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    Load loadOf(Contender contender) {
        return loads.computeIfAbsent(contender, one -> new Load(one.httpPort()));
    }

    /** Ends all that were started, by {@link #start} or not; their homes stay. */
    void kill() {
        made.forEach(Contender::kill);
    }

    /** Ends those it has started. */
    void stop() throws IOException {
        for (var contender : all) {
            contender.close();
        }
        all.clear();
    }

    @Override
    public void close() throws IOException {
        loads.values().forEach(Load::close);
        stop();
    }
}
