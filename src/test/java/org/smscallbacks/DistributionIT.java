package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.config.Settings;

/** The tar.gz, unpacked and started as a user does, killed, stopped and started again. */
class DistributionIT {

    private static final String TOKEN = "token=" + Settings.DEMO_SECRET;
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int CALLERS = 8;
    private static final int MOST_CALLS = 20_000;

    @TempDir
    private Path folder;

    private final int httpPort = TestGateway.freePort();
    private final int managementPort = TestGateway.freePort();
    private final int brokerPort = TestGateway.freePort();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, String> environment = new HashMap<>();
    private Path home;
    private Path log;
    private Process gateway;
    private int callbacks;

    @BeforeEach
    void unpack() throws Exception {
        home = DistributionHome.unpack(folder);
        var broker = home.resolve("config/broker.xml");
        Files.writeString(broker, Files.readString(broker).replace("61616", String.valueOf(brokerPort)));
        log = folder.resolve("gateway.log");
    }

    @AfterEach
    void end() throws Exception {
        if (gateway != null && gateway.isAlive()) {
            gateway.destroyForcibly().waitFor();
        }
    }

    @Test
    void saysInPlainWordsWhatIsOpen() throws Exception {
        start();
        // a line each: the first of them is there before the others
        for (var words : new String[] {
            "is ready after ",
            "http://127.0.0.1:" + httpPort + "/callbacks/infobip/demo",
            "http://127.0.0.1:" + httpPort + "/callbacks/bulkgate/demo",
            "http://127.0.0.1:" + httpPort + "/callbacks/webcom-mobi/demo",
            "http://127.0.0.1:" + managementPort + "/observe/health",
            "data in " + home.toRealPath().resolve("data"),
            "tcp://127.0.0.1:" + brokerPort
        }) {
            await(words).atMost(LONG).until(() -> Files.readString(log).contains(words));
        }
        for (var sample : new String[] {"infobip/sample.json", "bulkgate/sample.json", "webcom-mobi/sample.xml"}) {
            var body = Files.readString(home.resolve("routes").resolve(sample));
            assertEquals(
                    200, post(sample.substring(0, sample.indexOf('/')), body).statusCode());
        }
        var simulated = operate("simulate", "infobip", "--count", "5", "--url", "http://127.0.0.1:" + httpPort);
        assertTrue(simulated.contains("\nanswered 200: 5; repeated 0, given up 0\n"), simulated);
        stop();
        assertFalse(Files.readString(log).matches("(?s).*(385915550|420777000|Přijdu|" + Settings.DEMO_SECRET + ").*"));
        assertTrue(Files.readString(log).contains("Stopped"));
        assertCleanLog();
    }

    @Test
    void runsOnJava25AsWell() throws Exception {
        var java = java25();
        assumeTrue(java.isPresent(), "whether it runs on Java 25 is not tested: there is none beside this Java");
        environment.put("JAVA_HOME", java.get().toString());
        start();
        assertEquals(
                200,
                post("infobip", Files.readString(home.resolve("routes/infobip/sample.json")))
                        .statusCode());
        gateway.destroyForcibly().waitFor();
        start();
        var queues = operate("queues");
        assertTrue(queues.contains("sms.delivery.final"), queues);
        assertFalse(queues.contains("WARNING"), queues);
        stop();
        assertFalse(Files.readString(log).contains("WARNING"), "what only Java says");
        assertCleanLog();
    }

    private static Optional<Path> java25() throws IOException {
        try (var others = Files.list(Path.of(System.getProperty("java.home")).resolveSibling("."))) {
            return others.filter(java -> isJava25(java.resolve("release"))).findFirst();
        }
    }

    private static boolean isJava25(Path release) {
        try {
            return Files.readString(release).contains("JAVA_VERSION=\"25");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void usesTheFasterJournalWhereItCan() throws Exception {
        start();
        assertEquals(canUseTheFasterJournal(), !Files.readString(log).contains("The journal uses NIO"));
    }

    static boolean canUseTheFasterJournal() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64")
                && Stream.of("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64")
                        .anyMatch(libraries -> Files.exists(Path.of(libraries, "libaio.so.1")));
    }

    @Test
    void hasEveryAcknowledgedEventAfterBeingKilled() throws Exception {
        start();
        var body = "[{\"id_sms\":\"kill-1\",\"state\":\"deliver\"},{\"id_sms\":\"kill-2\",\"state\":\"expired\"}]";
        assertEquals(200, post("webcom-mobi", body).statusCode());
        var acknowledged = callUntil(() -> gateway.destroyForcibly());
        acknowledged.add("kill-1");
        acknowledged.add("kill-2");

        start();
        assertEquals(200, post("webcom-mobi", body).statusCode(), "known before the restart");
        var stored = storedIds();
        assertTrue(stored.containsAll(acknowledged), () -> "lost: " + missing(acknowledged, stored));
        assertEquals(new HashSet<>(stored).size(), stored.size(), "each once");
        stop();
    }

    @Test
    void answersWhatIsUnderWayWhenItIsStopped() throws Exception {
        start();
        var acknowledged = callUntil(() -> gateway.destroy());
        assertTrue(gateway.waitFor(LONG.toSeconds(), TimeUnit.SECONDS), "stops");

        start();
        var stored = storedIds();
        assertTrue(stored.containsAll(acknowledged), () -> "lost: " + missing(acknowledged, stored));
        assertEquals(acknowledged, new HashSet<>(stored), "nothing stored went unanswered");
        stop();
    }

    @Test
    void losesNothingWhenTheDiskIsFullAndEndsWhenItFails() throws Exception {
        var broker = home.resolve("config/broker.xml");
        Files.writeString(
                broker,
                Files.readString(broker)
                        .replace("<max-size-bytes>10M</", "<max-size-bytes>200K</")
                        .replace("<page-size-bytes>2M</", "<page-size-bytes>100K</")
                        .replace("<max-disk-usage>95</", "<max-disk-usage>100</"));
        try (var disk = FullDisk.mount(folder.resolve("disk"), "300m");
                var full = FullDisk.mount(folder.resolve("full"), "64k")) {
            var environment = Map.of(
                    "SMS_BROKER_DATA", disk.folder().resolve("data").toString(), "SMS_BROKER_DISK_RESERVE", "64MiB");
            launch(environment);
            await().atMost(LONG).until(() -> Files.readString(log).contains("is ready after "));
            var acknowledged = new HashSet<String>();
            assertEquals(200, postSome(acknowledged));

            disk.fill(32L << 20);
            await().atMost(LONG).until(() -> postSome(acknowledged) == 503);
            assertTrue(readiness().body().contains("less room than sms.broker.disk-reserve keeps free"));
            disk.makeRoom();
            await().atMost(LONG).until(() -> postSome(acknowledged) == 200);

            full.fill(0);
            full.takeNextPageOf(disk.folder());
            await().atMost(LONG).until(() -> postSome(acknowledged) == 503 || !gateway.isAlive());
            assertTrue(gateway.waitFor(LONG.toSeconds(), TimeUnit.SECONDS), "ends");
            assertEquals(74, gateway.exitValue());
            assertTrue(Files.readString(log).contains("The embedded broker's disk has failed"));

            full.makeRoom();
            launch(environment);
            await().atMost(LONG).until(() -> Files.readString(log).contains("is ready after "));
            var stored = storedIds();
            assertTrue(stored.containsAll(acknowledged), () -> "lost: " + missing(acknowledged, stored));
            stop();
        }
    }

    /** A callback of many items; their ids are added when it is acknowledged. */
    private int postSome(Set<String> acknowledged) throws InterruptedException {
        var ids = IntStream.range(0, 50)
                .mapToObj(i -> "full-" + callbacks + "-" + i)
                .toList();
        callbacks++;
        var body = ids.stream()
                .map(id -> "{\"id_sms\":\"%s\",\"state\":\"deliver\"}".formatted(id))
                .collect(Collectors.joining(",", "[", "]"));
        try {
            int status = post("webcom-mobi", body).statusCode();
            if (status == 200) {
                acknowledged.addAll(ids);
            }
            return status;
        } catch (IOException e) {
            return -1;
        }
    }

    private HttpResponse<String> readiness() throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/observe/health/ready"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void takesTheLargestBatchesInARowAndSeveralAtOnceWithALittleMemory() throws Exception {
        launch(Map.of("JAVA_OPTS", ChildProcess.JAVA_OPTS + " -Xmx256m"));
        await().atMost(LONG).until(() -> Files.readString(log).contains("is ready after "));
        for (int i = 0; i < 3; i++) {
            var batch = largest("row-" + i);
            await().atMost(LONG).until(() -> post("webcom-mobi", batch).statusCode() == 200);
        }
        var callers = Executors.newFixedThreadPool(4);
        var answers = IntStream.range(0, 4)
                .mapToObj(i -> callers.submit(() -> {
                    var batch = largest("at-once-" + i);
                    await().atMost(LONG)
                            .ignoreExceptions()
                            .until(() -> post("webcom-mobi", batch).statusCode() == 200);
                    return batch;
                }))
                .toList();
        for (var answer : answers) {
            answer.get();
        }
        callers.shutdown();
        assertFalse(Files.readString(log).contains("OutOfMemory"));
        var queues = EventAssert.JSON.readTree(operate("queues", "--json"));
        assertEquals(
                7 * 9_900,
                StreamSupport.stream(queues.spliterator(), false)
                        .filter(queue -> queue.path("queue").asText().equals("sms.delivery.final"))
                        .mapToInt(queue -> queue.path("messages").asInt())
                        .sum());
        stop();
    }

    /** Close to 8 MiB, with close to as many items and values as a body may have. */
    private static String largest(String name) {
        var item = new StringBuilder();
        for (int i = 0; i < 45; i++) {
            item.append(",\"field%02d\":\"%03d\"".formatted(i, i));
        }
        return IntStream.range(0, 9_900)
                .mapToObj(i -> "{\"id_sms\":\"" + name + "-" + i + "\",\"state\":\"deliver\"" + item + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void refusesToStartAndSaysWhy() throws Exception {
        assertEquals(1, startRefused(Map.of("SMS_ACCOUNT_INFOBIP_MAIN_TOKEN", "short")));
        assertTrue(
                lastLine()
                        .contains("Not started: environment variable SMS_ACCOUNT_INFOBIP_MAIN_TOKEN:"
                                + " sms.account.infobip.main.token is shorter than 16 bytes"),
                this::lastLine);
        assertEquals(1, startRefused(Map.of("SMS_HTTP_HOST", "0.0.0.0")));
        assertTrue(lastLine().contains("is the demo secret"), this::lastLine);

        var broker = home.resolve("config/broker.xml");
        var shipped = Files.readString(broker);
        Files.writeString(broker, shipped.replace("tcp://127.0.0.1:", "tcp://0.0.0.0:"));
        assertEquals(1, startRefused(Map.of()));
        assertTrue(lastLine().contains("broker-users.properties still has the demo password"), this::lastLine);
        Files.writeString(broker, shipped);

        try (var taken = new java.net.ServerSocket(httpPort, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertEquals(1, startRefused(Map.of()));
            assertTrue(Files.readString(log).contains("cannot listen on 127.0.0.1:" + taken.getLocalPort()));
        }
        try (var taken = new java.net.ServerSocket(managementPort, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertEquals(1, startRefused(Map.of()));
            assertTrue(lastLine().contains("camel.management.port cannot be used"), this::lastLine);
        }
        assertFalse(Files.readString(log).contains("\tat "), "no stack traces");
    }

    @Test
    void refusesASecondGatewayOnTheSameData() throws Exception {
        start();
        var second = new ProcessBuilder(home.resolve("bin/sms-callback-routes").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("second.log").toFile());
        second.environment().putAll(ports());
        second.environment().put("SMS_HTTP_PORT", String.valueOf(TestGateway.freePort()));
        second.environment().put("CAMEL_MANAGEMENT_PORT", String.valueOf(TestGateway.freePort()));
        var process = ChildProcess.start(second);
        try {
            assertTrue(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS));
            assertEquals(1, process.exitValue());
            var said = Files.readString(folder.resolve("second.log"));
            assertTrue(said.contains("in use by another") || said.contains("acceptor consumers cannot listen"), said);
        } finally {
            process.destroyForcibly();
        }
        assertEquals(200, post("webcom-mobi", "[]").statusCode(), "the first goes on");
        stop();
    }

    @Test
    void showsAnOperatorItsQueues() throws Exception {
        start();
        assertEquals(
                200,
                post("webcom-mobi", "[{\"id_sms\":\"seen-1\",\"state\":\"deliver\"}]")
                        .statusCode());
        var table = operate("queues");
        assertEquals(
                "sms.delivery.final",
                table.lines()
                        .filter(line -> line.matches("\\S+ +1 +0 .*"))
                        .findFirst()
                        .orElse(table)
                        .split(" ")[0]);
        var queues = EventAssert.JSON.readTree(operate("queues", "--json"));
        assertTrue(queues.findValuesAsText("queue").containsAll(Queues.ALL), queues::toString);
        assertTrue(operate("--version").startsWith("sms 1."), "knows its version");
        stop();
    }

    @Test
    void followsEditsWhileItRuns() throws Exception {
        start();
        var mapping = home.resolve("routes/webcom-mobi/delivery-report.jslt");
        var shipped = Files.readString(mapping);
        Files.writeString(
                mapping, shipped.replace("\"type\": \"sms.delivery-report\",", "\"type\": \"sms.delivery-report\""));
        await().atMost(LONG).until(() -> Files.readString(log).contains("The edit is not used"));
        assertTrue(
                Files.readString(log).contains("webcom-mobi/delivery-report.jslt:"),
                () -> "names the file and the line");
        assertEquals(
                200,
                post("webcom-mobi", "[{\"id_sms\":\"edited-1\",\"state\":\"deliver\"}]")
                        .statusCode());

        Files.writeString(mapping, "// mended\n" + shipped);
        await().atMost(LONG).until(() -> Files.readString(log).contains("What was edited is in use"));
        assertEquals(
                200,
                post("webcom-mobi", "[{\"id_sms\":\"edited-2\",\"state\":\"deliver\"}]")
                        .statusCode());
        var all = operate("try", "--all", home.resolve("examples").toString());
        assertTrue(all.endsWith(" cases, all as their twins say\n"), all);
        assertTrue(Files.exists(home.resolve("monitoring/alerts.yml")));
        assertTrue(Files.exists(home.resolve("monitoring/dashboard.json")));
        assertTrue(Files.exists(
                home.resolve("examples/" + BundleTest.providers().iterator().next())));
        var found = operate("find", "edited-2");
        assertTrue(found.contains("received, answered 200, stored in sms.delivery.final"), "by the trail: " + found);
        assertTrue(found.contains("is still in sms.delivery.final, nobody has taken it"), found);
        assertEquals(Set.of("edited-1", "edited-2"), Set.copyOf(storedIds()));
        stop();
        assertCleanLog();
    }

    /** Runs <code>bin/sms</code> from a folder of its own and gives what it printed, on either stream. */
    private String operate(String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(home.resolve("bin/sms").toString());
        command.addAll(List.of(arguments));
        var printed = folder.resolve("printed");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        builder.environment().putAll(environment);
        var sms = builder.start();
        assertTrue(sms.waitFor(LONG.toSeconds(), TimeUnit.SECONDS), "ends");
        assertEquals(0, sms.exitValue(), () -> String.join(" ", arguments));
        return Files.readString(printed);
    }

    /** Posts from several threads, does what ends the gateway in the midst of it, and gives the ids it acknowledged. */
    private Set<String> callUntil(Runnable end) throws Exception {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        var numbers = new AtomicInteger();
        var pool = Executors.newFixedThreadPool(CALLERS);
        try {
            for (int caller = 0; caller < CALLERS; caller++) {
                pool.submit(() -> {
                    for (int i = numbers.incrementAndGet(); i < MOST_CALLS; i = numbers.incrementAndGet()) {
                        var ids = List.of("call-" + i + "-a", "call-" + i + "-b", "call-" + i + "-c");
                        var body = "[{\"id_sms\":\"%s\",\"state\":\"deliver\"},{\"id_sms\":\"%s\",\"state\":\"send\"},"
                                + "{\"id_sms\":\"%s\",\"state\":\"read\"}]";
                        if (post("webcom-mobi", body.formatted(ids.toArray())).statusCode() == 200) {
                            acknowledged.addAll(ids);
                        } else {
                            return null;
                        }
                    }
                    return null;
                });
            }
            await().atMost(LONG).until(() -> acknowledged.size() > 600);
            end.run();
            pool.shutdown();
            assertTrue(pool.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS));
        } finally {
            pool.shutdownNow();
        }
        gateway.waitFor();
        assertTrue(numbers.get() < MOST_CALLS, "it was ended while it worked");
        return acknowledged;
    }

    private HttpResponse<String> post(String provider, String body) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + httpPort + "/callbacks/" + provider + "/demo?" + TOKEN);
        return http.send(
                HttpRequest.newBuilder(uri)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private List<String> storedIds() throws Exception {
        var ids = new ArrayList<String>();
        for (var received : new Queues("tcp://127.0.0.1:" + brokerPort, "esb", Settings.DEMO_SECRET).drain()) {
            ids.add(EventAssert.JSON
                    .readTree(received.text())
                    .get("data")
                    .get("messageId")
                    .asText());
        }
        return ids;
    }

    private static Set<String> missing(Set<String> acknowledged, List<String> stored) {
        var missing = new HashSet<>(acknowledged);
        missing.removeAll(Set.copyOf(stored));
        return missing;
    }

    private void start() throws Exception {
        launch(Map.of());
        await().atMost(LONG).until(() -> Files.readString(log).contains("is ready after ") || !gateway.isAlive());
        assertTrue(gateway.isAlive(), () -> "started: " + lastLine());
    }

    private int startRefused(Map<String, String> environment) throws Exception {
        launch(environment);
        assertTrue(gateway.waitFor(LONG.toSeconds(), TimeUnit.SECONDS), "ends");
        return gateway.exitValue();
    }

    private void launch(Map<String, String> more) throws Exception {
        var builder = new ProcessBuilder(home.resolve("bin/sms-callback-routes").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_OPTS", ChildProcess.JAVA_OPTS);
        builder.environment().putAll(ports());
        builder.environment().putAll(environment);
        builder.environment().putAll(more);
        gateway = ChildProcess.start(builder);
    }

    private Map<String, String> ports() {
        return Map.of(
                "SMS_HTTP_PORT", String.valueOf(httpPort), "CAMEL_MANAGEMENT_PORT", String.valueOf(managementPort));
    }

    private void stop() throws Exception {
        gateway.destroy();
        assertTrue(gateway.waitFor(LONG.toSeconds(), TimeUnit.SECONDS), "stops");
    }

    private void assertCleanLog() throws Exception {
        // Vert.x notices when the machine stands still
        assertFalse(Files.readString(log)
                .replace("VertxException: Thread blocked", "")
                .contains("Exception"));
    }

    private String lastLine() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("Not started"))
                    .reduce((first, last) -> last)
                    .orElse(Files.readString(log));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
