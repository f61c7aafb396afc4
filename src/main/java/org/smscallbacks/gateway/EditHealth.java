package org.smscallbacks.gateway;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Says whether what was edited last is refused, and why. Never down: what was there before goes on. */
final class EditHealth extends AbstractHealthCheck {

    private final LastEdit edit;

    EditHealth(LastEdit edit) {
        super("sms", "edits");
        this.edit = edit;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.message(edit.inWords()).up();
    }
}
