package org.smscallbacks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The routes as a bundle of text. */
class BundleTest {

    static final Path ROUTES = Path.of("routes");

    /** The folders are the list. */
    static Set<String> providers() throws java.io.IOException {
        try (var folders = Files.list(ROUTES)) {
            return folders.filter(folder -> Files.exists(folder.resolve(folder.getFileName() + ".camel.yaml")))
                    .map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
