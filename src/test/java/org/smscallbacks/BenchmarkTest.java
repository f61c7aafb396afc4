package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmarks, the trials and the fuzzing are not run with the tests, but a change of what they use must not break them unseen. */
class BenchmarkTest {

    @ParameterizedTest
    @ValueSource(strings = {"src/bench", "src/chaos", "src/fuzz"})
    void compiles(Path sources, @TempDir Path classes) throws IOException {
        compile(sources, classes);
    }

    @Test
    void everyMutantIsStillMadeOfTheSource(@TempDir Path folder) throws Exception {
        var classes = Files.createDirectories(folder.resolve("classes"));
        compile(Path.of("src/chaos"), classes);
        try (var loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass("org.smscallbacks.chaos.Chaos")
                    .getMethod("compileMutants", Path.class)
                    .invoke(null, folder.resolve("mutants"));
        }
        try (var files = Files.walk(folder.resolve("mutants"))) {
            assertTrue(files.anyMatch(file -> file.endsWith("QueueContainer.class")));
        }
    }

    /** Compiles what is in this folder, with the libraries of the tests. */
    static void compile(Path folder, Path classes) throws IOException {
        List<Path> sources;
        try (var files = Files.walk(folder)) {
            // its libraries are no dependencies of this project
            sources = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("SpringIntegration.java"))
                    .toList();
        }
        assertFalse(sources.isEmpty());
        var compiler = ToolProvider.getSystemJavaCompiler();
        var problems = new StringWriter();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            problems,
                            manager,
                            null,
                            List.of("-d", classes.toString(), "-proc:none"),
                            null,
                            manager.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertTrue(compiled, problems::toString);
        }
    }
}
