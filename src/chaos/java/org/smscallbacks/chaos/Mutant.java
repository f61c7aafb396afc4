package org.smscallbacks.chaos;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/**
 * A gateway with one line of its source changed, which loses events: whether the trials can tell.
 *
 * @param file under <code>src/main/java/org/smscallbacks</code>
 * @param line what is replaced
 * @param fault which catches it
 */
record Mutant(String name, String file, String line, String by, String fault) {

    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "answers before the commit",
                    "store/EventPublisher.java",
                    "return storing.get(patience, TimeUnit.MILLISECONDS);",
                    "return 0;",
                    "kill"),
            new Mutant(
                    "takes no notice of an error of the disk",
                    "broker/DiskFailure.java",
                    "if (reason != null) {",
                    "if (reason != null && reason.isEmpty()) {",
                    "disk"),
            new Mutant(
                    "believes ids after an error",
                    "broker/FailSafeServer.java",
                    "failure.refuse();\n            super.commit(transaction, lineUpContext);",
                    "super.commit(transaction, lineUpContext);\n            failure.refuse();",
                    "disk"),
            new Mutant(
                    "acknowledges a retry before its copy",
                    "gateway/TransactedJms.java",
                    "jms.setTransacted(true);",
                    "jms.setTransacted(false);",
                    "targets"));

    /** A copy of the distribution with this gateway in it. */
    Path build(Path project, Path distribution, Path folder) throws IOException {
        var source = project.resolve("src/main/java/org/smscallbacks").resolve(file);
        var text = Files.readString(source);
        if (!text.contains(line)) {
            throw new IllegalStateException(file + " has no such line any more: " + line);
        }
        Home.delete(folder);
        Home.copy(distribution, folder.resolve("distribution"));
        var mutated = Files.createDirectories(folder.resolve("source")).resolve(source.getFileName());
        Files.writeString(mutated, text.replace(line, by));
        var classes = Files.createDirectories(folder.resolve("classes"));
        Path gateway;
        String libraries;
        try (var jars = Files.list(folder.resolve("distribution/lib"))) {
            var all = jars.toList();
            libraries = all.stream().map(Path::toString).collect(Collectors.joining(":"));
            gateway = all.stream()
                    .filter(jar -> jar.getFileName().toString().startsWith("sms-callback-routes"))
                    .findFirst()
                    .orElseThrow();
        }
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-nowarn", "-d", classes.toString(), "-cp", libraries, mutated.toString());
        if (failed != 0) {
            throw new IllegalStateException(name + " does not compile");
        }
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
        return folder.resolve("distribution");
    }
}
