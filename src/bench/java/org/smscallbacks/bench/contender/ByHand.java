package org.smscallbacks.bench.contender;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.jms.ConnectionFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.smscallbacks.delivery.TargetReader;
import org.smscallbacks.store.EventStore;

/**
 * The gateway's job by hand: Vert.x takes the callback, Jackson reads it, Java maps it, an Artemis client stores its events, then it
 * is answered. The floor commits each callback in a transaction of its own, as many at a time as there are worker threads; with
 * <code>group-commit</code> two threads commit what waits, together; with <code>in-process</code> there is no client, and the gateway's
 * own store puts them into the broker: what is left is what its routes cost. With a target (<code>sms.target.webhook.url</code>)
 * events are stored for it as well, and delivered; not in process.
 */
public final class ByHand extends AbstractVerticle {

    private static final int WORKERS = 64;
    private static final String PATH = "/callbacks/infobip/demo";
    private static final long LARGEST_BODY = 8 << 20;

    private final int port;
    private final InfobipReports reports;
    private final Store store;
    private final String targetQueue;

    private ByHand(int port, InfobipReports reports, Store store, String targetQueue) {
        this.port = port;
        this.reports = reports;
        this.store = store;
        this.targetQueue = targetQueue;
    }

    /** <code>args</code>: <code>group-commit</code>, <code>in-process</code> or nothing. */
    public static void main(String[] args) throws Exception {
        var home = Home.open();
        var connections = home.connections();
        var vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(WORKERS).setPreferNativeTransport(true));
        var store =
                switch (args.length == 0 ? "" : args[0]) {
                    case "group-commit" -> new GroupCommit(connections);
                    case "in-process" -> new InProcess(home.store());
                    default -> new CommitEach(connections);
                };
        var reports = home.reports();
        var webhook = TargetReader.read(home.settings()).stream().findFirst();
        webhook.ifPresent(target -> new ByHandDelivery(target, connections)
                .start(Integer.parseInt(home.settings().forCamel().getProperty("sms.target.webhook.concurrency"))));
        var targetQueue = webhook.isPresent() ? "sms.target.webhook" : null;
        vertx.deployVerticle(
                        () -> new ByHand(home.httpPort(), reports, store, targetQueue),
                        new DeploymentOptions().setInstances(2))
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        home.sayReady();
    }

    @Override
    public void start(Promise<Void> started) {
        vertx.createHttpServer(new HttpServerOptions()
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false))
                .requestHandler(this::take)
                .listen(port, "127.0.0.1")
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private void take(HttpServerRequest request) {
        if (!PATH.equals(request.path()) || request.method() != HttpMethod.POST) {
            answer(request, 404);
        } else if (!Home.isToken(request.getParam("token"))) {
            answer(request, 401);
        } else if (length(request) > LARGEST_BODY) {
            answer(request, 413);
        } else {
            request.body()
                    .compose(body -> store.isBlocking()
                            ? vertx.executeBlocking(() -> mapAndStore(body), false)
                            : vertx.executeBlocking(() -> map(body), false).compose(store::store))
                    .onSuccess(stored -> answer(request, 200))
                    .onFailure(e -> answer(request, e instanceof java.io.IOException ? 400 : 503));
        }
    }

    private Void mapAndStore(Buffer body) throws Exception {
        ((BlockingStore) store).storeNow(map(body));
        return null;
    }

    private List<Event> map(Buffer body) throws Exception {
        var events = reports.read(body.getBytes(), "demo");
        return targetQueue == null ? events : withCopies(events);
    }

    private List<Event> withCopies(List<Event> events) {
        var all = new ArrayList<Event>(events.size() * 2);
        for (var event : events) {
            all.add(event);
            all.add(event.copyFor(targetQueue));
        }
        return all;
    }

    private static long length(HttpServerRequest request) {
        var length = request.getHeader("Content-Length");
        return length == null ? 0 : Long.parseLong(length);
    }

    private static void answer(HttpServerRequest request, int status) {
        var response = request.response().setStatusCode(status);
        if (status == 503) {
            response.putHeader("Retry-After", "10");
        }
        response.putHeader("Content-Type", "text/plain").end(status == 200 ? "OK" : "");
    }

    private interface Store {
        boolean isBlocking();

        Future<Void> store(List<Event> events);
    }

    /** One transaction per callback, in the worker thread that mapped it. */
    private abstract static class BlockingStore implements Store {

        @Override
        public boolean isBlocking() {
            return true;
        }

        @Override
        public Future<Void> store(List<Event> events) {
            throw new UnsupportedOperationException();
        }

        abstract void storeNow(List<Event> events) throws Exception;
    }

    private static final class InProcess extends BlockingStore {

        private final EventStore store;

        InProcess(EventStore store) {
            this.store = store;
        }

        @Override
        void storeNow(List<Event> events) throws Exception {
            store.store(events.stream().map(Event::collected).toList());
        }
    }

    private static final class CommitEach extends BlockingStore {

        private final ThreadLocal<TransactedSession> sessions;

        CommitEach(ConnectionFactory connections) {
            sessions = ThreadLocal.withInitial(() -> TransactedSession.over(connections));
        }

        @Override
        void storeNow(List<Event> events) throws Exception {
            sessions.get().store(events);
        }
    }

    /** Two threads, each commits what waits; whoever waits for a commit holds no thread. */
    private static final class GroupCommit implements Store {

        private static final int COMMITTERS = 2;
        private static final int MOST_WAITING = 1_000;
        private static final int MOST_EVENTS = 2_000;
        private static final int MOST_CALLBACKS = 64;

        private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(MOST_WAITING);

        private record Waiting(List<Event> events, Promise<Void> stored) {}

        GroupCommit(ConnectionFactory connections) {
            for (int i = 0; i < COMMITTERS; i++) {
                new Thread(() -> commitWhatWaits(TransactedSession.over(connections)), "committer-" + i).start();
            }
        }

        @Override
        public boolean isBlocking() {
            return false;
        }

        @Override
        public Future<Void> store(List<Event> events) {
            var stored = Promise.<Void>promise();
            if (!waiting.offer(new Waiting(events, stored))) {
                stored.fail("too many wait");
            }
            return stored.future();
        }

        private void commitWhatWaits(TransactedSession session) {
            try {
                while (true) {
                    var group = new ArrayList<Waiting>();
                    var events = new ArrayList<Event>();
                    var next = waiting.take();
                    do {
                        group.add(next);
                        events.addAll(next.events);
                        next = events.size() < MOST_EVENTS && group.size() < MOST_CALLBACKS ? waiting.poll() : null;
                    } while (next != null);
                    try {
                        session.store(events);
                        group.forEach(one -> one.stored.complete());
                    } catch (Exception e) {
                        group.forEach(one -> one.stored.tryFail(e));
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
