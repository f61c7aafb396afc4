package org.smscallbacks.store;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.jms.JmsMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.Settings;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.KeptEvent;

/**
 * Runs an unrecognised event through its provider's route again, as if its callback came now: same account, time of reception,
 * place in the batch. What is understood now is stored the usual way; what is not goes back to its queue with the same id.
 *
 * <p>That happens in the session the message was consumed in: it leaves its queue in the transaction that puts back what is left of
 * it, after all that was understood is on disk. Before that, a crash or a failure makes it come again, and what is stored
 * already is recognised by its id. A message that cannot be replayed is put back as it is.
 */
public final class ReplayProcessor implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayProcessor.class);

    private static final int LEAST_ERROR = 500;

    private final Map<String, Account> accounts = new HashMap<>();
    private final String replayQueue;
    private final String unrecognisedQueue;

    public ReplayProcessor(Settings settings) {
        settings.accounts().forEach(account -> accounts.put(account.provider() + "/" + account.name(), account));
        this.replayQueue = settings.queues().replay();
        this.unrecognisedQueue = settings.queues().unrecognised();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        var received = exchange.getMessage(JmsMessage.class);
        var message = received.getJmsMessage();
        var session = received.getJmsSession();
        var kept = message instanceof TextMessage text ? KeptEvent.in(text.getText()) : null;
        if (kept == null) {
            LOG.warn(
                    "A message in {} is no unrecognised event: it is in {} now, look at it there",
                    replayQueue,
                    unrecognisedQueue);
            putBack(session, message);
            return;
        }
        var account = accounts.get(kept.provider() + "/" + kept.account());
        var route = routeOf(kept.provider(), exchange.getContext());
        if (account == null || route == null) {
            LOG.warn(
                    "A message in {} came through sms.account.{}.{}, which is not configured: it is in {} again; configure the"
                            + " account and replay it then",
                    replayQueue,
                    kept.provider(),
                    kept.account(),
                    unrecognisedQueue);
            putBack(session, message);
            return;
        }
        var callback = replayed(kept, account, route);
        for (var left : callback.stillUnrecognised()) {
            var again = EventMessage.forJms(session, left);
            again.setLongProperty(EventProperties.REPLAYED_AT, System.currentTimeMillis());
            // whatever the router names: other queues have had it, and the next replay looks for it here
            send(session, unrecognisedQueue, again, Message.DEFAULT_PRIORITY);
        }
        int recognised = callback.events().size();
        int unrecognised = callback.stillUnrecognised().size();
        LOG.info(
                "replayed {}/{}: items {}, recognised {}, of these known before {}, unrecognised {}",
                kept.provider(),
                kept.account(),
                recognised + unrecognised,
                recognised,
                callback.duplicates(),
                unrecognised);
    }

    private static Route routeOf(String provider, CamelContext camel) {
        return camel.getRoutes().stream()
                .filter(route -> route.getEndpoint().getEndpointUri().contains("/callbacks/" + provider + "/"))
                .findFirst()
                .orElse(null);
    }

    /** Goes the provider's route; when this returns, what is understood now is on disk. */
    private Callback replayed(KeptEvent kept, Account account, Route route) throws Exception {
        var callback = new Callback(account, kept);
        var exchange = route.getEndpoint().createExchange(ExchangePattern.InOut);
        exchange.getMessage().setBody(kept.body());
        // whether it was a GET is not known any more: a route that reads the query must find it there as well
        callback.enter(exchange, "POST", kept.body());
        route.getProcessor().process(exchange);

        var status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
        var failure = exchange.getException();
        if (failure != null || status >= LEAST_ERROR || !callback.isStored()) {
            var outcome = failure != null ? failure.getClass().getSimpleName() : "answered " + status;
            throw new ReplayFailedException("replay of " + account.provider() + "/" + account.name() + ": " + outcome);
        }
        return callback;
    }

    private void putBack(Session session, Message message) throws JMSException {
        var properties = new HashMap<String, Object>();
        for (var name : Collections.list(message.getPropertyNames())) {
            properties.put(name.toString(), message.getObjectProperty(name.toString()));
        }
        // what was received cannot be changed otherwise
        message.clearProperties();
        for (var property : properties.entrySet()) {
            // the broker's own stay behind: by the duplicate id the queue would refuse it
            if (!property.getKey().startsWith("_AMQ") && !property.getKey().startsWith("JMS")) {
                message.setObjectProperty(property.getKey(), property.getValue());
            }
        }
        message.setLongProperty(EventProperties.REPLAYED_AT, System.currentTimeMillis());
        send(session, unrecognisedQueue, message, message.getJMSPriority());
    }

    private static void send(Session session, String queue, Message message, int priority) throws JMSException {
        try (var producer = session.createProducer(session.createQueue(queue))) {
            producer.send(message, DeliveryMode.PERSISTENT, priority, Message.DEFAULT_TIME_TO_LIVE);
        }
    }
}
