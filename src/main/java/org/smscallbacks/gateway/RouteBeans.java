package org.smscallbacks.gateway;

import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.delivery.DeliveryOutcome;
import org.smscallbacks.delivery.NextAttempt;
import org.smscallbacks.delivery.PauseTarget;
import org.smscallbacks.delivery.ReceiverClient;
import org.smscallbacks.delivery.Target;
import org.smscallbacks.delivery.TargetTurn;
import org.smscallbacks.delivery.Targets;
import org.smscallbacks.delivery.WebhookCall;
import org.smscallbacks.delivery.WebhookRequest;
import org.smscallbacks.event.EventEnvelope;
import org.smscallbacks.http.AnswerProblem;
import org.smscallbacks.http.CallbackGuard;
import org.smscallbacks.http.CollectEvents;
import org.smscallbacks.http.InvalidEvents;
import org.smscallbacks.http.KeepFailedCallback;
import org.smscallbacks.mapping.FormFields;
import org.smscallbacks.mapping.ItemsLanguage;
import org.smscallbacks.mapping.JsltLanguage;
import org.smscallbacks.mapping.JsonOrXml;
import org.smscallbacks.store.ReplayProcessor;
import org.springframework.jms.connection.CachingConnectionFactory;

/** What a route can name: the contract between YAML and Java. <code>docs/editing-routes.md</code> says what each does. */
final class RouteBeans implements AutoCloseable {

    private final List<CachingConnectionFactory> targetBrokers = new ArrayList<>();

    private JsltLanguage jslt;
    private WebhookCall webhookCall;

    void bind(
            CamelContext camel, Configuration configuration, Services services, CallbackGuard guard, Targets targets) {
        var settings = configuration.settings();
        jslt = new JsltLanguage(settings.routes());
        var collectEvents = new CollectEvents(
                settings.queues(), targets, new InvalidEvents(settings.providers(), services.meters()));
        var beans = camel.getRegistry();
        beans.bind("callbackGuard", guard);
        beans.bind("jsonOrXml", new JsonOrXml());
        beans.bind("formFields", new FormFields());
        beans.bind("jslt-language", jslt);
        beans.bind("items-language", new ItemsLanguage(jslt));
        beans.bind("eventEnvelope", new EventEnvelope());
        beans.bind("collectEvents", collectEvents);
        beans.bind("eventPublisher", services.publisher());
        beans.bind("keepCallback", new KeepFailedCallback(collectEvents, services.publisher()));
        beans.bind("answerProblem", new AnswerProblem());
        beans.bind("targetTurn", new TargetTurn(targets, services.meters(), services.trail()));
        webhookCall = new WebhookCall(services.clock(), services.vertx());
        beans.bind("webhookCall", webhookCall);
        beans.bind("webhookRequest", new WebhookRequest(services.clock()));
        beans.bind("deliveryOutcome", new DeliveryOutcome(services.clock()));
        beans.bind("nextAttempt", new NextAttempt(services.clock()));
        beans.bind("pauseTarget", new PauseTarget(services.queues()));
        for (var target : configuration.targets()) {
            if (target.receiver() != null) {
                beans.bind("client-" + target.name(), new ReceiverClient(target.receiver(), services.vertx()));
            } else if (target.isBroker()) {
                beans.bind("broker-" + target.name(), brokerOf(target));
            }
        }
        beans.bind("replay", new ReplayProcessor(settings));
    }

    /**
     * What tables and mappings say, once all mappings are known; of a status that does not exist it only warns.
     *
     * @throws ConfigurationException when a table has a row that no lookup of the routes can find
     */
    void lookAtMappings() {
        jslt.refuseRowsNeverFound();
        jslt.warnOfStatuses();
    }

    /** Connections to the broker that is a target; one at a time, which its sessions share. */
    private CachingConnectionFactory brokerOf(Target target) {
        var login = target.login().split(":", 2);
        var connection = new CachingConnectionFactory(
                new ActiveMQConnectionFactory(target.url(), login[0], login.length > 1 ? login[1] : null));
        connection.setReconnectOnException(true);
        targetBrokers.add(connection);
        return connection;
    }

    @Override
    public void close() {
        targetBrokers.forEach(CachingConnectionFactory::destroy);
        if (webhookCall != null) {
            webhookCall.close();
        }
    }
}
