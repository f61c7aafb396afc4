package org.smscallbacks.bench.contender;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.connection.JmsTransactionManager;

/**
 * The same job as a plain Camel route, as Camel's documentation shows its parts: platform-http, Jackson, the splitter, a
 * content-based router, and the JMS component in a transacted route (Transactional Client). The documentation's example pools
 * connections, since JmsTemplate is slow without; here it is Spring's connection factory, with sessions for all worker threads.
 */
public final class PlainCamel extends RouteBuilder {

    /** So many callbacks at a time does platform-http give to routes. */
    private static final int WORKERS = VertxOptions.DEFAULT_WORKER_POOL_SIZE;

    private static final String TRANSACTION = "PROPAGATION_REQUIRED";
    private static final String QUEUE = "queue";
    private static final String RECEIVED_AT = "receivedAt";
    private static final DateTimeFormatter WITH_MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private final InfobipReports reports;

    private PlainCamel(InfobipReports reports) {
        this.reports = reports;
    }

    public static void main(String[] args) throws Exception {
        var home = Home.open();
        var connections = new CachingConnectionFactory(home.connections());
        connections.setSessionCacheSize(WORKERS);
        var transactions = new JmsTransactionManager(connections);
        var required = new SpringTransactionPolicy(transactions);
        required.setPropagationBehaviorName(TRANSACTION);
        var jms = JmsComponent.jmsComponentTransacted(connections, transactions);
        jms.setPreserveMessageQos(true);

        var main = new Main();
        main.bind(TRANSACTION, required);
        main.bind("jms", jms);
        main.configure().httpServer().withEnabled(true).withHost("127.0.0.1").withPort(home.httpPort());
        main.configure().addRoutesBuilder(new PlainCamel(home.reports()));
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterStart(BaseMainSupport started) {
                home.sayReady();
            }
        });
        main.run();
    }

    @Override
    public void configure() {
        // spotless:off
        from("platform-http:/callbacks/infobip/demo?httpMethodRestrict=POST")
                .choice()
                    .when(exchange -> !Home.isToken(exchange.getMessage().getHeader("token", String.class)))
                        .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(401))
                        .setBody(constant(""))
                        .stop()
                .end()
                .transacted(TRANSACTION)
                .removeHeaders("*")
                .setProperty(RECEIVED_AT, () -> WITH_MILLISECONDS.format(Instant.now()))
                .unmarshal(json())
                .split().body(JsonNode.class, callback -> callback.path("results"))
                    .stopOnException()
                    .process(this::toEvent)
                    .choice()
                        .when(exchangeProperty(QUEUE).isEqualTo("sms.delivery.final"))
                            .to(ExchangePattern.InOnly, "jms:queue:sms.delivery.final")
                        .when(exchangeProperty(QUEUE).isEqualTo("sms.delivery.interim"))
                            .to(ExchangePattern.InOnly, "jms:queue:sms.delivery.interim")
                        .otherwise()
                            .to(ExchangePattern.InOnly, "jms:queue:sms.unrecognised")
                    .end()
                .end()
                .setHeader(Exchange.CONTENT_TYPE, constant("text/plain"))
                .setBody(constant("OK"));
        // spotless:on
    }

    /** A price keeps its digits. */
    private static JacksonDataFormat json() {
        var mapper = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
        return new JacksonDataFormat(mapper, JsonNode.class);
    }

    private void toEvent(Exchange exchange) throws IOException {
        var message = exchange.getMessage();
        var event = reports.event(
                message.getBody(JsonNode.class),
                "demo",
                exchange.getProperty(RECEIVED_AT, String.class),
                exchange.getProperty(Exchange.SPLIT_INDEX, int.class));
        message.setBody(event.json());
        message.setHeader("JMSType", event.type());
        message.setHeader("JMSPriority", event.priority());
        message.setHeader("_AMQ_DUPL_ID", event.id());
        message.setHeader("eventId", event.id());
        message.setHeader("eventType", event.type());
        message.setHeader("provider", event.provider());
        message.setHeader("account", event.account());
        if (event.messageId() != null) {
            message.setHeader("JMSCorrelationID", event.messageId());
            message.setHeader("messageId", event.messageId());
        }
        if (event.reference() != null) {
            message.setHeader("reference", event.reference());
        }
        if (event.status() != null) {
            message.setHeader("status", event.status());
        }
        if (event.isFinal() != null) {
            message.setHeader("final", event.isFinal());
        }
        exchange.setProperty(QUEUE, event.queue());
    }
}
