package org.smscallbacks.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;

/**
 * A request as the routes may see it. The query is the guard's and the provider's affair, as it came: Camel would make headers of its
 * parameters, and Vert.x refuses the whole request for one raw percent sign. The body is passed on as far as there is memory for it.
 */
final class ReceivedRequest extends HttpServerRequestWrapper {

    private static final Object KEY = new Object();

    private final MultiMap pathParameters = MultiMap.caseInsensitiveMultiMap();

    private BodyBudget.Booking booking;

    ReceivedRequest(HttpServerRequest request) {
        super((HttpServerRequestInternal) request);
        context().putLocal(KEY, this);
    }

    /** The one that others have wrapped. */
    static ReceivedRequest in(HttpServerRequest request) {
        return ((HttpServerRequestInternal) request).context().getLocal(KEY);
    }

    /** What its body takes of the memory. */
    void book(BodyBudget.Booking booking) {
        this.booking = booking;
    }

    BodyBudget.Booking booking() {
        return booking;
    }

    @Override
    public HttpServerRequest handler(Handler<Buffer> handler) {
        super.handler(bytes -> {
            if (booking.take(bytes.length())) {
                handler.handle(bytes);
            }
        });
        return this;
    }

    @Override
    public HttpServerRequest endHandler(Handler<Void> handler) {
        var loop = context();
        super.endHandler(ended -> booking.arrived(() -> {
            if (loop == Vertx.currentContext()) {
                handler.handle(null);
            } else {
                loop.runOnContext(handler);
            }
        }));
        return this;
    }

    @Override
    public String uri() {
        return path();
    }

    @Override
    public MultiMap params() {
        return pathParameters;
    }

    @Override
    public MultiMap params(boolean semicolonIsNormal) {
        return pathParameters;
    }
}
