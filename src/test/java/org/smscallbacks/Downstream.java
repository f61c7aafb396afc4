package org.smscallbacks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** A receiver of events on loopback: notes every call, in order, and answers from a script, or 200. */
final class Downstream implements AutoCloseable {

    /** One call, the names of its headers in lower case. */
    record Call(String method, String path, Map<String, List<String>> headers, String body, int connection) {

        String header(String name) {
            var values = headers.getOrDefault(name, List.of());
            return values.isEmpty() ? null : String.join(", ", values);
        }

        String id() {
            return header("webhook-id");
        }
    }

    /** A status and headers; the body is of no interest. */
    record Answer(int status, Map<String, String> headers) {

        static Answer of(int status) {
            return new Answer(status, Map.of());
        }

        Answer with(String header, String value) {
            var more = new TreeMap<>(headers);
            more.put(header, value);
            return new Answer(status, more);
        }
    }

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "downstream");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private volatile Function<Call, Answer> answers = call -> Answer.of(200);

    Downstream() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), "http");
    }

    /** One at this port, where perhaps nobody was before. */
    Downstream(int port) throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0), "http");
    }

    /** One that speaks TLS. */
    static Downstream withTls(SSLContext tls) throws IOException {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new Downstream(server, "https");
    }

    private Downstream(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The next calls are answered so, one after the other. */
    Downstream answers(int... statuses) {
        for (int status : statuses) {
            answers(Answer.of(status));
        }
        return this;
    }

    Downstream answers(Answer answer) {
        script.add(answer);
        return this;
    }

    /** What the script does not say; may take its time, each call has a thread of its own. */
    Downstream otherwise(Function<Call, Answer> answers) {
        this.answers = answers;
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            mostAtOnce.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            var headers = new TreeMap<String, List<String>>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
            var call = new Call(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    exchange.getRemoteAddress().getPort());
            var scripted = script.poll();
            calls.add(call);
            var answer = scripted == null ? answers.apply(call) : scripted;
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            underWay.decrementAndGet();
            exchange.sendResponseHeaders(answer.status(), -1);
        }
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The ids of the events, in the order in which they came. */
    List<String> ids() {
        return calls.stream().map(Call::id).toList();
    }

    /** How many calls were under way at the same time, at most, since this was asked last. */
    int mostAtOnce() {
        return mostAtOnce.getAndSet(0);
    }

    void forget() {
        calls.clear();
        script.clear();
        answers = call -> Answer.of(200);
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return scheme + "://127.0.0.1:" + port() + "/events";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
