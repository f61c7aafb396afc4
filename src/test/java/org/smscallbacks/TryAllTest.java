package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.gateway.Twin;

/** <code>sms try --all</code>: callbacks, and what is to become of each. */
class TryAllTest {

    @TempDir
    private Path folder;

    private Path cases;

    @BeforeEach
    void copyCases() throws Exception {
        TestGateway.copyConfig(folder, TestGateway.freePort());
        cases = folder.resolve("cases");
        for (var input : Project.THIS.cases()) {
            if (input.getParent().endsWith("webcom-mobi")) {
                copy(input);
                copy(Twin.output(input));
            }
        }
    }

    @Test
    void findsEachFixtureAsItsTwinSays() throws Exception {
        var own = new Properties();
        own.putAll(Map.of("sms.account.bulkgate.demo.reply-body", "an answer of its own"));
        TestGateway.write(own, folder.resolve("application.properties"));
        var tried = attempt(Project.THIS.fixtures());
        assertEquals(0, tried.code(), tried::toString);
        assertTrue(tried.out().endsWith(" cases, all as their twins say\n"), tried::toString);
        assertEquals(
                0, tried.out().lines().filter(line -> line.startsWith("WRONG")).count(), tried::toString);
    }

    @Test
    void showsTheLinesThatDiffer() throws Exception {
        var twin = anyTwin("\"delivered\"");
        Files.writeString(twin, Files.readString(twin).replace("\"delivered\"", "\"expired\""));
        var tried = attempt(cases);
        assertEquals(1, tried.code(), tried::toString);
        var lines = tried.out().lines().toList();
        int wrong = lines.indexOf("WRONG webcom-mobi/" + input(twin));
        assertTrue(wrong >= 0, tried::toString);
        assertTrue(
                lines.contains("        -     \"status\" : \"expired\"")
                        || lines.contains("        -     \"status\" : \"expired\","),
                tried::toString);
        assertTrue(tried.out().contains("        +     \"status\" : \"delivered\""), tried::toString);
        assertTrue(tried.out().endsWith(" cases, 1 differ (--reveal shows phone numbers)\n"), tried::toString);
        assertTrue(
                attempt(cases, "--json").out().contains("{\"case\":\"webcom-mobi/" + input(twin) + "\",\"ok\":false,"));
    }

    @Test
    void saysWhichTwinCannotBeRead() throws Exception {
        var twin = anyTwin("\"delivered\"");
        Files.writeString(twin, "{\"events\": [}");
        assertSays("! " + twin.getFileName() + " is no JSON: line 1, column 13");
        Files.writeString(twin, "{\"event\": []}");
        assertSays("! " + twin.getFileName() + " has a field that nobody reads: event");
        Files.writeString(twin, "{}");
        assertSays("! " + twin.getFileName() + " has no array events");
        Files.delete(twin);
        assertSays("! it has no twin " + twin.getFileName());
    }

    @Test
    void saysWhenThereIsNothingToTry() throws Exception {
        var nothing = folder.resolve("nothing");
        var absent = attempt(nothing);
        assertEquals(1, absent.code(), absent::toString);
        assertEquals("sms: " + nothing + " is no folder\n", absent.err());
        Files.createDirectories(nothing);
        assertTrue(attempt(nothing).err().startsWith("sms: there is no case in " + nothing));
        var strangers = Files.createDirectories(nothing.resolve("acme"));
        Files.writeString(strangers.resolve("a.in.json"), "{}");
        Files.writeString(strangers.resolve("a.out.json"), "{\"events\": []}");
        var tried = attempt(nothing);
        assertEquals(1, tried.code(), tried::toString);
        assertTrue(tried.out().contains("! there is no provider acme: "), tried::toString);
    }

    private void assertSays(String words) {
        var tried = attempt(cases);
        assertEquals(1, tried.code(), tried::toString);
        assertTrue(tried.out().contains("        " + words + "\n"), tried::toString);
    }

    private void copy(Path file) throws Exception {
        var copy = cases.resolve("webcom-mobi").resolve(file.getFileName().toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
    }

    /** The first in which this stands once. */
    private Path anyTwin(String text) throws Exception {
        try (var files = Files.walk(cases)) {
            for (var file : files.filter(file -> file.toString().endsWith(".out.json"))
                    .sorted()
                    .toList()) {
                if (Files.readString(file).split(text, -1).length == 2) {
                    return file;
                }
            }
        }
        throw new AssertionError("no twin has " + text + " once");
    }

    private static String input(Path twin) throws Exception {
        var name = twin.getFileName().toString().replace(".out.json", ".in.");
        try (var files = Files.list(twin.getParent())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Terminal.Output attempt(Path all, String... more) {
        var line = new String[more.length + 3];
        line[0] = "try";
        line[1] = "--all";
        line[2] = all.toString();
        System.arraycopy(more, 0, line, 3, more.length);
        return Terminal.with("--config", folder.toString()).run(line);
    }
}
