package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.config.Settings;
import org.smscallbacks.operator.command.SmsCommand;
import picocli.CommandLine;

/** What an operator sees and pauses with the command <code>sms</code>. */
class OperatorTest {

    private static final String TARGET = "cli-test";
    private static final String QUEUE = "sms.target.cli-test";
    private static final String URGENT = "sms.target.cli-test.urgent";
    private static final String DEAD = "sms.dead.cli-test";

    private StoredEvents events;
    private Terminal sms;

    @BeforeEach
    void fill() throws Exception {
        var gateway = TestGateway.shared();
        sms = Terminal.at(gateway);
        events = new StoredEvents(gateway.operator());
        events.take(DEAD, QUEUE, URGENT);
        events.dead(TARGET, 1, "503", QUEUE);
        events.dead(TARGET, 2, "422", QUEUE);
        events.dead(TARGET, 3, "timeout", URGENT);
        events.commit();
        await().until(() -> new QueueControl(gateway.operator()).queue(DEAD).messages() == 3);
    }

    @AfterEach
    void empty() throws Exception {
        events.take(DEAD, QUEUE, URGENT);
        events.close();
    }

    @Test
    void showsEveryQueueWithItsState() throws Exception {
        var shown = sms.run("queues");
        assertEquals(0, shown.code(), shown::toString);
        var line = shown.out().lines().filter(row -> row.startsWith(DEAD + " ")).findFirst();
        assertTrue(line.orElseThrow().matches(DEAD + " +3 +0 +\\d+m +\\d+s  20\\d\\d-.*Z"), shown::toString);
        for (var queue : Queues.ALL) {
            assertTrue(shown.out().contains(queue), shown::toString);
        }

        var json = EventAssert.JSON.readTree(sms.run("queues", "--json").out());
        for (var queue : json) {
            if (queue.get("queue").asText().equals(DEAD)) {
                assertEquals(3, queue.get("messages").asInt());
                assertEquals(0, queue.get("consumers").asInt());
                assertFalse(queue.get("paused").asBoolean());
                assertTrue(queue.get("oldest").asText().endsWith("Z"));
            }
        }
        assertTrue(json.findValuesAsText("queue").contains(DEAD));
    }

    @Test
    void listsStoredEventsWithoutTheirNumbers() {
        var listed = sms.run("dead", "list", TARGET);
        assertEquals(0, listed.code(), listed::toString);
        assertEquals(4, listed.out().lines().count(), listed::toString);
        assertTrue(listed.out().contains("2026-03-29"), listed::toString);
        assertTrue(listed.out().contains("expired, 422, refused, +385*******02"), listed::toString);
        assertFalse(listed.toString().contains("385915550102"), listed::toString);

        var revealed = sms.run("dead", "list", TARGET, "--reveal");
        assertTrue(revealed.out().contains(StoredEvents.NUMBER), revealed::toString);
    }

    @Test
    void saysWhichTargetsHaveDeadLetters() throws Exception {
        var listed = sms.run("dead", "list");
        assertEquals(0, listed.code(), listed::toString);
        assertTrue(
                listed.out().contains(TARGET + ": 3 dead letters; see them with sms dead list " + TARGET + "\n"),
                listed::toString);
        assertTrue(
                sms.run("dead", "list", "--json").out().contains("{\"target\":\"" + TARGET + "\",\"messages\":3}\n"),
                "one object a line");
    }

    @Test
    void saysThatARestartIsDueWhereAQueueWasRenamed(@TempDir Path folder) throws Exception {
        TestGateway.copyConfig(folder, TestGateway.shared().brokerPort());
        var configured = Terminal.with("--config", folder.toString());
        assertEquals("", configured.run("queues").err());
        var file = folder.resolve("application.properties");
        Files.writeString(file, Files.readString(file).replace("=sms.unrecognised", "=sms.strange"));
        var renamed = configured.run("queues");
        assertEquals(0, renamed.code(), renamed::toString);
        assertTrue(
                renamed.err().startsWith("sms: the configuration names sms.strange, and the gateway was started with"));
        assertTrue(
                configured.run("queues", "--json").err().startsWith("{\"note\":\"the configuration names sms.strange"));
    }

    /** The list of commands shows the first line alone. */
    @Test
    void eachCommandIsDescribedInASentence() {
        var commands = new CommandLine(new SmsCommand(Map.of())).getSubcommands();
        assertFalse(commands.isEmpty());
        commands.forEach((name, command) -> assertTrue(
                command.getCommandSpec().usageMessage().description()[0].endsWith("."), name));
    }

    @Test
    void listsOneJsonObjectALine() throws Exception {
        var lines = sms.run("dead", "list", TARGET, "--json", "--answer", "503")
                .out()
                .lines()
                .toList();
        assertEquals(1, lines.size(), lines::toString);
        var event = EventAssert.JSON.readTree(lines.get(0));
        assertEquals(StoredEvents.id(1), event.get("id").asText());
        assertEquals("503", event.get("lastStatus").asText());
        assertEquals(3, event.get("attempts").asInt());
        assertEquals("exhausted", event.get("reason").asText());
        assertEquals("+385*******02", event.get("to").asText());
        assertEquals("Šalter", event.get("from").asText());
        assertTrue(event.get("final").asBoolean());
        assertEquals("385000000001", event.get("messageId").asText());
    }

    @Test
    void choosesByWhatIsAskedFor() {
        assertEquals(Set.of(1), listed("--answer", "503"));
        assertEquals(Set.of(3), listed("--answer", "timeout"));
        assertEquals(Set.of(2), listed("--reason", "REFUS"));
        assertEquals(Set.of(1, 3), listed("--reason", "exhausted"));
        assertEquals(Set.of(1, 2, 3), listed("--status", "expired", "--provider", "infobip", "--account", "main"));
        assertEquals(Set.of(), listed("--status", "delivered"));
        assertEquals(Set.of(), listed("--provider", "o'brien"));
        assertEquals(Set.of(1, 3), listed("--id", StoredEvents.id(1), "--id", StoredEvents.id(3)));
        assertEquals(Set.of(2, 3), listed("--since", "2026-03-29T10:26:42Z"));
        assertEquals(Set.of(1), listed("--until", "2026-03-29T12:26:42+02:00"));
        assertEquals(Set.of(), listed("--since", "2026-03-29T10:26:42Z", "--until", "2026-03-29T10:26:42Z"));
        assertEquals(Set.of(), listed("--until", "9000d"));
        assertEquals(2, listed("--limit", "2").size());
        assertEquals(1, sms.run("dead", "list", TARGET, "--provider", "nobody").code());
    }

    @Test
    void showsAnEventWithoutItsNumbers() throws Exception {
        var shown = sms.run("dead", "show", TARGET, StoredEvents.id(2));
        assertEquals(0, shown.code(), shown::toString);
        for (var said : List.of(
                "lastStatus: 422",
                "attempts: 3",
                "reason: refused",
                "deadAt: 2026-03-29T10:26:42.000Z",
                "returnTo: " + QUEUE,
                "\"id\" : \"" + StoredEvents.id(2),
                "\"subject\" : \"385000000002\"",
                "\"messageId\" : \"385000000002\"",
                "\"time\" : \"2026-03-29T10:15:04.900Z\"",
                "\"amount\" : \"0.0001000000\"",
                "\"to\" : \"385*******02\"",
                "\"text\" : \"(385*******02)\"",
                "\"at\" : \"2026-03-29T10:15:04.900Z\"",
                "\"385*******02\" : [ 1.50, {",
                "\"text\" : \"call 091*****99 or 091 *** **-98 at 2026-03-29T10:15:04Z\"")) {
            assertTrue(shown.out().contains(said), () -> said + " in\n" + shown);
        }
        assertFalse(shown.out().contains("_AMQ"), shown::toString);

        var document = EventAssert.JSON.readTree(
                sms.run("dead", "show", TARGET, StoredEvents.id(2), "--json").out());
        assertEquals(QUEUE, document.at("/properties/returnTo").asText());
        assertEquals("385*******02", document.at("/event/data/raw/to").asText());
        assertEquals("385000000002", document.at("/event/data/raw/messageId").asText());
        assertFalse(document.toString().contains("38591555"), document::toPrettyString);

        var revealed =
                EventAssert.JSON.readTree(sms.run("dead", "show", TARGET, StoredEvents.id(2), "--json", "--reveal")
                        .out());
        assertEquals(EventAssert.JSON.readTree(StoredEvents.text(2)), revealed.get("event"));
    }

    @Test
    void saysWhatThereIsWhereSomethingIsNotThere() {
        var event = sms.run("dead", "show", TARGET, "nothing");
        assertEquals(1, event.code());
        assertEquals("sms: no event nothing is in " + DEAD, event.err().strip());
        var target = sms.run("dead", "list", "nobody");
        assertEquals(1, target.code());
        assertTrue(target.err().contains("there is no queue sms.dead.nobody"), target::toString);
        assertTrue(target.err().contains(DEAD), target::toString);
        var pause = sms.run("target", "pause", "nobody");
        assertEquals(1, pause.code());
        assertTrue(pause.err().contains("nobody; there are "), pause::toString);
    }

    @Test
    void pausesAndResumesATarget() throws Exception {
        events.dead(TARGET, 4, "503", URGENT);
        events.commit();
        assertEquals(0, sms.run("dead", "replay", TARGET, "--all").code());
        try (var connections = TestGateway.shared().operator()) {
            var control = new QueueControl(connections);
            for (int time = 0; time < 2; time++) {
                var paused = sms.run("target", "pause", TARGET);
                assertEquals(
                        TARGET + " is paused: " + QUEUE + ", " + URGENT,
                        paused.out().strip());
                assertTrue(control.isPaused(QUEUE) && control.isPaused(URGENT));
            }
            var queues = sms.run("queues").out();
            assertTrue(
                    queues.lines().anyMatch(line -> line.startsWith(QUEUE + " ") && line.endsWith(" paused")), queues);
            for (int time = 0; time < 2; time++) {
                var resumed = EventAssert.JSON.readTree(
                        sms.run("target", "resume", TARGET, "--json").out());
                assertFalse(resumed.get("paused").asBoolean());
                assertEquals(2, resumed.get("queues").size());
                assertFalse(control.isPaused(QUEUE) || control.isPaused(URGENT));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "dead",
                "dead list --answer 503",
                "dead list cli-test --since yesterday",
                "dead list cli-test --limit many",
                "dead replay cli-test --limit 0",
                "dead replay cli-test",
                "unrecognised replay",
                "refused replay",
                "refused discard",
                "unrecognised discard",
                "unrecognised export",
                "dead discard cli-test",
                "dead discard cli-test --all --export -",
                "dead discard cli-test --all --export pom.xml",
                "dead export cli-test pom.xml",
                "dead export cli-test no-such-folder/dead.jsonl",
                "unrecognised list --answer 503",
                "unrecognised list --from sms.inbound",
                "target",
                "queues --broker rubbish",
                "queues --config no-such-folder"
            })
    void wrongUsageIsOneLineAndTwo(String arguments) {
        var refused = Terminal.with().run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertEquals(2, refused.code(), refused::toString);
        assertEquals(1, refused.err().lines().count(), refused::toString);
        assertTrue(refused.err().startsWith("sms: "), refused::toString);
        assertEquals("", refused.out());
    }

    @Test
    void aBrokerThatIsNotThereIsOneLineAndThree() throws Exception {
        var port = TestGateway.freePort();
        var nobody =
                Terminal.with("--broker", "tcp://127.0.0.1:" + port, "--user", "operator", "--password", "a-secret");
        for (var arguments : List.of("queues", "dead list crm", "unrecognised replay --all", "target pause crm")) {
            var refused = nobody.run(arguments.split(" "));
            assertEquals(3, refused.code(), refused::toString);
            assertEquals(1, refused.err().lines().count(), refused::toString);
            assertTrue(refused.err().contains("operator at tcp://127.0.0.1:" + port), refused::toString);
            assertFalse(refused.toString().contains("a-secret"), refused::toString);
        }
        var json = EventAssert.JSON.readTree(nobody.run("queues", "--json").err());
        assertEquals(3, json.at("/error/code").asInt());

        var stranger = Terminal.with(
                        "--broker",
                        "tcp://127.0.0.1:" + TestGateway.shared().brokerPort(),
                        "--user",
                        "esb",
                        "--password",
                        Settings.DEMO_SECRET)
                .run("queues");
        assertEquals(3, stranger.code(), stranger::toString);
        assertTrue(stranger.err().contains("manage"), stranger::toString);
    }

    @Test
    void findsTheBrokerInTheGatewaysConfiguration(@TempDir Path folder) throws Exception {
        TestGateway.copyConfig(folder, TestGateway.shared().brokerPort());
        var configured = Terminal.with("--config", folder.toString());
        assertEquals(0, configured.run("queues").code());
        var file = folder.resolve("application.properties");
        var broken = Files.readString(file).replace("sms.http.port=8080", "sms.http.port=eighty\nsms.http.port=81");
        Files.writeString(
                file, broken + "\nsms.account.nobody.x.token=short\ngarbage\nsms.routes=file:nowhere\nsms.x=\\u1");
        assertEquals(0, configured.run("queues").code(), "it needs the broker's keys only");
        Files.writeString(file, broken.replace("commit-timeout=10s", "commit-timeout=soon"));
        var timeout = configured.run("queues");
        assertEquals(2, timeout.code(), timeout::toString);
        assertTrue(timeout.err().contains("sms.broker.commit-timeout is not a time"), timeout::toString);
        Files.writeString(file, broken);
        Files.writeString(folder.resolve("broker-users.properties"), "esb = something-else\n");
        var refused = configured.run("queues");
        assertEquals(2, refused.code(), refused::toString);
        assertTrue(refused.err().contains("broker-users.properties has no user operator"), refused::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "queues --help",
                "dead --help",
                "dead list --help",
                "dead show --help",
                "dead replay --help",
                "unrecognised --help",
                "unrecognised list --help",
                "unrecognised show --help",
                "unrecognised replay --help",
                "refused --help",
                "refused list --help",
                "refused show --help",
                "refused replay --help",
                "dead export --help",
                "dead discard --help",
                "unrecognised export --help",
                "unrecognised discard --help",
                "refused export --help",
                "refused discard --help",
                "target --help",
                "target pause --help",
                "target resume --help"
            })
    void everyCommandHasHelpWithExamplesAndExitCodes(String arguments) {
        var help = Terminal.with().run(arguments.split(" "));
        assertEquals(0, help.code(), help::toString);
        assertTrue(help.out().contains("Examples:\n  sms "), help::toString);
        assertTrue(help.out().contains("Exit codes:"), help::toString);
    }

    @Test
    void saysItsVersion() {
        assertTrue(Terminal.with().run("--version").out().startsWith("sms "));
    }

    private Set<Integer> listed(String... options) {
        var arguments = new String[options.length + 4];
        System.arraycopy(new String[] {"dead", "list", TARGET, "--json"}, 0, arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        var numbers = new HashSet<Integer>();
        sms.run(arguments).out().lines().forEach(line -> {
            try {
                numbers.add(Integer.parseInt(
                        EventAssert.JSON.readTree(line).get("id").asText(), 16));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return numbers;
    }
}
