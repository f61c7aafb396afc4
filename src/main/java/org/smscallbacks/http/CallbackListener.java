package org.smscallbacks.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.HttpSettings;

/** The open port. Whoever calls is given to the routes in use at that moment, so that they can be exchanged with nobody refused. */
public final class CallbackListener implements AutoCloseable {

    private static final int LONGEST_REQUEST_LINE = 64 * 1024;
    private static final int IDLE_SECONDS = 60;
    private static final long START_SECONDS = 30;
    private static final long LAST_ANSWERS_MILLIS = 2_000;

    private final HttpServer listener;
    private volatile CallbackServer routes;

    /** Not open yet. */
    public CallbackListener(Vertx vertx) {
        this.listener = vertx.createHttpServer(new HttpServerOptions()
                        .setHttp2ClearTextEnabled(false)
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setMaxInitialLineLength(LONGEST_REQUEST_LINE)
                        .setIdleTimeout(IDLE_SECONDS))
                .connectionHandler(OneRequestAtATime::on)
                .requestHandler(this::take);
    }

    /**
     * Opens the port.
     *
     * @param server answers whoever calls
     * @throws ConfigurationException when it cannot be opened
     */
    public void open(HttpSettings settings, CallbackServer server) {
        use(server);
        try {
            listener.listen(settings.port(), settings.host())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw cannotListen(
                    settings, e.getCause() == null ? "no answer" : e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cannotListen(settings, "interrupted");
        }
    }

    private static ConfigurationException cannotListen(HttpSettings settings, String reason) {
        return new ConfigurationException("cannot listen on " + settings.address() + " (" + reason
                + "): stop what uses the port, or change sms.http.host or sms.http.port");
    }

    /** Whoever calls from now on is answered by these. */
    public void use(CallbackServer others) {
        others.begin();
        routes = others;
    }

    private void take(HttpServerRequest request) {
        var taking = routes;
        taking.enter();
        while (taking != routes) {
            // exchanged in this very moment: those before may have seen that nobody is left
            taking.leave();
            taking = routes;
            taking.enter();
        }
        taking.answer(request);
    }

    /** A stored callback's answer is perhaps still to be written: it is waited for. */
    @Override
    public void close() {
        if (routes != null) {
            routes.awaitAnswers(LAST_ANSWERS_MILLIS);
        }
        listener.close().toCompletionStage().toCompletableFuture().join();
    }
}
