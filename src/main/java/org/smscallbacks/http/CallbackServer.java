package org.smscallbacks.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.smscallbacks.config.HttpSettings;

/**
 * Camel's platform HTTP server, with three differences: it opens no port but is given its callers by a {@link CallbackListener},
 * what no route answers is answered as an RFC 9457 problem, and bodies are read from callers with credentials only, no more at a
 * time than memory allows.
 */
public final class CallbackServer extends VertxPlatformHttpServer {

    private static final long LOOK_EVERY_MILLIS = 20;
    private static final long LAST_WORDS_MILLIS = 1_000;

    private final VertxPlatformHttpServerConfiguration configuration;
    private final CamelContext camel;
    private final CallbackGuard guard;
    private final CallbackLog log;
    private final BodyBudget bodies;
    private final long bodyMillis;
    private final AtomicInteger underWay = new AtomicInteger();
    private VertxPlatformHttpRouter router;

    private CallbackServer(
            CamelContext camel,
            VertxPlatformHttpServerConfiguration configuration,
            HttpSettings settings,
            CallbackGuard guard,
            CallbackLog log,
            BodyBudget bodies) {
        super(configuration);
        this.configuration = configuration;
        this.camel = camel;
        this.guard = guard;
        this.log = log;
        this.bodies = bodies;
        this.bodyMillis = settings.bodyTimeout().toMillis();
    }

    /**
     * Makes the server a service of the context; the context's registry must hold a {@link Vertx}.
     *
     * @param bodies the memory for bodies, shared with those who answered before
     */
    public static CallbackServer addTo(
            CamelContext camel, HttpSettings settings, CallbackGuard guard, CallbackLog log, BodyBudget bodies)
            throws Exception {
        var configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindHost(settings.host());
        configuration.setBindPort(settings.port());
        configuration.setMaxBodySize(settings.maxBody());
        configuration.getBodyHandler().setHandleFileUploads(false);
        camel.getRegistry().bind("callbackServerConfiguration", configuration);
        var server = new CallbackServer(camel, configuration, settings, guard, log, bodies);
        server.setCamelContext(camel);
        camel.addService(server);
        return server;
    }

    @Override
    protected void initializeServer() {
        super.initializeServer();
        router = VertxPlatformHttpRouter.lookup(
                camel, VertxPlatformHttpRouter.getRouterNameFromPort(configuration.getBindPort()));
        router.route().handler(this::admit);
        for (int status : new int[] {400, 401, 404, 405, 408, 413, 414, 415, 417, 431, 500, 503}) {
            router.errorHandler(status, context -> answerProblem(context, status));
        }
        // so Vert.x calls a caller who hangs up before all of his body has arrived; nobody is left to be answered
        router.errorHandler(200, context -> log.hungUp());
    }

    @Override
    protected void startServer() {
        // whoever calls comes from the listener
    }

    @Override
    protected void stopServer() {
        // nothing is open here
    }

    /** Whoever calls comes here from now on. */
    void begin() {
        bodies.allow(configuration.getMaxBodySize());
    }

    /** Somebody is about to be answered. */
    void enter() {
        underWay.incrementAndGet();
    }

    void leave() {
        underWay.decrementAndGet();
    }

    private void leave(RoutingContext context) {
        if (ReceivedRequest.in(context.request()).answered()) {
            leave();
        }
    }

    /** Answers who has entered. */
    void answer(HttpServerRequest request) {
        router.handle(new ReceivedRequest(request));
    }

    /** Returns when everybody who has entered is answered, or so many milliseconds have passed. */
    public void awaitAnswers(long millis) {
        long started = System.nanoTime();
        try {
            while (underWay.get() > 0 && System.nanoTime() - started < TimeUnit.MILLISECONDS.toNanos(millis)) {
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(RoutingContext context) {
        context.addEndHandler(ended -> leave(context));
        if (!camel.isStarted()) {
            context.fail(503);
            return;
        }
        var request = context.request();
        var path = path(context);
        if (path == null) {
            context.fail(400);
            return;
        }
        if (!guard.admits(path, request)) {
            context.fail(401);
            return;
        }
        if (!ReceivedRequest.in(request).isReadable()) {
            context.fail(415);
            return;
        }
        var loop = context.vertx().getOrCreateContext();
        var booking = bodies.open(
                guard.proven(request), announced(request), status -> loop.runOnContext(any -> refuse(context, status)));
        ReceivedRequest.in(request).book(booking);
        long deadline = context.vertx().setTimer(bodyMillis, any -> {
            if (!booking.isMapped()) {
                refuse(context, booking.hasArrived() ? 503 : 408);
            }
        });
        context.addEndHandler(ended -> {
            context.vertx().cancelTimer(deadline);
            booking.letGo();
        });
        // a form content type would make Vert.x take the body apart; curl sends one unasked
        request.headers().remove(HttpHeaders.CONTENT_TYPE);
        context.next();
    }

    /** How many bytes the body will have, as its caller says; the most there can be where he does not. */
    private static long announced(HttpServerRequest request) {
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? Long.MAX_VALUE : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Null for one that cannot be decoded. */
    private static String path(RoutingContext context) {
        try {
            return context.normalizedPath();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void refuse(RoutingContext context, int status) {
        if (!context.failed() && !context.response().ended()) {
            context.fail(status);
        }
    }

    private void answerProblem(RoutingContext context, int failure) {
        // routes that come or go are no reason to tell a provider that there is nothing
        int status = failure == 404 && !camel.isStarted() ? 503 : failure;
        var response = context.response();
        // what is no request at all, as without a host, is refused before anybody admits it
        leave(context);
        if (response.ended()) {
            return;
        }
        var problem = status == 413 ? Problem.tooLarge(configuration.getMaxBodySize()) : Problem.of(status);
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, Problem.CONTENT_TYPE);
        problem.headers().forEach(response::putHeader);
        if (status != 401 && !tellGuard(context, status)) {
            log.refused(status);
        }
        if (status == 408 || status == 413 || status == 503) {
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        response.end(problem.json());
        endIfItGoesOn(context);
    }

    /** False where no guard has let it in. */
    private static boolean tellGuard(RoutingContext context, int status) {
        var request = ReceivedRequest.in(context.request());
        return request != null && request.tellAnswer(status);
    }

    /** Vert.x would read on for as long as the caller sends; one who listens has his answer by then. */
    private static void endIfItGoesOn(RoutingContext context) {
        var request = context.request();
        if (!request.isEnded()) {
            context.vertx().setTimer(LAST_WORDS_MILLIS, any -> {
                if (!request.isEnded()) {
                    request.connection().close();
                }
            });
        }
    }
}
