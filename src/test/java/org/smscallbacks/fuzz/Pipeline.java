package org.smscallbacks.fuzz;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.Settings;
import org.smscallbacks.delivery.Targets;
import org.smscallbacks.event.BodyMemory;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.CollectedEvent;
import org.smscallbacks.event.EventEnvelope;
import org.smscallbacks.http.AnswerProblem;
import org.smscallbacks.http.CollectEvents;
import org.smscallbacks.http.InvalidEvents;
import org.smscallbacks.http.KeepFailedCallback;
import org.smscallbacks.mapping.FormFields;
import org.smscallbacks.mapping.ItemsLanguage;
import org.smscallbacks.mapping.JsltLanguage;
import org.smscallbacks.mapping.JsonOrXml;
import org.smscallbacks.store.EventPublisher;
import org.smscallbacks.store.EventStore;

/**
 * The shipped routes and mappings of one provider, from the bytes of a callback to the events that would be stored. There is no port
 * before them and no broker behind; everything between is the gateway's own. Used by one thread.
 */
public final class Pipeline implements AutoCloseable {

    private static final Settings SETTINGS = Settings.load(Path.of("config"), Map.of(), new Properties());
    private static final List<String> SHARED = List.of("errors", "receive", "acknowledge", "route-event");

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final EventPublisher publisher =
            new EventPublisher(new NoStore(), Duration.ofMinutes(1), () -> false, stored -> {}, stored -> {});
    private final Account account;
    private final Producer callbacks;
    private int items;

    /** The routes of this provider, with an account of this name. */
    public Pipeline(String provider, String account) {
        this.account = new Account(provider, account, null, null, "", 200, "", "");
        try {
            bind();
            camel.setTracing(false);
            camel.getShutdownStrategy().setTimeout(1);
            camel.getPropertiesComponent().setInitialProperties(SETTINGS.forCamel());
            camel.addComponent("platform-http", new Door());
            PluginHelper.getRoutesLoader(camel).loadRoutes(files(provider));
            camel.start();
            callbacks = camel.getRoute(provider + "-callback").getEndpoint().createProducer();
            callbacks.start();
        } catch (Exception e) {
            throw new IllegalStateException("the routes of " + provider, e);
        }
    }

    /** The folders are the list. */
    public static Set<String> providers() {
        return SETTINGS.providers();
    }

    private void bind() {
        var jslt = new JsltLanguage(SETTINGS.routes());
        var collectEvents = new CollectEvents(
                SETTINGS.queues(),
                new Targets(List.of(), Set.of()),
                new InvalidEvents(SETTINGS.providers(), new SimpleMeterRegistry()));
        var beans = camel.getRegistry();
        // it has nothing to say where the callback is known already, as that of a replay
        beans.bind("callbackGuard", (org.apache.camel.Processor) exchange -> {});
        beans.bind("jsonOrXml", new JsonOrXml());
        beans.bind("formFields", new FormFields());
        beans.bind("jslt-language", jslt);
        beans.bind("items-language", new ItemsLanguage(jslt));
        beans.bind("eventEnvelope", new EventEnvelope());
        beans.bind("collectEvents", (AggregationStrategy) (collected, item) -> {
            items++;
            return collectEvents.aggregate(collected, item);
        });
        beans.bind("eventPublisher", publisher);
        beans.bind("keepCallback", new KeepFailedCallback(collectEvents, publisher));
        beans.bind("answerProblem", new AnswerProblem());
    }

    private static Resource[] files(String provider) throws IOException {
        var files = new ArrayList<Resource>();
        for (var shared : SHARED) {
            files.add(file("routing/" + shared));
        }
        files.add(file(provider + "/" + provider));
        return files.toArray(Resource[]::new);
    }

    private static Resource file(String name) throws IOException {
        var path = SETTINGS.routes().resolve(name + ".camel.yaml");
        return ResourceHelper.fromString("file:" + path, java.nio.file.Files.readString(path));
    }

    /** What becomes of it, as if it came at this time. */
    public Outcome run(Request request, Instant receivedAt) {
        var query = request.isGet() ? request.text() : "";
        var callback = new Callback(account, receivedAt, request.body(), BodyMemory.NONE);
        callback.charset(request.charset());
        callback.query(FormFields.read(query));
        var exchange = callbacks.getEndpoint().createExchange(ExchangePattern.InOut);
        callback.enter(exchange, request.isGet() ? "GET" : "POST", query);
        exchange.getMessage().setBody(request.isGet() ? new byte[0] : request.body());
        items = 0;
        long started = System.nanoTime();
        try {
            callbacks.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        return outcome(exchange, callback, System.nanoTime() - started);
    }

    private Outcome outcome(Exchange exchange, Callback callback, long nanos) {
        var status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        var type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        var body = exchange.getMessage().getBody(String.class);
        return new Outcome(
                status,
                type,
                body,
                callback.unreadable(),
                items,
                List.copyOf(callback.events()),
                exchange.getException(),
                nanos);
    }

    @Override
    public void close() {
        camel.stop();
        publisher.close();
    }

    /** Everything is on a disk that is none. */
    private static final class NoStore implements EventStore {

        @Override
        public List<CollectedEvent> store(List<CollectedEvent> events) {
            return List.of();
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
