package org.smscallbacks.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;

/**
 * The query is the guard's and the provider's affair, as it came: Camel would make headers of its parameters, and Vert.x refuses
 * the whole request for one raw percent sign.
 */
final class RequestWithoutQuery extends HttpServerRequestWrapper {

    private final MultiMap pathParameters = MultiMap.caseInsensitiveMultiMap();

    RequestWithoutQuery(HttpServerRequest request) {
        super((HttpServerRequestInternal) request);
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
