package org.smscallbacks.gateway;

import org.apache.camel.health.HealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.broker.BrokerHealth;
import org.smscallbacks.config.TrailSettings;

/** Says in the log what is open: for whom, where the data is, and what wants attention. */
final class StartReport {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private StartReport() {}

    static void log(Configuration configuration, Services services, String targetStates) {
        var settings = configuration.settings();
        for (var account : settings.accounts()) {
            LOG.info(
                    "  callbacks   http://{}/callbacks/{}/{}",
                    settings.http().address(),
                    account.provider(),
                    account.name());
        }
        settings.providersWithoutAccount()
                .forEach(provider -> LOG.info("  {} has no account yet: every callback is refused", provider));
        LOG.info(
                "  management  http://{}:{}/observe/health and /observe/metrics",
                settings.ofCamel("camel.management.host"),
                settings.ofCamel("camel.management.port"));
        if (services.broker() != null) {
            LOG.info(
                    "  broker      embedded, data in {}",
                    settings.broker().data().toAbsolutePath());
            LOG.info("  consumers   {}", String.join(", ", services.broker().addresses()));
            var reserve = services.broker().reserve();
            if (reserve.left() < 0) {
                LOG.warn("  but {}: callbacks are answered 503 until then", reserve.state());
            }
        } else {
            LOG.info("  broker      {}", settings.broker().url());
            var health = new BrokerHealth(services.connections()).call();
            if (health.getState() != HealthCheck.State.UP) {
                LOG.warn(
                        "  but {}: callbacks are answered 503 until it can",
                        health.getMessage().orElse(""));
            }
        }
        LOG.info("  trail       {}", trail(settings.brokerKeys().trail()));
        LOG.info("  targets     {}", targetStates);
    }

    private static String trail(TrailSettings trail) {
        return trail.isOn()
                ? trail.folder().toAbsolutePath() + ", of " + trail.days() + " days"
                : "none: bin/sms find tells only where a message is now";
    }
}
