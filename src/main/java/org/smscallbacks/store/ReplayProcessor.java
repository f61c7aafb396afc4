package org.smscallbacks.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
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
import org.smscallbacks.event.EventType;

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

    /** Whatever the gateway itself wrote must be read, digit for digit. */
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxNumberLength(10_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

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
        var event = unrecognisedIn(message);
        if (event == null) {
            LOG.warn(
                    "A message in {} is no unrecognised event: it is in {} now, look at it there",
                    replayQueue,
                    unrecognisedQueue);
            putBack(session, message);
            return;
        }
        var data = event.get("data");
        var provider = data.get("provider").textValue();
        var name = data.get("account").textValue();
        var account = accounts.get(provider + "/" + name);
        var route = routeOf(provider, exchange.getContext());
        if (account == null || route == null) {
            LOG.warn(
                    "A message in {} came through sms.account.{}.{}, which is not configured: it is in {} again; configure the"
                            + " account and replay it then",
                    replayQueue,
                    provider,
                    name,
                    unrecognisedQueue);
            putBack(session, message);
            return;
        }
        var callback = replayed(event, account, route);
        for (var left : callback.stillUnrecognised()) {
            var again = Committer.message(session, left);
            again.setLongProperty(EventProperties.REPLAYED_AT, System.currentTimeMillis());
            send(session, left.queues().get(0), again, Message.DEFAULT_PRIORITY);
        }
        int recognised = callback.events().size();
        int unrecognised = callback.stillUnrecognised().size();
        LOG.info(
                "replayed {}/{}: items {}, recognised {}, of these known before {}, unrecognised {}",
                provider,
                name,
                recognised + unrecognised,
                recognised,
                callback.duplicates(),
                unrecognised);
    }

    /** The event in the message, or null when it is not one that this gateway wrote. */
    private static ObjectNode unrecognisedIn(Message message) throws JMSException {
        try {
            return message instanceof TextMessage text
                            && text.getText() != null
                            && JSON.readTree(text.getText()) instanceof ObjectNode event
                            && isUnrecognised(event)
                    ? event
                    : null;
        } catch (IOException | DateTimeException e) {
            return null;
        }
    }

    private static boolean isUnrecognised(ObjectNode event) throws IOException {
        Instant.parse(event.path("receivedat").asText());
        var data = event.path("data");
        return EventType.UNRECOGNISED.is(event.path("type").asText())
                && event.path("id").isTextual()
                && data.path("provider").isTextual()
                && data.path("account").isTextual()
                && (data.has("raw") || data.path("rawBase64").binaryValue() != null)
                && (!data.has("index") || data.path("index").isInt());
    }

    private static Route routeOf(String provider, CamelContext camel) {
        return camel.getRoutes().stream()
                .filter(route -> route.getEndpoint().getEndpointUri().contains("/callbacks/" + provider + "/"))
                .findFirst()
                .orElse(null);
    }

    /** Goes the provider's route; when this returns, what is understood now is on disk. */
    private Callback replayed(ObjectNode event, Account account, Route route) throws Exception {
        var body = bodyIn(event.get("data"));
        var callback = new Callback(
                account,
                Instant.parse(event.get("receivedat").textValue()),
                body instanceof byte[] bytes ? bytes : JSON.writeValueAsBytes(body),
                event);
        var exchange = route.getEndpoint().createExchange(ExchangePattern.InOut);
        exchange.getMessage().setBody(body);
        // whether it was a GET is not known any more: a route that reads the query must find it there as well
        callback.enter(exchange, "POST", body);
        route.getProcessor().process(exchange);

        var status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
        var failure = exchange.getException();
        boolean isStored = callback.events().size() == callback.stored() + callback.duplicates();
        if (failure != null || status >= LEAST_ERROR || !isStored) {
            var outcome = failure != null ? failure.getClass().getSimpleName() : "answered " + status;
            throw new ReplayFailedException("replay of " + account.provider() + "/" + account.name() + ": " + outcome);
        }
        return callback;
    }

    /** An item, or a body that was read, is a tree; any other body is the bytes that came. */
    private static Object bodyIn(JsonNode data) throws IOException {
        if (data.has("rawBase64")) {
            return data.get("rawBase64").binaryValue();
        }
        var raw = data.get("raw");
        return raw.isTextual() && !data.has("index") ? raw.textValue().getBytes(StandardCharsets.UTF_8) : raw;
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
