package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packages are the rooms of a house, one above the other: each may use those it is given here, all of them further down. */
class HouseTest {

    /** From top to bottom; the root has the main class only. */
    private static final List<Map.Entry<String, Set<String>>> ROOMS = List.of(
            room(".karaf", ".gateway", ".operator.command", ".config"),
            room(".operator.command", ".simulate", ".gateway", ".operator", ".trail", ".broker", ".event", ".config"),
            room(".simulate", ".gateway", ".config"),
            room("", ".gateway", ".config"),
            room(".gateway", ".http", ".store", ".delivery", ".mapping", ".trail", ".broker", ".event", ".config"),
            room(".operator", ".broker", ".event", ".config"),
            room(".http", ".store", ".delivery", ".mapping", ".trail", ".event", ".config"),
            room(".store", ".broker", ".event", ".config"),
            room(".delivery", ".broker", ".trail", ".event", ".config"),
            room(".mapping", ".event", ".config"),
            room(".trail", ".event", ".config"),
            room(".broker", ".config"),
            room(".event", ".config"),
            room(".config"));

    private static Map.Entry<String, Set<String>> room(String name, String... below) {
        return Map.entry(name, Set.of(below));
    }

    private static final Path CLASSES = Path.of("target/classes");
    private static final Pattern ARROW =
            Pattern.compile("\\s+org\\.smscallbacks(\\S*)\\s+-> org\\.smscallbacks(\\S*)\\s.*");

    @Test
    void hasNoRoomThatUsesOneAbove() {
        var above = new HashSet<String>();
        for (var room : ROOMS) {
            above.add(room.getKey());
            assertTrue(Collections.disjoint(above, room.getValue()), room::toString);
        }
    }

    @Test
    void hasOnlyArrowsThatPointDown() throws Exception {
        assertEquals(Set.of(), arrowsUp(CLASSES));
    }

    @Test
    void noticesAnArrowThatPointsUp(@TempDir Path folder) throws Exception {
        var source = folder.resolve("Planted.java");
        Files.writeString(
                source, "package org.smscallbacks.config; class Planted { org.smscallbacks.http.CallbackGuard up; }");
        run(
                "javac",
                "-cp",
                CLASSES + ":" + System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                "" + source);
        assertEquals(Set.of(".config -> .http"), arrowsUp(CLASSES, folder));
    }

    @Test
    void hasEachNameOnce() throws Exception {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            var seen = new HashSet<Path>();
            var twice =
                    files.filter(Files::isRegularFile).map(Path::getFileName).filter(name -> !seen.add(name));
            assertEquals(List.of(), twice.toList());
        }
    }

    private static Set<String> arrowsUp(Path... folders) {
        var arguments = new TreeSet<String>();
        List.of(folders).forEach(folder -> arguments.add(folder.toString()));
        var arrows = run(
                "jdeps",
                Stream.concat(Stream.of("-verbose:package"), arguments.stream()).toArray(String[]::new));
        var up = new TreeSet<String>();
        int count = 0;
        for (var line : arrows.lines().toList()) {
            var arrow = ARROW.matcher(line);
            if (arrow.matches() && !arrow.group(1).equals(arrow.group(2))) {
                count++;
                if (ROOMS.stream()
                        .noneMatch(room -> room.getKey().equals(arrow.group(1))
                                && room.getValue().contains(arrow.group(2)))) {
                    up.add(arrow.group(1) + " -> " + arrow.group(2));
                }
            }
        }
        assertTrue(count > 10, arrows);
        return up;
    }

    private static String run(String tool, String... arguments) {
        var out = new StringWriter();
        var writer = new PrintWriter(out);
        assertEquals(0, ToolProvider.findFirst(tool).orElseThrow().run(writer, writer, arguments), out::toString);
        return out.toString();
    }
}
