package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A copy of the shipped routes, to be edited. */
record RoutesCopy(Path folder) {

    /** Copies them into the folder; what is there already stays. */
    static RoutesCopy in(Path folder) throws IOException {
        try (var files = Files.walk(BundleTest.ROUTES)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var copy = folder.resolve(BundleTest.ROUTES.relativize(file));
                Files.createDirectories(copy.getParent());
                if (Files.notExists(copy)) {
                    Files.copy(file, copy);
                }
            }
        }
        return new RoutesCopy(folder);
    }

    /** Replaces what must be there. */
    void edit(String file, String old, String now) throws IOException {
        change(file, text -> {
            assertTrue(text.contains(old), () -> file + " has no " + old);
            return text.replace(old, now);
        });
    }

    void change(String file, UnaryOperator<String> change) throws IOException {
        var path = folder.resolve(file);
        Files.writeString(path, change.apply(Files.readString(path)));
    }
}
