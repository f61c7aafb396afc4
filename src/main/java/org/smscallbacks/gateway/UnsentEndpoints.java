package org.smscallbacks.gateway;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;

/** Stands before every endpoint that leads out of the routes: notes what would be sent, or read, and does neither. */
final class UnsentEndpoints implements EndpointStrategy {

    /** What stays in the routes. */
    private static final Set<String> INSIDE =
            Set.of("direct", "platform-http", "log", "language", "dataformat", "validator", "xslt");

    private final List<String> noted = new CopyOnWriteArrayList<>();

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        return INSIDE.contains(StringHelper.before(endpoint.getEndpointUri(), ":", ""))
                ? endpoint
                : new UnsentEndpoint(endpoint, this::note);
    }

    private void note(String what, Endpoint endpoint) {
        noted.add(what + " " + URISupport.sanitizeUri(endpoint.getEndpointUri()));
    }

    void begin() {
        noted.clear();
    }

    /** In words, in their order. */
    List<String> noted() {
        return List.copyOf(noted);
    }
}
