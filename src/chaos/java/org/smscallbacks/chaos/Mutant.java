package org.smscallbacks.chaos;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/**
 * A gateway with a promise taken out of its source, which loses events: whether the trials can tell.
 *
 * @param fault which catches it
 */
record Mutant(String name, String fault, List<Change> changes) {

    /**
     * @param file under <code>src/main/java/org/smscallbacks</code>
     * @param line what is replaced
     */
    record Change(String file, String line, String by) {}

    /** A page that could not be written, or in part, raises the flag and no error where it was written: as Artemis is by itself. */
    private static final List<Change> PAGES_GO_ON = List.of(
            new Change("broker/FailSafeFiles.java", "failure.refuse();", ""),
            new Change("broker/FailSafeFiles.java", "throw part;", ""));

    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "answers before the commit",
                    "kill",
                    List.of(new Change(
                            "store/EventPublisher.java",
                            "known.addAll(store.store(portion));",
                            "java.util.concurrent.ForkJoinPool.commonPool().submit(() -> store.store(portion));"))),
            new Mutant(
                    "takes no notice of an error of the disk",
                    "disk",
                    with(
                            PAGES_GO_ON,
                            new Change(
                                    "broker/DiskFailure.java",
                                    "if (reason != null) {",
                                    "if (reason != null && reason.isEmpty()) {"))),
            // an id is stored by itself, and stays known when the transaction of its event is refused
            new Mutant(
                    "believes ids after an error",
                    "disk",
                    List.of(
                            new Change(
                                    "store/JournalStore.java",
                                    "message.putStringProperty(Message.HDR_DUPLICATE_DETECTION_ID, id);",
                                    "transaction.remember(address, id);"),
                            new Change(
                                    "broker/BrokerTransaction.java",
                                    "addToCache(id.getData(), transaction)",
                                    "addToCache(id.getData(), null)"))),
            new Mutant(
                    "acknowledges a retry before its copy",
                    "targets",
                    List.of(new Change(
                            "delivery/RetryScheduler.java",
                            "int priority = Priority.of(",
                            "broker.commit();\n                int priority = Priority.of("))),
            // a retry, a dead letter, and what a route of one's own sends on: all of them are in the transaction that
            // acknowledges
            new Mutant(
                    "acknowledges what a route takes before it has ended",
                    "targets",
                    List.of(
                            new Change(
                                    "broker/QueueContainer.java",
                                    "session = new RouteSession(",
                                    "try (var early = broker.begin()) {\nearly.acknowledge(reference);\nearly.commit();\n}\n"
                                            + "session = new RouteSession("),
                            new Change("broker/RouteSession.java", "transaction.acknowledge(reference);", ""),
                            new Change("broker/RouteSession.java", "transaction.giveBack(reference);", ""))),
            new Mutant(
                    "does not give back what is rolled back",
                    "targets",
                    List.of(new Change("broker/RouteSession.java", "transaction.giveBack(reference);", ""))));

    private static List<Change> with(List<Change> some, Change... more) {
        var all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    /** A copy of the distribution with this gateway in it. */
    Path build(Path project, Path distribution, Path folder) throws Exception {
        Home.delete(folder);
        var copy = folder.resolve("distribution");
        Home.copy(distribution, copy);
        List<Path> jars;
        try (var files = Files.list(copy.resolve("lib"))) {
            jars = files.toList();
        }
        var classes = compile(project, folder, jars.stream().map(Path::toString).collect(Collectors.joining(":")));
        replace(
                classes,
                jars.stream()
                        .filter(jar -> jar.getFileName().toString().startsWith("sms-callback-routes"))
                        .findFirst()
                        .orElseThrow());
        return copy;
    }

    /** What is changed of this gateway, compiled. */
    Path compile(Path project, Path folder, String classpath) throws Exception {
        var sources = changedSources(project.resolve("src/main/java/org/smscallbacks"), folder.resolve("source"));
        var classes = Files.createDirectories(folder.resolve("classes"));
        var arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp", classpath));
        sources.forEach(source -> arguments.add(source.toString()));
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException(name + " does not compile");
        }
        return classes;
    }

    private List<Path> changedSources(Path from, Path to) throws Exception {
        for (var change : changes) {
            var changed = to.resolve(change.file());
            var text = Files.readString(Files.exists(changed) ? changed : from.resolve(change.file()));
            if (!text.contains(change.line())) {
                throw new IllegalStateException(change.file() + " has no such line any more: " + change.line());
            }
            Files.createDirectories(changed.getParent());
            Files.writeString(changed, text.replace(change.line(), change.by()));
        }
        return changes.stream()
                .map(change -> to.resolve(change.file()))
                .distinct()
                .toList();
    }

    private static void replace(Path classes, Path gateway) throws Exception {
        // it is a link to the distribution's own
        var own = Files.readAllBytes(gateway);
        Files.delete(gateway);
        Files.write(gateway, own);
        try (var jar = FileSystems.newFileSystem(gateway);
                var files = Files.walk(classes)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.write(jar.getPath(classes.relativize(file).toString()), Files.readAllBytes(file));
            }
        }
    }
}
