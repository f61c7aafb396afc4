package org.smscallbacks.broker;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Ready while the embedded broker's disk has more room than is kept free; says how much more. */
public final class DiskHealth extends AbstractHealthCheck {

    private final DiskReserve reserve;

    public DiskHealth(DiskReserve reserve) {
        super("sms", "disk");
        this.reserve = reserve;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.message(reserve.state()).state(reserve.left() < 0 ? State.DOWN : State.UP);
    }
}
