package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.smscallbacks.config.Settings;

/** Runs after all others: nothing that any test sent may be in what the gateways of all JVMs logged meanwhile. */
class LogTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

    /** A phone number, as the fixtures have them; times and ids of that length begin otherwise. */
    private static final Pattern NUMBER =
            Pattern.compile("(?<![0-9A-Za-z-])(?:385|420|485|796|447)[0-9]{7,11}(?![0-9A-Za-z-])");

    /** Long enough to be nobody's words but the subscriber's: "Stop" stands in the log for other reasons. */
    private static final Pattern TEXT = Pattern.compile("\"(?:text|message|cleanText|value)\"\\s*:\\s*\"([^\"]{6,})\"");

    static List<String> log() throws IOException {
        var lines = new ArrayList<String>();
        try (var logs = Files.newDirectoryStream(Path.of("target"), "gateway-test-*.log")) {
            for (var log : logs) {
                lines.addAll(Files.readAllLines(log));
            }
        }
        return lines;
    }

    @Test
    void hasNoNumberAndNoTextOfASubscriber() throws Exception {
        var log = String.join("\n", log());
        var secrets = new TreeSet<String>();
        try (var files = Files.walk(FIXTURES)) {
            for (var file : files.filter(f -> f.toString().contains(".in.")).toList()) {
                var input = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
                NUMBER.matcher(input).results().forEach(match -> secrets.add(match.group()));
                TEXT.matcher(input).results().forEach(match -> secrets.add(match.group(1)));
            }
        }
        assertTrue(secrets.size() > 20, () -> "the fixtures' numbers and texts: " + secrets);
        assertTrue(log.contains("callback infobip/fixtures answered 200"), "the log of this run");
        assertEquals(Set.of(), secrets.stream().filter(log::contains).collect(Collectors.toSet()));
    }

    @Test
    void hasNoCredential() throws Exception {
        var log = String.join("\n", log());
        for (var secret : new String[] {
            TestGateway.TOKEN,
            TestGateway.OTHER_TOKEN,
            TestGateway.PASSWORD,
            TestGateway.SIGNING_KEY,
            TestGateway.BROKER_PASSWORD,
            TargetGateway.SECRET.substring("whsec_".length()),
            TargetGateway.OTHER_SECRET.substring("whsec_".length()),
            TargetFaultTest.STORE_PASSWORD,
            Settings.DEMO_SECRET
        }) {
            assertFalse(log.contains(secret), secret);
        }
    }

    @Test
    void hasOneLineForEachCallback() throws Exception {
        var lines = log().stream()
                .filter(line -> line.contains("callback bulkgate/main answered"))
                .toList();
        assertFalse(lines.isEmpty());
        var form = Pattern.compile(
                ".* callback bulkgate/main answered [0-9]{3}: items [0-9]+, stored [0-9]+, unrecognised [0-9]+, duplicates [0-9]+, [0-9]+ ms, id [0-9a-z]+-[0-9a-z]+");
        assertTrue(lines.stream().allMatch(line -> form.matcher(line).matches()), lines::toString);
    }
}
