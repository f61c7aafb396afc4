package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertTrue(tried.out().endsWith(" cases, 1 differs (--reveal shows phone numbers)\n"), tried::toString);
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

    /** Of each kind of body, with raw left out, written out, and an answer of its own. */
    @ParameterizedTest
    @CsvSource({
        "infobip/bad-items-between-good-ones, 1",
        "infobip/trailing-commas, 0",
        "webcom-mobi/bad-states-between-good-ones, 1",
        "vonage/sms-receipt-get-opted-out, 0",
        "jasmin/form-delivered, 0",
        "webcom-mobi/cut-short, 1"
    })
    void writesTheTwinItHolds(String name, int code) throws Exception {
        var input = Project.THIS.cases().stream()
                .filter(file -> file.toString().contains("/" + name + ".in."))
                .findFirst()
                .orElseThrow();
        var provider = name.substring(0, name.indexOf('/'));
        var copy = folder.resolve("one/" + provider + "/" + input.getFileName());
        Files.createDirectories(copy.getParent());
        Files.copy(input, copy);
        var written = sms("try", provider, copy.toString(), "--twin");
        assertEquals(code, written.code(), written::toString);
        assertEquals(code == 1, written.err().contains("PROBLEM "), written::toString);
        Files.writeString(Twin.output(copy), written.out());
        var tried = attempt(folder.resolve("one"));
        assertEquals(0, tried.code(), tried::toString);
        assertTrue(tried.out().endsWith("\n1 case, as its twin says\n"), tried::toString);
    }

    @Test
    void writesTheTwinOfWhatIsNoText() throws Exception {
        var input = folder.resolve("one/bulkgate/no-text.in.json");
        Files.createDirectories(input.getParent());
        Files.write(input, new byte[] {(byte) 0xff, 0, 1});
        var written = sms("try", "bulkgate", input.toString(), "--twin");
        assertEquals(1, written.code(), written::toString);
        Files.writeString(Twin.output(input), written.out());
        assertEquals(0, attempt(folder.resolve("one")).code());
    }

    @Test
    void saysWhatNoTwinCanBeWrittenOf() throws Exception {
        for (var line : List.of("try infobip --query a=b --twin", "try infobip - --twin", "try --all cases --twin")) {
            assertEquals(2, sms(line.split(" ")).code(), line);
        }
        var wrong = sms("try", "infobip", "routes/infobip/sample.json", "--twin");
        assertEquals(2, wrong.code(), wrong::toString);
        assertTrue(wrong.err().contains("call it <case>.in.json"), wrong::toString);
    }

    @Test
    void readsNoCaseThatIsFarTooLarge() throws Exception {
        var twin = anyTwin("\"delivered\"");
        makeLarge(twin);
        assertSays("! " + twin.getFileName() + " has more than 64 MiB: that is no case");
        Files.writeString(twin, "{\"events\": []}");
        makeLarge(twin.resolveSibling(input(twin)));
        assertSays("! " + input(twin) + " has more than 64 MiB: that is no case");
    }

    /** It has a hole, so that it takes no room. */
    private static void makeLarge(Path file) throws Exception {
        try (var large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(5L << 29);
        }
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
        return sms(line);
    }

    private Terminal.Output sms(String... line) {
        return Terminal.with("--config", folder.toString()).run(line);
    }
}
