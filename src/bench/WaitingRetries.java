import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.broker.QueueState;

/**
 * What a million waiting retries cost a gateway with a heap of 512 MB: how long it takes to start after a <code>kill -9</code>, how
 * long a callback waits for its answer and for its arrival at a target, how much memory is used; the same for a large backlog in a
 * target's own queue, and what happens when many retries come due at once.
 *
 * <p>Three targets: <code>webhook</code> cannot be reached, <code>app</code> takes what it gets at once, <code>crm</code> as well, but
 * can be made slow. Callbacks are sent at a fixed rate, whatever the answers are.
 */
public final class WaitingRetries {

    private static final int CALLBACKS = 200;
    private static final long CALLBACK_EVERY_MILLIS = 100;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration LONGEST_ARRIVAL = Duration.ofSeconds(60);
    private static final Duration LONGEST_DELIVERY = Duration.ofMinutes(20);
    private static final int EVENTS_IN_A_TRANSACTION = 500;

    /** An event that has failed for days has waited most of its time in the long steps. */
    private static final Map<String, Duration> LONG_STEPS = steps(2, 5, 10, 14, 20, 24);

    private static final List<String> SHORT_STEPS =
            List.of("sms.retry.5s", "sms.retry.30s", "sms.retry.2m", "sms.retry.10m");

    /** Each series of callbacks has a number. */
    private static final AtomicInteger SERIES = new AtomicInteger();

    private final Random random = new Random(1);
    private final Gateway gateway;
    private final Receiver receiver;
    private final Report report;
    private Event template;

    private WaitingRetries(Gateway gateway, Receiver receiver, Report report) {
        this.gateway = gateway;
        this.receiver = receiver;
        this.report = report;
    }

    /** <code>args</code>: the unpacked distribution, a folder for logs and the report, and how many events of each kind. */
    public static void main(String[] args) throws Exception {
        // or the receiver answers each call 40 ms late
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var home = Path.of(args[0]);
        var folder = Path.of(args[1]);
        var report = new Report();
        boolean passed = false;
        try (var receiver = new Receiver();
                var gateway = new Gateway(home, folder, receiver.port())) {
            Runtime.getRuntime().addShutdownHook(new Thread(gateway::kill));
            var bench = new WaitingRetries(gateway, receiver, report);
            bench.emptyBroker();
            bench.waitingRetries(Integer.parseInt(args[2]));
            bench.retriesDueAtOnce(Integer.parseInt(args[3]));
            bench.backlogOfDeadTarget(Integer.parseInt(args[4]));
            bench.urgentPastBacklog(Integer.parseInt(args[4]) / 2);
            bench.manyBacklogs(12, Integer.parseInt(args[4]) / 20);
            report.says(gateway.collections());
            passed = report.failures.isEmpty();
        } catch (Exception e) {
            report.failures.add(e.toString());
            e.printStackTrace();
        }
        Files.writeString(folder.resolve("waiting-retries.md"), report.toString());
        System.out.println(report);
        System.exit(passed ? 0 : 1);
    }

    private void emptyBroker() throws Exception {
        var row = report.row("empty broker");
        gateway.start(row);
        freshEvents(row);
        gateway.measure(row);
        gateway.measureIdle(row);
        gateway.kill();
        row = report.row("empty broker, after kill -9");
        gateway.start(row);
        freshEvents(row);
        gateway.measure(row);
        template = gateway.firstOf("sms.retry.5s");
        report.says("An event that waits is %d characters of JSON and %d properties."
                .formatted(template.text().length(), template.properties().size()));
    }

    private void waitingRetries(int count) throws Exception {
        var now = System.currentTimeMillis();
        var hours = LONG_STEPS.values().stream().mapToLong(Duration::toHours).sum();
        int sent = 0;
        var filling = new Stopwatch();
        for (var step : LONG_STEPS.entrySet()) {
            long wait = step.getValue().toMillis();
            int share = step.getKey().equals("sms.retry.24h")
                    ? count - sent
                    : (int) (count * step.getValue().toHours() / hours);
            // the first of them are due in an hour, the last after the whole step
            gateway.send(step.getKey(), share, number -> {
                long dueAt = now + Duration.ofHours(1).toMillis() + wait * number / share;
                return waiting("waiting-" + step.getKey() + "-" + number, "sms.target.webhook.retry", dueAt);
            });
            sent += share;
        }
        report.says("%d retries put into the broker in %.0f s.".formatted(count, filling.seconds()));
        var row = report.row(count + " retries wait");
        freshEvents(row);
        gateway.measure(row);
        gateway.kill();

        row = report.row(count + " retries wait, after kill -9");
        gateway.start(row);
        freshEvents(row);
        gateway.measure(row);
        gateway.measureIdle(row);
        report.expect("retries that wait", count, gateway.depth(List.copyOf(LONG_STEPS.keySet())));
    }

    private void retriesDueAtOnce(int count) throws Exception {
        long others = gateway.depth(SHORT_STEPS);
        long dueAt = System.currentTimeMillis() + 30_000 + count / 2;
        for (int step = 0; step < SHORT_STEPS.size(); step++) {
            int offset = step;
            gateway.send(
                    SHORT_STEPS.get(step),
                    count / SHORT_STEPS.size(),
                    number -> waiting("due-" + offset + "-" + number, "sms.target.crm.retry", dueAt));
        }
        int sent = count / SHORT_STEPS.size() * SHORT_STEPS.size();
        Thread.sleep(Math.max(0, dueAt - System.currentTimeMillis()));
        var row = report.row(sent + " retries come due for crm");
        var due = new Stopwatch();
        var moved = 0.0;
        try (var fresh = new FreshEvents("delivered")) {
            while (receiver.count("crm/due-") < sent && due.seconds() < LONGEST_DELIVERY.toSeconds()) {
                Thread.sleep(500);
                if (moved == 0 && gateway.depth(SHORT_STEPS) - others < sent / 100) {
                    moved = due.seconds();
                }
            }
            double delivered = due.seconds();
            fresh.end();
            fresh.measureAt("app", row);
            report.says(
                    "%d retries due at once: 99 %% moved to their target's queue after %.0f s (%.0f/s), all delivered after"
                                    .formatted(sent, moved, sent / moved)
                            + " %.0f s (%.0f/s). Fresh events of the same target meanwhile arrived after p50 %s ms."
                                    .formatted(delivered, sent / delivered, fresh.arrival("crm")));
        }
        gateway.measure(row);
        report.expect("retries delivered", sent, receiver.count("crm/due-"));
        report.says("%d of them arrived twice.".formatted(receiver.countRepeated("crm/due-")));
    }

    private void backlogOfDeadTarget(int count) throws Exception {
        gateway.send("sms.target.webhook", count, number -> fresh("backlog-" + number));
        var row = report.row(count + " events in the queue of webhook");
        freshEvents(row);
        gateway.measure(row);
        gateway.kill();
        row = report.row(count + " events in the queue of webhook, after kill -9");
        gateway.start(row);
        freshEvents(row);
        gateway.measure(row);
    }

    private void urgentPastBacklog(int count) throws Exception {
        receiver.slow(true);
        gateway.send("sms.target.crm", count, number -> fresh("slow-" + number));
        var row = report.row("buffered reports of crm, slow, with " + count + " events in its queue");
        urgentEvents(row);
        gateway.measure(row);
        gateway.kill();
        row = report.row("the same reports, after kill -9");
        gateway.start(row);
        urgentEvents(row);
        gateway.measure(row);
        receiver.slow(false);
    }

    /** Together they take more than the broker's memory for messages: every address is paged from then on, those of fresh events too. */
    private void manyBacklogs(int queues, int count) throws Exception {
        for (int queue = 1; queue <= queues; queue++) {
            var prefix = "buried-" + queue + "-";
            gateway.send("sms.dead.other-" + queue, count, number -> fresh(prefix + number));
        }
        var row = report.row(queues + " more queues with " + count + " events each");
        freshEvents(row);
        gateway.measure(row);
        gateway.kill();
        row = report.row(queues + " more queues, after kill -9");
        gateway.start(row);
        freshEvents(row);
        gateway.measure(row);
    }

    private void freshEvents(Report.Row row) throws Exception {
        try (var fresh = new FreshEvents("delivered")) {
            Thread.sleep(CALLBACKS * CALLBACK_EVERY_MILLIS);
            fresh.end();
            fresh.measureAt("app", row);
        }
    }

    private void urgentEvents(Report.Row row) throws Exception {
        try (var urgent = new FreshEvents("buffered")) {
            Thread.sleep(CALLBACKS * CALLBACK_EVERY_MILLIS);
            urgent.end();
            urgent.measureAt("crm", row);
        }
    }

    private Event waiting(String messageId, String returnTo, long dueAt) {
        var event = fresh(messageId);
        event.properties().put("returnTo", returnTo);
        event.properties().put("dueAt", dueAt);
        return event;
    }

    /** What the gateway itself has written, with other ids. */
    private Event fresh(String messageId) {
        var eventId = "%032x".formatted(new BigInteger(120, random));
        var properties = new HashMap<>(template.properties());
        var text = template.text()
                .replace((String) properties.put("eventId", eventId), eventId)
                .replace((String) properties.put("messageId", messageId), messageId);
        return new Event(text, properties);
    }

    private static Map<String, Duration> steps(int... hours) {
        var steps = new LinkedHashMap<String, Duration>();
        for (int step : hours) {
            steps.put("sms.retry." + step + "h", Duration.ofHours(step));
        }
        return steps;
    }

    /** Callbacks at a fixed rate, each with one report, from the time it is made until its end. */
    private final class FreshEvents implements AutoCloseable {

        private final String series = "fresh-" + SERIES.incrementAndGet() + "-";
        private final String status;
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        private final Map<String, Long> sent = new ConcurrentHashMap<>();
        private final Map<String, Long> answered = new ConcurrentHashMap<>();

        FreshEvents(String status) {
            this.status = status;
            clock.scheduleAtFixedRate(this::call, 0, CALLBACK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void call() {
            var messageId = series + sent.size();
            sent.put(messageId, System.nanoTime());
            gateway.callback(messageId, status).thenAccept(answer -> {
                if (answer.statusCode() == 200) {
                    answered.put(messageId, System.nanoTime());
                }
            });
        }

        void end() throws InterruptedException {
            clock.shutdown();
            clock.awaitTermination(10, TimeUnit.SECONDS);
        }

        /** Waits for them all, not for ever. */
        void measureAt(String target, Report.Row row) throws InterruptedException {
            row.set("answer, ms", times(answered));
            row.set("at its target, ms", arrival(target));
            report.expect("callbacks answered 200 (" + row.name + ")", sent.size(), answered.size());
            report.expect(
                    "events at " + target + " (" + row.name + ")",
                    sent.size(),
                    arrivals(target).size());
        }

        String arrival(String target) throws InterruptedException {
            var waiting = new Stopwatch();
            while (arrivals(target).size() < sent.size() && waiting.seconds() < LONGEST_ARRIVAL.toSeconds()) {
                Thread.sleep(100);
            }
            return times(arrivals(target));
        }

        private Map<String, Long> arrivals(String target) {
            return receiver.arrivals(target + "/" + series);
        }

        private String times(Map<String, Long> ends) {
            long[] millis = ends.entrySet().stream()
                    .mapToLong(end -> TimeUnit.NANOSECONDS.toMillis(end.getValue() - sent.get(end.getKey())))
                    .sorted()
                    .toArray();
            return millis.length == 0 ? "none" : millis[millis.length / 2] + " / " + millis[millis.length - 1];
        }

        @Override
        public void close() {
            clock.shutdownNow();
        }
    }

    /** An event as a message. */
    private record Event(String text, Map<String, Object> properties) {

        static Event of(TextMessage message) throws JMSException {
            var properties = new HashMap<String, Object>();
            for (var names = message.getPropertyNames(); names.hasMoreElements(); ) {
                var name = (String) names.nextElement();
                if (!name.startsWith("JMS")) {
                    properties.put(name, message.getObjectProperty(name));
                }
            }
            return new Event(message.getText(), properties);
        }

        TextMessage in(Session session) throws JMSException {
            var message = session.createTextMessage(text);
            for (var property : properties.entrySet()) {
                message.setObjectProperty(property.getKey(), property.getValue());
            }
            message.setJMSType((String) properties.get("eventType"));
            message.setJMSCorrelationID((String) properties.get("messageId"));
            return message;
        }
    }

    /** The distribution as a process of its own, and its broker over tcp. */
    private static final class Gateway implements AutoCloseable {

        private static final Duration LONGEST_START = Duration.ofSeconds(120);
        private static final String HEAP = "512m";
        private static final String DEMO_SECRET = "demo-only-not-a-secret";
        private static final String REPORT = """
                {"results":[{"bulkId":"blk-7f31","messageId":"%s","to":"385915550101",
                "sentAt":"2026-03-29T10:15:02.118+0000","doneAt":"2026-03-29T10:15:06.402+0000","smsCount":2,
                "price":{"pricePerMessage":0.0185000000,"currency":"EUR"},"status":%s}]}""";
        private static final Map<String, String> STATUSES = Map.of(
                "delivered", """
                {"groupId":3,"groupName":"DELIVERED","id":5,"name":"DELIVERED_TO_HANDSET"},
                "error":{"groupId":0,"groupName":"OK","id":0,"name":"NO_ERROR","permanent":false}""",
                "buffered", """
                {"groupId":1,"groupName":"PENDING","id":3,"name":"PENDING_WAITING_DELIVERY"},
                "error":{"groupId":1,"groupName":"HANDSET_ERRORS","id":27,"name":"EC_ABSENT_SUBSCRIBER","permanent":false}""");

        private final Path home;
        private final Path folder;
        private final int httpPort = freePort();
        private final int managementPort = freePort();
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final ActiveMQConnectionFactory broker;
        private Process process;
        private int starts;

        Gateway(Path home, Path folder, int receiverPort) throws IOException {
            this.home = home;
            this.folder = folder;
            int brokerPort = freePort();
            broker = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + brokerPort, "operator", DEMO_SECRET);
            broker.setConsumerWindowSize(0);
            edit("config/broker.xml", text -> text.replace("61616", String.valueOf(brokerPort)));
            var settings = settings(receiverPort);
            // a key can stand in one line only
            var own = settings.lines().map(line -> line.split("=", 2)[0]).collect(Collectors.toSet());
            edit(
                    "config/application.properties",
                    text -> text.lines()
                                    .filter(line -> !own.contains(line.split("=", 2)[0]) || line.isEmpty())
                                    .collect(Collectors.joining("\n"))
                            + settings);
        }

        private void edit(String file, UnaryOperator<String> change) throws IOException {
            var path = home.resolve(file);
            Files.writeString(path, change.apply(Files.readString(path)));
        }

        private String settings(int receiverPort) throws IOException {
            var settings = new StringBuilder(
                    "\nsms.http.port=%d\ncamel.management.port=%d\n".formatted(httpPort, managementPort));
            var urls = Map.of(
                    "webhook", "http://127.0.0.1:" + freePort(),
                    "app", "http://127.0.0.1:" + receiverPort + "/app",
                    "crm", "http://127.0.0.1:" + receiverPort + "/crm");
            urls.forEach((target, url) -> settings.append("sms.target.%s.url=%s\nsms.target.%1$s.secret=whsec_%3$s\n"
                    .formatted(target, url, "YmVuY2htYXJrLWJlbmNobWFyay1iZW5jaG1hcmsh")));
            return settings.toString();
        }

        private static int freePort() throws IOException {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }

        /** Returns when it says that it is ready and has taken a callback. */
        void start(Report.Row row) throws Exception {
            var log = folder.resolve("gateway-" + ++starts + ".log");
            var builder = new ProcessBuilder(
                            home.resolve("bin/sms-callback-routes").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment()
                    .put(
                            "JAVA_OPTS",
                            "-Xmx" + HEAP + " -Xlog:gc:file=" + folder.resolve("gc-" + starts + ".log")
                                    + "::filecount=0");
            var starting = new Stopwatch();
            process = builder.start();
            while (!isTaking("first-" + starts)) {
                if (!process.isAlive() || starting.seconds() > LONGEST_START.toSeconds()) {
                    throw new IllegalStateException("not ready after %.0f s: %s".formatted(starting.seconds(), log));
                }
                Thread.sleep(20);
            }
            row.set("first 200, s", "%.1f".formatted(starting.seconds()));
            while (!Files.readString(log).contains("is ready after ")) {
                Thread.sleep(20);
            }
            row.set("ready, s", "%.1f".formatted(starting.seconds()));
            row.set("CPU until then, s", "%.1f".formatted(cpuMillis() / 1e3));
        }

        private boolean isTaking(String messageId) throws InterruptedException {
            try {
                return callback(messageId, "delivered").get().statusCode() == 200;
            } catch (ExecutionException e) {
                return false;
            }
        }

        CompletableFuture<HttpResponse<Void>> callback(String messageId, String status) {
            var uri =
                    URI.create("http://127.0.0.1:%d/callbacks/infobip/demo?token=%s".formatted(httpPort, DEMO_SECRET));
            var body = HttpRequest.BodyPublishers.ofString(REPORT.formatted(messageId, STATUSES.get(status)));
            return http.sendAsync(
                    HttpRequest.newBuilder(uri)
                            .timeout(Duration.ofSeconds(30))
                            .POST(body)
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }

        void send(String queue, int count, Events events) throws JMSException {
            try (var connection = broker.createConnection();
                    var session = connection.createSession(true, Session.SESSION_TRANSACTED);
                    var producer = session.createProducer(session.createQueue(queue))) {
                for (int number = 1; number <= count; number++) {
                    producer.send(events.get(number).in(session));
                    if (number % EVENTS_IN_A_TRANSACTION == 0 || number == count) {
                        session.commit();
                    }
                }
            }
        }

        long depth(List<String> queues) throws JMSException {
            return new QueueControl(broker)
                    .queues().stream()
                            .filter(queue -> queues.contains(queue.name()))
                            .mapToLong(QueueState::messages)
                            .sum();
        }

        /** The first event that is put into this queue. */
        Event firstOf(String queue) throws JMSException {
            try (var connection = broker.createConnection();
                    var session = connection.createSession(true, Session.SESSION_TRANSACTED);
                    var consumer = session.createConsumer(session.createQueue(queue))) {
                connection.start();
                var message = (TextMessage) consumer.receive(LONGEST_START.toMillis());
                var event = Event.of(message);
                session.rollback();
                return event;
            }
        }

        void measure(Report.Row row) throws Exception {
            jcmd("GC.run");
            var used = Pattern.compile("used (\\d+)K").matcher(jcmd("GC.heap_info"));
            row.set("heap, MB", used.find() ? String.valueOf(Long.parseLong(used.group(1)) >> 10) : "?");
            var resident = Pattern.compile("VmRSS:\\s+(\\d+)")
                    .matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
            row.set("RSS, MB", resident.find() ? String.valueOf(Long.parseLong(resident.group(1)) >> 10) : "?");
        }

        void measureIdle(Report.Row row) throws InterruptedException {
            long before = cpuMillis();
            Thread.sleep(IDLE.toMillis());
            row.set("idle CPU, %", "%.1f".formatted(100.0 * (cpuMillis() - before) / IDLE.toMillis()));
        }

        private long cpuMillis() {
            return process.info().totalCpuDuration().orElseThrow().toMillis();
        }

        private String jcmd(String command) throws IOException {
            var jcmd = new ProcessBuilder("jcmd", String.valueOf(process.pid()), command)
                    .redirectErrorStream(true)
                    .start();
            return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        /** What its logs say about the collector. */
        String collections() throws IOException {
            double longestPause = 0;
            long mostKept = 0;
            for (int start = 1; start <= starts; start++) {
                var pauses = Pattern.compile("Pause .* \\d+M->(\\d+)M\\(\\d+M\\) ([\\d.]+)ms")
                        .matcher(Files.readString(folder.resolve("gc-" + start + ".log")));
                while (pauses.find()) {
                    mostKept = Math.max(mostKept, Long.parseLong(pauses.group(1)));
                    longestPause = Math.max(longestPause, Double.parseDouble(pauses.group(2)));
                }
            }
            return "Heap limit %s; most that was left after a collection: %d MB; longest pause %.0f ms."
                    .formatted(HEAP, mostKept, longestPause);
        }

        /** <code>kill -9</code>. */
        void kill() {
            if (process != null) {
                process.destroyForcibly().onExit().join();
            }
        }

        @Override
        public void close() {
            kill();
            broker.close();
        }
    }

    /** Takes calls at <code>/app</code> and <code>/crm</code>, and remembers when each event came. */
    private static final class Receiver implements AutoCloseable {

        private static final long SLOWNESS_MILLIS = 5_000;
        private static final ObjectMapper JSON = new ObjectMapper();

        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final ExecutorService workers = Executors.newCachedThreadPool();

        /** By target and message id. */
        private final Map<String, Long> firstArrivals = new ConcurrentHashMap<>();

        private final Set<String> repeated = ConcurrentHashMap.newKeySet();
        private volatile boolean slow;

        Receiver() throws IOException {
            server.createContext("/", this::take);
            server.setExecutor(workers);
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        /** Whether crm takes its time with all but buffered reports. */
        void slow(boolean slow) {
            this.slow = slow;
        }

        private void take(HttpExchange call) throws IOException {
            var target = call.getRequestURI().getPath().substring(1);
            var event = JSON.readTree(call.getRequestBody());
            var key = target + "/" + event.path("subject").asText();
            if (firstArrivals.putIfAbsent(key, System.nanoTime()) != null) {
                repeated.add(key);
            }
            if (slow && target.equals("crm") && event.path("data").path("final").asBoolean()) {
                try {
                    Thread.sleep(SLOWNESS_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            call.sendResponseHeaders(204, -1);
            call.close();
        }

        /** By message id. */
        Map<String, Long> arrivals(String prefix) {
            var arrivals = new HashMap<String, Long>();
            firstArrivals.forEach((key, time) -> {
                if (key.startsWith(prefix)) {
                    arrivals.put(key.substring(key.indexOf('/') + 1), time);
                }
            });
            return arrivals;
        }

        long count(String prefix) {
            return firstArrivals.keySet().stream()
                    .filter(key -> key.startsWith(prefix))
                    .count();
        }

        long countRepeated(String prefix) {
            return repeated.stream().filter(key -> key.startsWith(prefix)).count();
        }

        @Override
        public void close() {
            server.stop(0);
            workers.shutdownNow();
        }
    }

    /** A table with a row for each situation, and what else there is to say. */
    private static final class Report {

        private static final List<String> COLUMNS = List.of(
                "ready, s",
                "CPU until then, s",
                "first 200, s",
                "answer, ms",
                "at its target, ms",
                "heap, MB",
                "RSS, MB",
                "idle CPU, %");

        private final List<Row> rows = new ArrayList<>();
        private final List<String> sentences = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();

        Row row(String name) {
            var row = new Row(name);
            rows.add(row);
            System.out.println("-- " + name);
            return row;
        }

        void says(String sentence) {
            sentences.add(sentence);
            System.out.println(sentence);
        }

        void expect(String what, long expected, long found) {
            if (expected != found) {
                failures.add("%s: %d instead of %d".formatted(what, found, expected));
            }
        }

        @Override
        public String toString() {
            var text = new StringBuilder("# Waiting retries\n\n");
            text.append(
                    "%d processors (load %.1f), Java %s, %s. Times of events are p50 / max of callbacks at %d/s.\n\n"
                            .formatted(
                                    Runtime.getRuntime().availableProcessors(),
                                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                                    System.getProperty("java.version"),
                                    Instant.now().truncatedTo(ChronoUnit.SECONDS),
                                    1_000 / CALLBACK_EVERY_MILLIS));
            text.append("| | ").append(String.join(" | ", COLUMNS)).append(" |\n");
            text.append("| --- |").append(" --- |".repeat(COLUMNS.size())).append('\n');
            rows.forEach(row -> text.append(row).append('\n'));
            text.append('\n');
            sentences.forEach(sentence -> text.append(sentence).append('\n'));
            failures.forEach(failure -> text.append("FAILED: ").append(failure).append('\n'));
            return text.toString();
        }

        private static final class Row {

            private final String name;
            private final Map<String, String> cells = new ConcurrentHashMap<>();

            private Row(String name) {
                this.name = name;
            }

            void set(String column, String value) {
                cells.put(column, value);
                System.out.println("   " + column + ": " + value);
            }

            @Override
            public String toString() {
                return COLUMNS.stream()
                        .map(column -> cells.getOrDefault(column, ""))
                        .collect(Collectors.joining(" | ", "| " + name + " | ", " |"));
            }
        }
    }

    private interface Events {
        Event get(int number) throws JMSException;
    }

    private static final class Stopwatch {
        private final long started = System.nanoTime();

        double seconds() {
            return (System.nanoTime() - started) / 1e9;
        }
    }
}
