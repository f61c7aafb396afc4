package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.config.Settings;

/** The KAR in a Karaf of its own: dropped in, configured, edited, operated, taken out and put in again. */
@Tag("karaf")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KarafIT {

    private static final int ROUNDS = Integer.getInteger("rounds");
    private static final String DEMO = Settings.DEMO_SECRET;
    private static final String CFG = "etc/org.smscallbacks.cfg";
    private static final String LOGGING = "etc/org.ops4j.pax.logging.cfg";
    private static final String MAPPING = "etc/sms-callback-routes/webcom-mobi/delivery-report.jslt";
    private static final String IN_USE = "What was edited is in use";
    private static final String READY = "SMS Callback Routes is ready after";
    private static final String NOT_STARTED = "Not started";
    private static final String REFUSED = "The edit is not used";
    private static final String NIO = "The journal uses NIO";
    private static final String STOPPED = "| Stopped";

    private static final String NEIGHBOURS_CAMEL = System.getProperty("neighbour.camel");

    @TempDir
    private static Path folder;

    private static final int HTTP_PORT = TestGateway.freePort();
    private static final int MANAGEMENT_PORT = TestGateway.freePort();
    private static final int BROKER_PORT = TestGateway.freePort();

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Karaf karaf;
    private static String logging;
    private static Path nextKar;
    private static int calls;

    @BeforeAll
    static void install() throws Exception {
        karaf = Karaf.start(
                folder,
                Map.of(
                        "SMS_HTTP_PORT",
                        String.valueOf(HTTP_PORT),
                        "CAMEL_MANAGEMENT_PORT",
                        String.valueOf(MANAGEMENT_PORT)));
        logging = Files.readString(karaf.resolve(LOGGING));
        nextKar = NextKar.of(Path.of(System.getProperty("kar")), folder);
        long started = System.nanoTime();
        karaf.deploy(Path.of(System.getProperty("kar")));
        // port 61616 may be in use here
        await().atMost(Karaf.LONG).until(() -> karaf.logged(READY) + karaf.logged(NOT_STARTED) > 0);
        System.out.printf(
                "Karaf: a KAR of %d MB, ready %d s after it was dropped in, %s%n",
                Files.size(Path.of(System.getProperty("kar"))) >> 20,
                (System.nanoTime() - started) / 1_000_000_000,
                Files.readString(Path.of("/proc/" + karaf.pid() + "/status"))
                        .lines()
                        .filter(line -> line.startsWith("VmRSS"))
                        .findFirst()
                        .orElse(""));
    }

    @AfterAll
    static void end() throws Exception {
        if (karaf != null) {
            karaf.close();
            Files.copy(
                    karaf.resolve("data/log/karaf.log"),
                    Path.of("target/karaf.log"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    @Order(1)
    void laysDownWhatAnOperatorEdits() throws Exception {
        try (var shipped = Files.walk(BundleTest.ROUTES)) {
            for (var file : shipped.filter(Files::isRegularFile).toList()) {
                var laidDown = karaf.resolve("etc/sms-callback-routes").resolve(BundleTest.ROUTES.relativize(file));
                assertEquals(Files.readString(file), Files.readString(laidDown));
            }
        }
        var cfg = Files.readString(karaf.resolve(CFG));
        assertTrue(cfg.contains("# --- Who may call ---"), "with its comments");
        assertTrue(cfg.contains("sms.routes=file:${karaf.etc}/sms-callback-routes"), cfg);
    }

    @Test
    @Order(2)
    @Tag("short")
    void startsAnewWhenWhatIsReadOnceIsEdited() throws Exception {
        int ready = karaf.logged(READY);
        karaf.edit("etc/sms-callback-routes/broker.xml", text -> text.replace("61616", String.valueOf(BROKER_PORT)));
        configured("sms.broker.commit-timeout=9s");
        await().atMost(Karaf.LONG).until(() -> karaf.logged(READY) > ready);
        awaitAnswers();
        assertTrue(Files.isDirectory(karaf.resolve("data/sms-callback-routes/journal")));
        try (var consumer = new Socket(InetAddress.getLoopbackAddress(), BROKER_PORT)) {
            assertTrue(consumer.isConnected());
        }
    }

    @Test
    @Order(3)
    void followsTheConfiguration() throws Exception {
        var token = "fresh-token-0123456789";
        assertEquals(401, call("webcom-mobi/fresh", token));
        configured("sms.account.webcom-mobi.fresh.token=" + token);
        await().atMost(Karaf.LONG).until(() -> call("webcom-mobi/fresh", token) == 200);

        configured("sms.htp.port=1");
        try {
            await().atMost(Karaf.LONG).until(() -> karaf.logged(REFUSED) > 0);
            assertTrue(
                    karaf.log()
                            .matches("(?s).*" + REFUSED + "[^|]*" + CFG
                                    + " line \\d+: sms.htp.port is not a known key.*"),
                    "names the file and the line");
            assertEquals(200, call("webcom-mobi/fresh", token), "everything goes on");
        } finally {
            int used = karaf.logged(IN_USE);
            karaf.configure(text -> text.replace("sms.htp.port=1", ""));
            await().atMost(Karaf.LONG).until(() -> karaf.logged(IN_USE) > used);
        }
    }

    @Test
    @Order(4)
    void goesOnAsBeforeWhenItCannotStartAnew() throws Exception {
        int ready = karaf.logged(READY);
        // an address no machine has
        configured("camel.management.host=192.0.2.1");
        await().atMost(Karaf.LONG).until(() -> karaf.logged("It runs as it did before that edit") > 0);
        assertEquals(ready + 1, karaf.logged(READY));
        assertEquals(200, call("webcom-mobi/demo", DEMO));
        assertTrue(karaf.shell("sms:queues").contains("sms.delivery.final"));
        assertTrue(metrics().contains("\nsms_edit_refused 1"), "the operator is told that it is not in use");
        int used = karaf.logged(IN_USE);
        karaf.configure(text -> text.replace("192.0.2.1", "127.0.0.1"));
        await().atMost(Karaf.LONG).until(() -> karaf.logged(IN_USE) > used);
        assertTrue(metrics().contains("\nsms_edit_refused 0"));
    }

    @Test
    @Order(5)
    void keepsItsDataWhenTheConfigurationDoesNotSayWhere() throws Exception {
        var callback = "[{\"id_sms\":\"kept-data\",\"state\":\"deliver\"}]";
        assertEquals(200, post("webcom-mobi/demo", DEMO, callback));
        int ready = karaf.logged(READY);
        int used = karaf.logged(IN_USE);
        karaf.configure(text -> text.replaceAll("(?m)^sms.(broker.data|trail.folder|routes) *=.*$", ""));
        await().atMost(Karaf.LONG).until(() -> karaf.logged(IN_USE) > used);
        assertEquals(200, post("webcom-mobi/demo", DEMO, callback));
        assertEquals(ready, karaf.logged(READY), "nothing to start anew for");
        // written when the answer is already out
        await().atMost(Karaf.LONG).until(() -> karaf.log().contains("items 1, stored 0, unrecognised 0, duplicates 1"));
    }

    @Test
    @Order(6)
    @Tag("short")
    void followsTheRoutes() throws Exception {
        var shipped = Files.readString(karaf.resolve(MAPPING));
        karaf.edit(MAPPING, text -> text.substring(0, text.length() / 2));
        await().atMost(Karaf.LONG).until(() -> karaf.log().contains("delivery-report.jslt: Parse error"));
        assertEquals(200, call("webcom-mobi/demo", DEMO));
        int refused = karaf.logged(REFUSED);
        karaf.configure(text -> text.replace("9s", "8s"));
        await().atMost(Karaf.LONG).until(() -> karaf.logged(REFUSED) > refused);
        int ready = karaf.logged(READY);
        karaf.edit(MAPPING, text -> shipped + "// mended");
        await().atMost(Karaf.LONG).until(() -> karaf.logged(READY) > ready);
        assertEquals(200, call("webcom-mobi/demo", DEMO));
    }

    @Test
    @Order(7)
    void startsOnceIsMendedWhatKeptItFromStarting() throws Exception {
        var shipped = Files.readString(karaf.resolve(MAPPING));
        karaf.bundle("stop");
        karaf.edit(MAPPING, text -> text.substring(0, text.length() / 2));
        int failed = karaf.logged(NOT_STARTED);
        karaf.bundle("start");
        await().atMost(Karaf.LONG).until(() -> karaf.logged(NOT_STARTED) > failed);
        karaf.edit(MAPPING, text -> shipped);
        awaitAnswers();
    }

    @Test
    @Order(8)
    void offersTheOperatorsCommands() throws Exception {
        var queues = karaf.shell("sms:queues");
        assertTrue(queues.contains("sms.delivery.final"), queues);
        var never = karaf.shell("sms:find never-called");
        assertTrue(never.contains("No provider has called with never-called since 20"), never);
        var kept = karaf.shell("sms:find kept-data");
        assertTrue(kept.contains("received, answered 200, stored in sms.delivery.final"), kept);
        assertTrue(Files.exists(karaf.resolve("data/sms-callback-routes/trail/key")));
        var refused = karaf.shell("sms:target-pause crm");
        assertTrue(refused.contains("no queue belongs to a target crm"), refused);
        var check = karaf.shell("sms:check");
        assertTrue(check.contains("The gateway would start with this configuration."), check);
        var tried =
                karaf.shell("sms:try webcom-mobi " + karaf.resolve("etc/sms-callback-routes/webcom-mobi/sample.xml"));
        assertTrue(tried.contains("queue: sms.delivery.") && tried.contains("answer: 200 text/xml"), tried);
        var all =
                karaf.shell("sms:try --all " + karaf.resolve("data/sms-callback-routes-shipped/examples/webcom-mobi"));
        assertTrue(all.contains(" cases, all as their twins say"), all);
        var simulated = karaf.shell("sms:simulate infobip --count 3 --examples "
                + karaf.resolve("data/sms-callback-routes-shipped/examples"));
        assertTrue(simulated.contains("answered 200: 3; repeated 0, given up 0"), simulated);
        var help = karaf.shell("sms:dead-list --help");
        assertTrue(help.contains("Usage: sms dead list"), help);
    }

    @Test
    @Order(9)
    void showsItsRoutesOverJmx() throws Exception {
        try (var jmx = karaf.jmx()) {
            var routes =
                    jmx.getMBeanServerConnection().queryNames(new ObjectName("org.apache.camel:type=routes,*"), null);
            assertTrue(
                    routes.stream().anyMatch(route -> route.toString().contains("infobip-callback")), routes::toString);
        }
    }

    @Test
    @Order(10)
    void leavesTheContainersLoggingAloneAndKeepsRoutineAndSecretsOutOfIt() throws Exception {
        var sample = Files.readString(karaf.resolve("etc/sms-callback-routes/infobip/sample.json"));
        assertTrue(sample.contains("385915550"), "a number to look for");
        assertEquals(200, post("infobip/demo", DEMO, sample));
        assertEquals(logging, Files.readString(karaf.resolve(LOGGING)));
        var ours = karaf.log()
                .lines()
                .filter(line -> line.contains("org.smscallbacks - "))
                .toList();
        assertTrue(ours.stream().anyMatch(line -> line.contains("| INFO  |") && line.contains("| Gateway ")));
        assertEquals(
                List.of(),
                ours.stream()
                        .filter(line -> line.contains(DEMO) || line.contains("385915550") || line.contains("AMQ601"))
                        .toList());
        var names = ours.stream()
                .filter(line -> line.contains("| INFO  |") || line.contains("| DEBUG |"))
                .map(line -> line.split("\\|")[3].strip())
                .collect(Collectors.toCollection(TreeSet::new));
        try (var classes = Files.walk(Path.of("target/classes/org/smscallbacks"))) {
            classes.forEach(file -> names.remove(file.getFileName().toString().replace(".class", "")));
        }
        assertEquals(Set.of("callbacks"), names, "who says what is routine, beside our own classes");
    }

    @Test
    @Order(11)
    @Tag("short")
    void freesItsPortsWhenItIsTakenOutAndAnswersWhenItIsPutInAgain() throws Exception {
        takeOut();
        assertPortsAreFree();
        putIn();
    }

    @Test
    @Order(12)
    void startsAnewByItselfWhenTheDiskHasFailed() throws Exception {
        var broker = karaf.resolve("etc/sms-callback-routes/broker.xml");
        var before = Files.readString(broker);
        Files.writeString(
                broker,
                before.replace("<max-size-bytes>10M</", "<max-size-bytes>200K</")
                        .replace("<page-size-bytes>2M</", "<page-size-bytes>100K</"));
        startsAnewAfter("restart");
        var data = karaf.resolve("data/sms-callback-routes");
        try (var full = FullDisk.mount(folder.resolve("full"), "1m")) {
            var acknowledged = new HashSet<String>();
            await().atMost(Karaf.LONG).until(() -> postSome(acknowledged) == 200 && pages(data) > 1);
            full.fill(0);
            full.takeNextPageOf(data);
            await().atMost(Karaf.LONG).until(() -> postSome(acknowledged) != 200);
            full.makeRoom();
            await().atMost(Karaf.LONG).until(() -> karaf.logged("the gateway starts anew") > 0);
            await().atMost(Karaf.LONG).ignoreExceptions().until(() -> postSome(acknowledged) == 200);
            var stored = new HashSet<String>();
            for (var received : new Queues("tcp://127.0.0.1:" + BROKER_PORT, "esb", DEMO).drain()) {
                stored.add(EventAssert.JSON
                        .readTree(received.text())
                        .at("/data/messageId")
                        .asText());
            }
            acknowledged.removeAll(stored);
            assertEquals(Set.of(), acknowledged, "lost");
        } finally {
            Files.writeString(broker, before);
            startsAnewAfter("restart");
        }
    }

    private static long pages(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            return files.filter(file -> file.toString().endsWith(".page")).count();
        }
    }

    /** A callback of many items; their ids are added when it is acknowledged. */
    private static int postSome(Set<String> acknowledged) throws Exception {
        calls++;
        var ids =
                IntStream.range(0, 50).mapToObj(i -> "some-" + calls + "-" + i).toList();
        int status = post(
                "webcom-mobi/demo",
                DEMO,
                ids.stream()
                        .map("{\"id_sms\":\"%s\",\"state\":\"deliver\"}"::formatted)
                        .collect(Collectors.joining(",", "[", "]")));
        if (status == 200) {
            acknowledged.addAll(ids);
        }
        return status;
    }

    @Test
    @Order(13)
    void comesAndGoesWithoutATraceBesideAnotherCamel() throws Exception {
        var bundle = folder.resolve("neighbour.jar");
        Neighbour.bundle(Path.of(System.getProperty("neighbour")), bundle);
        karaf.shell("bundle:install -s " + bundle.toUri());
        assertGreets();

        var nextBundle = "jar:" + nextKar.toUri() + "!/" + NextKar.BUNDLE;

        startsAnewAfter("update", nextBundle);
        takeOut();
        var threads = threads();
        long loaders = classLoaders();
        long files = karaf.openFiles();
        for (int i = 0; i < ROUNDS; i++) {
            putIn();
            startsAnewAfter("restart");
            startsAnewAfter("update", nextBundle);
            startsAnewAfter("refresh");
            assertGreets();
            takeOut();
        }
        await().atMost(Karaf.LONG).untilAsserted(() -> assertEquals(Map.of(), moreThan(threads)));
        await().atMost(Karaf.LONG).untilAsserted(() -> assertTrue(classLoaders() <= loaders, "class loaders"));
        await("files and sockets").atMost(Karaf.LONG).until(() -> karaf.openFiles() < files + ROUNDS);
        assertPortsAreFree();
        assertGreets();
        assertTrue(karaf.log().matches("(?s).*INFO [^\n]*Apache Camel " + NEIGHBOURS_CAMEL + "[^\n]*started.*"));
    }

    private static void assertPortsAreFree() throws Exception {
        for (int port : new int[] {HTTP_PORT, MANAGEMENT_PORT, BROKER_PORT}) {
            try (var free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertTrue(free.isBound());
            }
        }
    }

    private static void configured(String lines) throws Exception {
        karaf.configure(text -> text + "\n" + lines + "\n");
    }

    private static void startsAnewAfter(String operation, String... arguments) throws Exception {
        int ready = karaf.logged(READY);
        karaf.bundle(operation, arguments);
        await().atMost(Karaf.LONG).until(() -> karaf.logged(READY) > ready);
        assertEquals(200, call("webcom-mobi/demo", DEMO));
    }

    /** That the other Camel works, and is the one it brought. */
    private static void assertGreets() throws Exception {
        try (var jmx = karaf.jmx()) {
            var server = jmx.getMBeanServerConnection();
            var camel = server.queryNames(
                            new ObjectName("org.apache.camel:type=context,name=\"" + Neighbour.NAME + "\",*"), null)
                    .iterator()
                    .next();
            assertEquals(NEIGHBOURS_CAMEL, server.getAttribute(camel, "CamelVersion"));
            assertEquals(
                    "Good day, neighbour",
                    server.invoke(camel, "requestBody", new Object[] {"direct:greet", "neighbour"}, new String[] {
                        String.class.getName(), Object.class.getName()
                    }));
        }
    }

    @Test
    @Order(14)
    void leavesNoConnectionBehindInABrokerBesideIt() throws Exception {
        var own = Files.readString(karaf.resolve(CFG));
        try (var broker = new OwnBroker(Files.createDirectory(folder.resolve("broker"))).start()) {
            configured("sms.broker.url=" + broker.url() + "\nsms.broker.user=gateway\nsms.broker.password="
                    + TestGateway.BROKER_PASSWORD);
            putIn();
            startsAnewAfter("restart");
            long files = karaf.openFiles();
            long connections = broker.connections();
            assertTrue(connections > 0, "it is this broker that is used");
            for (int i = 0; i < ROUNDS; i++) {
                startsAnewAfter("restart");
            }
            // one left behind with each start would show
            await().atMost(Karaf.LONG).until(() -> broker.connections() < connections + ROUNDS);
            await().atMost(Karaf.LONG).until(() -> karaf.openFiles() < files + ROUNDS);
            takeOut();
            await().atMost(Karaf.LONG).until(() -> broker.connections() == 0);
        }
        karaf.configure(text -> own);
    }

    @Test
    @Order(15)
    void goesOnAsTheNextVersionWithWhatWasEdited() throws Exception {
        putIn();
        var edited = "// edited\n" + Files.readString(karaf.resolve(MAPPING));
        karaf.edit(MAPPING, text -> edited);
        var cfg = Files.readString(karaf.resolve(CFG));
        var kar = Path.of(System.getProperty("kar"));
        int stopped = karaf.logged(STOPPED);
        Files.delete(karaf.resolve("deploy/" + kar.getFileName()));
        await().atMost(Karaf.LONG).until(() -> karaf.logged(STOPPED) > stopped);

        karaf.deploy(nextKar);
        awaitAnswers();
        assertTrue(karaf.shell("bundle:list").contains(NextKar.VERSION));
        assertEquals(edited, Files.readString(karaf.resolve(MAPPING)));
        assertEquals(cfg, Files.readString(karaf.resolve(CFG)));
        assertTrue(
                karaf.log()
                        .matches("(?s).*Not as version " + NextKar.VERSION + " ships it: \\[broker.xml, "
                                + "webcom-mobi/delivery-report.jslt, " + NextKar.MAPPING + "\\];.*"),
                "says what is not as shipped");
        assertTrue(karaf.shell("sms:queues").contains("sms.delivery.final"));
    }

    @Test
    @Order(16)
    void comesFromAMavenRepository() throws Exception {
        var kar = Path.of(System.getProperty("kar"));
        int stopped = karaf.logged(STOPPED);
        try (var kars = Files.list(karaf.resolve("deploy"))) {
            for (var next :
                    kars.filter(file -> file.toString().endsWith(".kar")).toList()) {
                Files.delete(next);
            }
        }
        await().atMost(Karaf.LONG).until(() -> karaf.logged(STOPPED) > stopped);
        await().atMost(Karaf.LONG).until(() -> !karaf.shell("feature:repo-list").contains(NextKar.VERSION));
        // what the build puts into a Maven repository is in the KAR as well
        try (var files = FileSystems.newFileSystem(kar)) {
            var repository = files.getPath("repository");
            try (var all = Files.walk(repository)) {
                for (var file : all.filter(Files::isRegularFile).toList()) {
                    var copy = karaf.mavenRepository()
                            .resolve(repository.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        var version = kar.getFileName().toString().replaceAll("sms-callback-routes-|\\.kar", "");
        karaf.shell("feature:repo-add mvn:org.smscallbacks/sms-callback-routes/" + version + "/xml/features");
        long started = System.nanoTime();
        putIn();
        System.out.printf(
                "Karaf: a bundle of %d MB, the first 200 came %d s after feature:install%n",
                Files.size(kar.resolveSibling(kar.getFileName().toString().replace(".kar", "-karaf.jar"))) >> 20,
                (System.nanoTime() - started) / 1_000_000_000);
    }

    @Test
    @Order(17)
    void usesTheFasterJournalWhereItCan() throws Exception {
        int ready = karaf.logged(READY);
        int withNio = karaf.logged(NIO);
        karaf.shell("feature:install sms-callback-routes-asyncio");
        await().atMost(Karaf.LONG).until(() -> karaf.logged(READY) > ready);
        // the library stays where it is
        startsAnewAfter("update");
        assertEquals(DistributionIT.canUseTheFasterJournal(), karaf.logged(NIO) == withNio);
    }

    private void putIn() throws Exception {
        int ready = karaf.logged(READY);
        karaf.shell("feature:install sms-callback-routes");
        await().atMost(Karaf.LONG).until(() -> karaf.logged(READY) > ready);
        awaitAnswers();
    }

    private void takeOut() throws Exception {
        int stopped = karaf.logged(STOPPED);
        karaf.shell("feature:uninstall sms-callback-routes");
        await().atMost(Karaf.LONG).until(() -> karaf.logged(STOPPED) > stopped);
    }

    private void awaitAnswers() {
        await().atMost(Karaf.LONG).ignoreExceptions().until(() -> call("webcom-mobi/demo", DEMO) == 200);
    }

    /** How many there are of each name that could be the gateway's. */
    private static Map<String, Long> threads() throws Exception {
        try (var jmx = karaf.jmx()) {
            var all = ManagementFactory.newPlatformMXBeanProxy(
                    jmx.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
            return Stream.of(all.dumpAllThreads(false, false))
                    .map(thread -> thread.getThreadName().replaceAll("[0-9]+", "0"))
                    .filter(name ->
                            name.matches("(?i).*(activemq|artemis|camel|vert|sms|committer|netty|edits|due-).*"))
                    .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
        }
    }

    private static Map<String, Long> moreThan(Map<String, Long> before) throws Exception {
        var more = threads();
        more.entrySet().removeIf(now -> now.getValue() <= before.getOrDefault(now.getKey(), 0L));
        return more;
    }

    /** How many class loaders of bundles there are, after a collection. */
    private static long classLoaders() throws Exception {
        var jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        var pid = String.valueOf(karaf.pid());
        assertEquals(0, new ProcessBuilder(jcmd, pid, "GC.run").start().waitFor());
        var stats = new ProcessBuilder(jcmd, pid, "VM.classloader_stats").start();
        return new String(stats.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("BundleClassLoader"))
                .count();
    }

    /** The status of a callback that nobody has sent before. */
    private static String metrics() throws Exception {
        var uri = URI.create("http://127.0.0.1:" + MANAGEMENT_PORT + "/observe/metrics");
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static synchronized int call(String account, String token) throws Exception {
        return post(account, token, "[{\"id_sms\":\"karaf-" + ++calls + "\",\"state\":\"deliver\"}]");
    }

    private static int post(String account, String token, String body) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + HTTP_PORT + "/callbacks/" + account + "?token=" + token);
        return HTTP.send(
                        HttpRequest.newBuilder(uri)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
