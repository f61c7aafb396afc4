package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes, mappings and configuration that are edited while callbacks come in. */
class HotEditsTest {

    private static final int EDITS = Integer.getInteger("edits");
    private static final int CALLERS = 4;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String MAPPING = "webcom-mobi/delivery-report.jslt";

    @TempDir
    private Path folder;

    private RoutesCopy routes;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        routes = RoutesCopy.in(folder);
        TestGateway.shared().queues().drain();
        gateway = TestGateway.withRoutes(folder).start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void refusesAndLosesNobodyWhileItIsEdited() throws Exception {
        var mapping = Files.readString(folder.resolve(MAPPING));
        edit(0, mapping);
        var threads = threads();
        var acknowledged = ConcurrentHashMap.<String>newKeySet();
        var otherAnswers = ConcurrentHashMap.<String>newKeySet();
        var edited = new AtomicBoolean();
        var pool = Executors.newFixedThreadPool(CALLERS);
        try {
            var numbers = new AtomicInteger();
            for (int caller = 0; caller < CALLERS; caller++) {
                pool.submit(() -> {
                    while (!edited.get()) {
                        call("hot-" + numbers.incrementAndGet(), acknowledged, otherAnswers);
                    }
                });
            }
            for (int number = 1; number <= EDITS; number++) {
                edit(number, mapping);
            }
        } finally {
            edited.set(true);
            pool.shutdown();
            assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES));
        }
        assertEquals(Set.of(), otherAnswers);
        // all of them, however long it takes to read so many; then those for which the broker said too early that there
        // is no more
        var stored = storedIds();
        await().atMost(LONG).until(() -> {
            stored.addAll(storedIds());
            return stored.size() >= acknowledged.size();
        });
        assertTrue(stored.size() > EDITS, () -> "called meanwhile: " + stored.size());
        assertEquals(acknowledged.size(), stored.size(), "each once");
        assertEquals(acknowledged, Set.copyOf(stored));
        await().atMost(LONG).untilAsserted(() -> assertEquals(Map.of(), moreThan(threads)));
        assertEquals(2, camels(), "the shared gateway's and this one's");
    }

    @Test
    void saysOnceThatAProviderWhichIsAddedHasNoAccount() throws Exception {
        var acme = Files.createDirectories(folder.resolve("acme"));
        try (var files = Files.list(folder.resolve("bulkgate"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var name = file.getFileName().toString().replace("bulkgate", "acme");
                Files.writeString(acme.resolve(name), Files.readString(file).replace("bulkgate", "acme"));
            }
        }
        assertTrue(gateway.gateway().reload());
        assertTrue(gateway.gateway().reload());
        assertEquals(
                1, TestGateway.logged("No account is configured of acme: every").size());
    }

    /** Every second one is broken, in one of four ways. */
    private void edit(int number, String mapping) throws Exception {
        var broken = folder.resolve("broken.camel.yaml");
        switch (number % 8) {
            case 1 -> Files.writeString(folder.resolve(MAPPING), mapping.substring(0, mapping.length() / 2));
            case 3 -> Files.writeString(broken, "- route:\n    from:\n  uri: direct");
            case 5 -> Files.writeString(broken, """
                        - route:
                            id: broken
                            from:
                              uri: direct:broken
                              steps:
                                - to:
                                    uri: direct:nowhere
                        """);
            case 7 -> Files.delete(folder.resolve("routing/acknowledge.camel.yaml"));
            default -> Files.writeString(folder.resolve(MAPPING), "// edit " + number + "\n" + mapping);
        }
        assertEquals(number % 2 == 0, gateway.gateway().reload(), () -> "edit " + number);
        Files.deleteIfExists(broken);
        Files.writeString(
                folder.resolve("routing/acknowledge.camel.yaml"),
                Files.readString(BundleTest.ROUTES.resolve("routing/acknowledge.camel.yaml")));
    }

    private void call(String id, Set<String> acknowledged, Set<String> otherAnswers) {
        try {
            var answer = gateway.post("webcom-mobi", "[{\"id_sms\":\"" + id + "\",\"state\":\"deliver\"}]");
            if (answer.statusCode() == 200) {
                acknowledged.add(id);
            } else {
                otherAnswers.add(answer.statusCode() + " " + answer.body());
            }
        } catch (Exception e) {
            otherAnswers.add(e.toString());
        }
    }

    /** How many there are of each name, but of the pools that grow with the work. */
    private static Map<String, Long> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName().replaceAll("[0-9]+", "0"))
                .filter(name -> !name.matches("(awaitility|vert.x|Thread-0|HttpClient|ForkJoin|pool-|process ).*"))
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> moreThan(Map<String, Long> before) {
        var more = threads();
        more.entrySet().removeIf(now -> now.getValue() <= before.getOrDefault(now.getKey(), 0L));
        return more;
    }

    private static int camels() throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.apache.camel:type=context,*"), null)
                .size();
    }

    @Test
    void followsWhatIsSaved() throws Exception {
        gateway.gateway().followEdits();
        routes.edit(MAPPING, "{\n  \"type\":", "// saved\n{\n  \"type\":");
        routes.edit("infobip/delivery-report.jslt", "\"bulkId\": text(.bulkId)", "\"bulkId\": \"edited\"");
        var numbers = new AtomicInteger();
        await().atMost(LONG).until(() -> "edited".equals(bulkIdOf("saved-" + numbers.incrementAndGet())));

        routes.edit("infobip/delivery-report.jslt", "\"bulkId\": \"edited\"", "\"bulkId\": (\"broken\"");
        var fresh = URI.create(gateway.uri("/callbacks/infobip/fresh") + "?token=" + TestGateway.TOKEN);
        configure("sms.account.infobip.fresh.token=" + TestGateway.TOKEN);
        for (int call = 0; call < 20; call++) {
            assertEquals("edited", bulkIdOf("unbroken-" + call), "the broken one is not used");
            assertEquals(401, gateway.post(fresh, "{\"results\":[]}".getBytes()).statusCode(), "nor what came with it");
        }
        routes.edit("infobip/delivery-report.jslt", "\"bulkId\": (\"broken\"", "\"bulkId\": \"mended\"");
        await().atMost(LONG).until(() -> "mended".equals(bulkIdOf("mended-" + numbers.incrementAndGet())));
        await().atMost(LONG)
                .until(() -> gateway.post(fresh, "{\"results\":[]}".getBytes()).statusCode() == 200);
    }

    @Test
    void takesAProviderThatIsAdded() throws Exception {
        gateway.gateway().followEdits();
        configure("sms.account.newcomer.main.token=" + TestGateway.TOKEN);
        try (var files = Files.list(folder.resolve("webcom-mobi"))) {
            var copy = Files.createDirectory(folder.resolve("newcomer"));
            for (var file : files.toList()) {
                var name = file.getFileName().toString().replace("webcom-mobi", "newcomer");
                Files.writeString(copy.resolve(name), Files.readString(file).replace("webcom-mobi", "newcomer"));
            }
        }
        await().atMost(LONG)
                .until(() -> gateway.post("newcomer", "[{\"id_sms\":\"newcomer-1\",\"state\":\"deliver\"}]")
                                .statusCode()
                        == 200);
        assertEquals(List.of("newcomer-1"), storedIds());
    }

    @Test
    void measuresTheTargetsInUse() throws Exception {
        assertFalse(metrics().contains("sms_target_paused{"));
        gateway.set("sms.target.webhook.url", "http://127.0.0.1:1/")
                .set("sms.target.webhook.secret", TargetGateway.SECRET);
        assertTrue(gateway.gateway().reload());
        assertTrue(metrics().contains("sms_target_paused{target=\"webhook\"} 0"), this::metrics);
        gateway.set("sms.target.webhook.url", "");
        assertTrue(gateway.gateway().reload());
        assertFalse(metrics().contains("sms_target_paused{"), this::metrics);
        assertTrue(metrics().contains("jvm_memory_used_bytes"), this::metrics);
        assertTrue(metrics().matches("(?s).*camel_routes_running [1-9].*"), this::metrics);
    }

    @Test
    void saysThatAnEditIsRefusedUntilItIsMended() throws Exception {
        assertTrue(metrics().contains("sms_edit_refused 0"), this::metrics);
        assertTrue(edits().contains("what is in the files is in use"), this::edits);
        routes.edit(MAPPING, "{\n  \"type\":", "{\n  \"type\" \"of nothing\":");
        assertFalse(gateway.gateway().reload());
        assertTrue(metrics().contains("sms_edit_refused 1"), this::metrics);
        assertTrue(edits().contains("the next start would fail: mapping " + folder.resolve(MAPPING)), this::edits);
        assertTrue(edits().length() < 500, this::edits);
        replaceInConfiguration("sms.http.max-body=8MiB", "sms.http.max-body=large");
        routes.edit(MAPPING, "\"type\" \"of nothing\"", "\"type\"");
        assertFalse(gateway.gateway().reload());
        assertTrue(edits().contains("sms.http.max-body is not a size"), this::edits);
        replaceInConfiguration("sms.http.max-body=large", "sms.http.max-body=8MiB");
        assertTrue(gateway.gateway().reload());
        assertTrue(metrics().contains("sms_edit_refused 0"), this::metrics);
        assertTrue(edits().contains("what is in the files is in use"), this::edits);
    }

    private void replaceInConfiguration(String old, String now) throws Exception {
        var file = gateway.folder().resolve("application.properties");
        var text = Files.readString(file);
        assertTrue(text.contains(old), text);
        Files.writeString(file, text.replace(old, now));
    }

    /** What the check of readiness says of the last edit. */
    private String edits() {
        try {
            var ready = gateway.get(gateway.managementUri("/observe/health/ready"));
            assertEquals(200, ready.statusCode(), ready::body);
            for (var check : EventAssert.JSON.readTree(ready.body()).get("checks")) {
                if (check.get("name").asText().equals("edits")) {
                    assertEquals("UP", check.get("status").asText());
                    // Camel escapes it twice
                    return check.path("message").asText().replace("\\/", "/");
                }
            }
            throw new AssertionError(ready.body());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The broker was told at the start who may read which queue, and where what is rejected goes. */
    @Test
    void usesOtherQueuesAfterARestartOnly() throws Exception {
        replaceInConfiguration("sms.queue.delivery.final=sms.delivery.final", "sms.queue.delivery.final=my.final");
        replaceInConfiguration("sms.queue.refused=sms.refused", "sms.queue.refused=my.refused");
        assertTrue(gateway.gateway().reload());
        assertEquals(
                Set.of("sms.queue.delivery.final", "sms.queue.refused"),
                gateway.gateway().untilRestart());
        var queues = gateway.gateway().settings().queues();
        assertEquals("sms.refused", queues.refused());
        assertEquals(
                200,
                gateway.post("webcom-mobi", "[{\"id_sms\":\"queue-1\",\"state\":\"deliver\"}]")
                        .statusCode());
        assertEquals(List.of("queue-1"), storedIds());

        replaceInConfiguration("sms.queue.delivery.final=my.final", "sms.queue.delivery.final=sms.delivery.final");
        replaceInConfiguration("sms.queue.refused=my.refused", "sms.queue.refused=sms.refused");
        assertTrue(gateway.gateway().reload());
        assertEquals(Set.of(), gateway.gateway().untilRestart());
    }

    private String metrics() {
        try {
            return gateway.get(gateway.managementUri("/observe/metrics")).body();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void configure(String line) throws Exception {
        Files.writeString(
                gateway.folder().resolve("application.properties"), "\n" + line + "\n", StandardOpenOption.APPEND);
    }

    /** Of a report that was sent with none. */
    private String bulkIdOf(String messageId) throws Exception {
        var report = "{\"results\":[{\"messageId\":\"" + messageId + "\",\"status\":{\"groupName\":\"DELIVERED\"}}]}";
        assertEquals(200, gateway.post("infobip", report).statusCode());
        for (var received : gateway.queues().drain()) {
            var event = EventAssert.eventIn(received);
            if (event.get("subject").asText().equals(messageId)) {
                return event.get("data").path("bulkId").asText();
            }
        }
        throw new AssertionError(messageId + " is not stored");
    }

    private List<String> storedIds() throws Exception {
        var ids = new ArrayList<String>();
        for (var received : gateway.queues().drain()) {
            ids.add(EventAssert.eventIn(received).get("subject").asText());
        }
        return ids;
    }
}
