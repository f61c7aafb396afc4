package org.smscallbacks.broker;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Alive as long as the embedded broker is: it ends itself when its disk fails, and only a restart brings it back. */
public final class EmbeddedBrokerHealth extends AbstractHealthCheck {

    private final EmbeddedBroker broker;

    public EmbeddedBrokerHealth(EmbeddedBroker broker) {
        super("sms", "embedded-broker");
        this.broker = broker;
    }

    @Override
    public boolean isLiveness() {
        return true;
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (broker.isAlive()) {
            builder.up();
        } else {
            builder.message("the embedded broker has ended: look for its reason in the log and restart the gateway")
                    .down();
        }
    }
}
