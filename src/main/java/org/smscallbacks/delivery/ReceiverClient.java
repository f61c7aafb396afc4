package org.smscallbacks.delivery;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP client of one target: connections of its own that are used again, its trust store, and an end to each call, however
 * slowly an answer comes. It follows no redirect, keeps no cookie, and reads no more of an answer than
 * what is needed to use the connection again.
 */
public final class ReceiverClient implements HttpClientConfigurer {

    private static final Logger LOG = LoggerFactory.getLogger(ReceiverClient.class);

    /** More than consumers: none should wait for another's connection. */
    private static final int MOST_CONNECTIONS = 1_000;

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final int MOST_OF_AN_ANSWER = 64 << 10;
    private static final Duration REST_OF_AN_ANSWER = Duration.ofSeconds(1);
    private static final Duration CONNECTION_LIFE = Duration.ofMinutes(1);

    private final Receiver receiver;
    private final Vertx timers;

    public ReceiverClient(Receiver receiver, Vertx timers) {
        this.receiver = receiver;
        this.timers = timers;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        long millis = receiver.timeout().toMillis();
        var tls = receiver.tls() == null ? SSLContexts.createSystemDefault() : receiver.tls();
        client.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT.toMillis(), TimeUnit.MILLISECONDS)
                                .setSocketTimeout((int) millis, TimeUnit.MILLISECONDS)
                                .setTimeToLive(CONNECTION_LIFE.toMillis(), TimeUnit.MILLISECONDS)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(millis, TimeUnit.MILLISECONDS)
                        .setResponseTimeout(millis, TimeUnit.MILLISECONDS)
                        .build())
                .setUserAgent("sms-callback-routes")
                .disableRedirectHandling()
                .setRetryStrategy(new OnceMoreOnANewConnection())
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .addExecInterceptorFirst("in-time", this::callInTime);
    }

    /**
     * The status is the answer. The time-outs of a socket begin anew with each byte, so a timer of our own ends the call of one
     * that comes too slowly; and the rest of an answer is read only to use the connection again, not for long.
     */
    private ClassicHttpResponse callInTime(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        var call = (Cancellable) scope.originalRequest;
        var tooLate = new AtomicBoolean();
        long timer = timers.setTimer(CONNECT.plus(receiver.timeout()).toMillis(), id -> {
            tooLate.set(true);
            call.cancel();
        });
        ClassicHttpResponse answer;
        try {
            answer = chain.proceed(request, scope);
        } catch (IOException | RuntimeException e) {
            if (tooLate.get()) {
                throw new SocketTimeoutException("no answer in time");
            }
            throw e;
        } finally {
            timers.cancelTimer(timer);
        }
        if (answer.getEntity() != null) {
            timer = timers.setTimer(REST_OF_AN_ANSWER.toMillis(), id -> call.cancel());
            if (!isReadToItsEnd(answer)) {
                scope.execRuntime.discardEndpoint();
            }
            timers.cancelTimer(timer);
            answer.setEntity(null);
        }
        return answer;
    }

    private static boolean isReadToItsEnd(ClassicHttpResponse answer) {
        try {
            var body = answer.getEntity().getContent();
            return body == null || body.readNBytes(MOST_OF_AN_ANSWER).length < MOST_OF_AN_ANSWER;
        } catch (IOException | RuntimeException e) {
            LOG.debug("an answer broke off after its status", e);
            return false;
        }
    }

    /** A receiver may close a connection that was idle in the very moment it is used again: nobody has failed then. */
    private static final class OnceMoreOnANewConnection implements HttpRequestRetryStrategy {

        @Override
        public boolean retryRequest(HttpRequest request, IOException failure, int calls, HttpContext context) {
            return failure instanceof NoHttpResponseException && calls == 1;
        }

        @Override
        public boolean retryRequest(HttpResponse answer, int calls, HttpContext context) {
            return false;
        }

        @Override
        public TimeValue getRetryInterval(HttpResponse answer, int calls, HttpContext context) {
            return TimeValue.ZERO_MILLISECONDS;
        }
    }
}
