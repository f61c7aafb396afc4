package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smscallbacks.config.Settings;
import org.smscallbacks.operator.command.SmsCommand;
import org.smscallbacks.store.JournalStore;

/** Events that nobody needs any more: kept as evidence, and removed, whatever kind they are of. */
class OperatorDiscardTest {

    private static final String DEAD = "sms.dead.crm";
    private static final String UNRECOGNISED = "sms.unrecognised";
    private static final String REFUSED = "sms.refused";

    @TempDir
    private Path folder;

    private OwnBroker broker;
    private Terminal sms;

    @BeforeEach
    void start() throws Exception {
        broker = new OwnBroker(folder).start();
        sms = Terminal.with("--broker", broker.url(), "--user", "operator", "--password", Settings.DEMO_SECRET);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void fill() throws Exception {
        try (var events = new StoredEvents(broker.operator())) {
            for (int number = 1; number <= 3; number++) {
                events.dead("crm", number, number == 2 ? "422" : "503", "sms.target.crm");
                events.unrecognised(number, "infobip", number == 2 ? "no JSON" : "no id", "\"raw\":{}");
            }
            events.commit();
        }
        new JournalStore(broker.broker())
                .store(List.of(
                        SomeEvents.event(StoredEvents.id(1), "sms.inbound"),
                        SomeEvents.event(StoredEvents.id(2), "sms.click"),
                        SomeEvents.event(StoredEvents.id(3), "sms.inbound")));
        RefusedEventsTest.reject(broker, "sms.inbound", 2, RefusedEventsTest.REJECTED);
        RefusedEventsTest.reject(broker, "sms.click", 1, RefusedEventsTest.REJECTED);
        for (var queue : List.of(DEAD, UNRECOGNISED, REFUSED)) {
            await().untilAsserted(() -> assertEquals(3, broker.count(queue)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dead crm, sms.dead.crm, --answer 422",
        "unrecognised, sms.unrecognised, --reason json",
        "refused, sms.refused, --from sms.click"
    })
    void discardsWhatIsChosen(String kind, String queue, String one) throws Exception {
        fill();
        var dry = run(kind, "discard " + one + " --dry-run");
        assertEquals(
                "would discard 1 event of " + queue + "; nothing was changed",
                dry.out().strip(),
                dry::toString);
        var json =
                EventAssert.JSON.readTree(run(kind, "discard --dry-run --json").out());
        assertEquals(3, json.get("matched").asInt());
        assertTrue(json.get("dryRun").asBoolean());
        assertEquals(3, broker.count(queue));

        var discarded = run(kind, "discard " + one);
        assertEquals(0, discarded.code(), discarded::toString);
        assertEquals("1 event of " + queue + " discarded", discarded.out().strip());
        broker.stop();
        broker.start();
        assertEquals(Set.of(StoredEvents.id(1), StoredEvents.id(3)), idsIn(queue));

        var rest = EventAssert.JSON.readTree(run(kind, "discard --all --json").out());
        assertEquals(2, rest.get("discarded").asInt());
        assertEquals(0, broker.count(queue));
        var nothing = run(kind, "discard --all");
        assertEquals(1, nothing.code(), nothing::toString);
        for (var other : List.of(DEAD, UNRECOGNISED, REFUSED)) {
            assertEquals(other.equals(queue) ? 0 : 3, broker.count(other), other);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dead crm, sms.dead.crm, --answer 422",
        "unrecognised, sms.unrecognised, --reason json",
        "refused, sms.refused, --from sms.click"
    })
    void exportsWhatIsChosen(String kind, String queue, String one) throws Exception {
        fill();
        var file = folder.resolve("kept.jsonl");
        var exported = run(kind, "export " + file);
        assertEquals(
                "3 events of " + queue + " exported to " + file, exported.out().strip(), exported::toString);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        var lines = Files.readAllLines(file);
        assertEquals(3, lines.size());
        for (var line : lines) {
            var event = EventAssert.JSON.readTree(line);
            assertEquals(queue, event.get("queue").asText());
            assertEquals(
                    event.get("id").asText(),
                    EventAssert.JSON
                            .readTree(event.get("body").asText())
                            .get("id")
                            .asText());
            assertEquals("main", event.at("/properties/account").asText());
            assertTrue(event.get("time").asText().endsWith("Z"), line);
        }
        var again = run(kind, "export " + file);
        assertEquals(2, again.code(), again::toString);
        assertTrue(again.err().contains("exists already"), again::toString);
        assertEquals(lines, Files.readAllLines(file));

        var terminal = run(kind, "export - " + one);
        assertEquals(1, terminal.out().lines().count(), terminal::toString);
        assertEquals("", terminal.err());
        assertEquals(
                StoredEvents.id(2),
                EventAssert.JSON.readTree(terminal.out()).get("id").asText());
        var nothing = run(kind, "export " + folder.resolve("nothing.jsonl") + " --provider nobody");
        assertEquals(1, nothing.code(), nothing::toString);
        assertFalse(Files.exists(folder.resolve("nothing.jsonl")));
        assertEquals(3, broker.count(queue));
    }

    @Test
    void anExportSaysWhatTheOperatorNeedsAndAllOfTheEvent() throws Exception {
        fill();
        var dead = EventAssert.JSON.readTree(
                run("dead crm", "export - --answer 422").out());
        assertEquals(StoredEvents.text(2), dead.get("body").asText());
        assertEquals("refused", dead.get("reason").asText());
        assertEquals("422", dead.at("/properties/lastStatus").asText());
        assertEquals(3, dead.at("/properties/attempts").asInt());
        assertTrue(dead.at("/properties/final").asBoolean());
        assertEquals("2026-03-29T10:26:42.000Z", dead.get("time").asText());
        var refused = EventAssert.JSON.readTree(
                run("refused", "export - --from sms.click").out());
        assertEquals("sms.click", refused.get("cameFrom").asText());
    }

    @Test
    void whatIsDiscardedIsExportedBefore() throws Exception {
        fill();
        var file = folder.resolve("kept.jsonl");
        var discarded = run("refused", "discard --from sms.inbound --export " + file);
        assertEquals(
                "2 events of sms.refused discarded, after all were exported to " + file,
                discarded.out().strip(),
                discarded::toString);
        assertEquals(2, Files.readAllLines(file).size());
        assertEquals(Set.of(StoredEvents.id(2)), idsIn(REFUSED));
        var again = run("refused", "discard --all --export " + file);
        assertEquals(2, again.code(), again::toString);
        var dry = run("unrecognised", "discard --dry-run --export " + folder.resolve("dry.jsonl"));
        assertEquals(0, dry.code(), dry::toString);
        assertFalse(Files.exists(folder.resolve("dry.jsonl")));
    }

    @Test
    void nothingIsDiscardedThatCannotBeExported() throws Exception {
        fill();
        try (var disk = FullDisk.mount(folder.resolve("disk"), "64k")) {
            disk.fill(0);
            var file = disk.folder().resolve("kept.jsonl");
            var failed = run("dead crm", "discard --all --export " + file);
            assertEquals(4, failed.code(), failed::toString);
            assertEquals(1, failed.err().lines().count(), failed::toString);
            assertTrue(failed.err().startsWith("sms: cannot write " + file), failed::toString);
            assertFalse(Files.exists(file));
        }
        assertEquals(3, broker.count(DEAD));
    }

    @Test
    void bytesAreExportedAsBase64AndDiscarded() throws Exception {
        try (var factory = broker.operator();
                var context = factory.createContext()) {
            context.createProducer().send(context.createQueue(UNRECOGNISED), new byte[] {(byte) 0xff, 0, 7});
        }
        var exported = EventAssert.JSON.readTree(run("unrecognised", "export -").out());
        assertEquals("/wAH", exported.get("bodyBase64").asText());
        var stays = run("unrecognised", "replay --all");
        assertEquals(1, stays.code(), stays::toString);
        assertTrue(stays.out().contains(exported.get("id").asText() + " stays: it is no text"), stays::toString);
        var discarded = run("unrecognised", "discard --id " + exported.get("id").asText());
        assertEquals("1 event of sms.unrecognised discarded", discarded.out().strip(), discarded::toString);
        assertEquals(0, broker.count(UNRECOGNISED));
    }

    @Test
    void whatIsNoEventAtAllIsInNobodysWay() throws Exception {
        try (var factory = broker.operator();
                var context = factory.createContext()) {
            var map = context.createMapMessage();
            map.setString("to", "nobody");
            for (var message : List.of(map, context.createTextMessage(), context.createMessage())) {
                context.createProducer().send(context.createQueue(UNRECOGNISED), message);
            }
        }
        var exported = run("unrecognised", "export -").out().lines().toList();
        assertEquals(3, exported.size());
        var body = EventAssert.JSON.readTree(exported.get(0)).get("bodyBase64").binaryValue();
        assertTrue(new String(body, StandardCharsets.UTF_16LE).contains("nobody")
                || new String(body, StandardCharsets.UTF_8).contains("nobody"));
        var listed = run("unrecognised", "list");
        assertEquals(
                3,
                listed.out().lines().filter(line -> line.contains("no event, ")).count(),
                listed::toString);
        for (var line : exported) {
            var id = EventAssert.JSON.readTree(line).get("id").asText();
            assertEquals(0, run("unrecognised", "show " + id).code());
        }
        var stay = run("unrecognised", "replay --all");
        assertEquals(1, stay.code(), stay::toString);
        assertEquals(
                3,
                stay.out()
                        .lines()
                        .filter(line -> line.endsWith("it is no text"))
                        .count(),
                stay::toString);
        var discarded = run("unrecognised", "discard --all");
        assertEquals("3 events of sms.unrecognised discarded", discarded.out().strip(), discarded::toString);
    }

    @Test
    void discardsWhatLiesInPagesAndCanBeInterrupted() throws Exception {
        int all = 8_000;
        new JournalStore(broker.broker())
                .store(IntStream.range(0, all)
                        .mapToObj(i -> SomeEvents.event("e-" + i, 2_000, UNRECOGNISED))
                        .toList());
        assertTrue(broker.broker()
                .server()
                .locateQueue(UNRECOGNISED)
                .getPagingStore()
                .isPaging());
        var few = run("unrecognised", "discard --id e-7999 --id e-5");
        assertEquals("2 events of sms.unrecognised discarded", few.out().strip(), few::toString);
        var command = new SmsCommand(Map.of());
        var interrupted = sms.run(command, stopping(command), "unrecognised", "discard", "--all", "--json");
        assertEquals(4, interrupted.code(), interrupted::toString);
        int first =
                EventAssert.JSON.readTree(interrupted.out()).get("discarded").asInt();
        assertTrue(first > 0 && first < all - 2, interrupted::toString);
        var rest = run("unrecognised", "discard --all");
        assertEquals(
                all - 2 - first + " events of sms.unrecognised discarded",
                rest.out().strip(),
                rest::toString);
        await().untilAsserted(() -> assertEquals(
                0, broker.broker().server().locateQueue(UNRECOGNISED).getMessageCount()));
    }

    /** Interrupts as soon as there is progress to see. */
    private static StringWriter stopping(SmsCommand command) {
        return new StringWriter() {
            @Override
            public void write(String text, int offset, int length) {
                super.write(text, offset, length);
                command.stop();
            }
        };
    }

    private Terminal.Output run(String kind, String arguments) {
        var words = kind.split(" ");
        var more = arguments.split(" ");
        var all = new ArrayList<>(List.of(words[0], more[0]));
        all.addAll(List.of(words).subList(1, words.length));
        all.addAll(List.of(more).subList(1, more.length));
        return sms.run(all.toArray(String[]::new));
    }

    private Set<String> idsIn(String queue) throws Exception {
        var ids = new TreeSet<String>();
        for (var message : broker.browse(queue)) {
            ids.add(message.getStringProperty("eventId"));
        }
        return ids;
    }
}
