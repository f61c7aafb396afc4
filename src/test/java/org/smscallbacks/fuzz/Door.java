package org.smscallbacks.fuzz;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.direct.DirectComponent;

/** In the place of the open port: what is sent to the path of a route is its callback. */
final class Door extends DirectComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String path, Map<String, Object> parameters) throws Exception {
        parameters.clear();
        return super.createEndpoint(uri, path, parameters);
    }
}
