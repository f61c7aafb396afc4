package org.smscallbacks.gateway;

import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * Camel's port for health and metrics, which every set of routes opens while that of the set before is still open. A connection stays
 * with the one it was opened to: whoever asked for health on it would hear for ever that routes have stopped which nobody uses.
 */
final class ManagementPort {

    private static final int FIRST = -1;

    private final CamelContext camel;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param port as configured, or empty */
    ManagementPort(CamelContext camel, String port) {
        this.camel = camel;
        var router = port.isEmpty()
                ? null
                : VertxPlatformHttpRouter.lookup(
                        camel, VertxPlatformHttpRouter.getRouterNameFromPort(Integer.parseInt(port)));
        if (router != null) {
            router.route().order(FIRST).handler(this::remember);
        }
    }

    private void remember(RoutingContext call) {
        var connection = call.request().connection();
        if (connections.add(connection)) {
            connection.closeHandler(gone -> connections.remove(connection));
        }
        if (closed) {
            call.addEndHandler(answered -> connection.close());
        }
        call.next();
    }

    /** Leaves the port to whoever else has it open: before the routes stop, so that nobody is told that they do. */
    void close() {
        var server = camel.hasService(ManagementHttpServer.class);
        if (server != null) {
            server.stop();
        }
        closed = true;
        connections.forEach(HttpConnection::close);
    }
}
