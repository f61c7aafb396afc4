package org.smscallbacks.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** A target that fails, hangs and is gone as often as it is told to; it counts by id what it has taken. */
final class Downstream implements AutoCloseable {

    /** Few enough failures that the circuit breaker stays closed most of the time; 0 hangs, and hangs up. */
    private static final int[] ANSWERS = {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 500, 503, 429, 400, 0};

    private static final long HANG_MILLIS = 1_000;

    private final HttpServer server;
    private final Random random;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();
    private volatile boolean misbehaves = true;
    private volatile boolean isGone;

    Downstream(long seed) throws IOException {
        random = new Random(seed);
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            var thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** Whether it takes nothing from now on. */
    void goes(boolean away) {
        isGone = away;
    }

    /** From now on it takes everything. */
    void recovers() {
        misbehaves = false;
    }

    Map<String, Integer> taken() {
        return taken;
    }

    private void answer(HttpExchange exchange) throws IOException {
        var event = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int status = isGone ? 503 : 200;
        if (misbehaves && !isGone) {
            synchronized (random) {
                status = ANSWERS[random.nextInt(ANSWERS.length)];
            }
        }
        if (status == 0) {
            try {
                Thread.sleep(HANG_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
            return;
        }
        if (status == 200) {
            taken.merge(Reader.idOf(event), 1, Integer::sum);
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
