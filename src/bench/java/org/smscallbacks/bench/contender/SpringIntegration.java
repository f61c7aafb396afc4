package org.smscallbacks.bench.contender;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.jms.JmsProperties;
import org.springframework.boot.autoconfigure.jms.artemis.ArtemisAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.integration.IntegrationMessageHeaderAccessor;
import org.springframework.integration.dsl.HeaderEnricherSpec;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.IntegrationFlowDefinition;
import org.springframework.integration.dsl.Transformers;
import org.springframework.integration.http.HttpHeaders;
import org.springframework.integration.http.dsl.Http;
import org.springframework.integration.jms.JmsHeaderMapper;
import org.springframework.integration.jms.dsl.Jms;
import org.springframework.integration.support.json.Jackson2JsonObjectMapper;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.connection.JmsTransactionManager;
import org.springframework.jms.support.JmsHeaders;
import org.springframework.jms.support.JmsUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * The same job with Spring Boot and Spring Integration, as their documentation shows the parts: an HTTP inbound gateway on Tomcat, a
 * splitter, a header enricher, a router, JMS outbound adapters, and a transaction around everything from one endpoint on. The
 * connection factory is the one Boot makes by default (<code>spring.jms.cache.*</code>), over the broker that all contenders share;
 * logging is configured as theirs, since Boot's own would write the broker's audit log.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = ArtemisAutoConfiguration.class)
public class SpringIntegration {

    private static final String TOKEN = "token";
    private static final String QUEUE = "queue";
    private static final String RECEIVED_AT = "receivedAt";
    private static final DateTimeFormatter WITH_MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    public static void main(String[] args) {
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        var home = Home.open();
        new SpringApplicationBuilder(SpringIntegration.class)
                .bannerMode(Banner.Mode.OFF)
                .properties(Map.of(
                        "server.address",
                        "127.0.0.1",
                        "server.port",
                        home.httpPort(),
                        "spring.config.location",
                        "optional:classpath:/",
                        "spring.jmx.enabled",
                        false))
                .initializers(context -> context.getBeanFactory().registerSingleton("home", home))
                .run(args);
        home.sayReady();
    }

    @Bean
    CachingConnectionFactory connectionFactory(Home home, JmsProperties properties) {
        var connections = new CachingConnectionFactory(home.connections());
        connections.setCacheConsumers(properties.getCache().isConsumers());
        connections.setCacheProducers(properties.getCache().isProducers());
        connections.setSessionCacheSize(properties.getCache().getSessionCacheSize());
        return connections;
    }

    @Bean
    JmsTransactionManager transactionManager(ConnectionFactory connections) {
        return new JmsTransactionManager(connections);
    }

    @Bean
    InfobipReports reports(Home home) throws IOException {
        return home.reports();
    }

    /** A price keeps its digits. */
    @Bean
    ObjectMapper json() {
        return JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /** Goes on to the answer when all events are sent; it goes out when the transaction is committed. */
    @Bean
    IntegrationFlow callback(ObjectMapper json, IntegrationFlow events) {
        return IntegrationFlow.from(Http.inboundGateway("/callbacks/infobip/demo")
                        .requestMapping(request -> request.methods(HttpMethod.POST))
                        .requestPayloadType(byte[].class)
                        .headerExpression(TOKEN, "#requestParams.getFirst('token')"))
                .filter(
                        Message.class,
                        callback -> Home.isToken(callback.getHeaders().get(TOKEN, String.class)),
                        filter -> filter.discardFlow(SpringIntegration::refuse))
                .enrichHeaders(headers ->
                        headers.headerFunction(RECEIVED_AT, callback -> WITH_MILLISECONDS.format(Instant.now())))
                .transform(Transformers.fromJson(JsonNode.class, new Jackson2JsonObjectMapper(json)))
                .bridge(endpoint -> endpoint.transactional(true))
                .publishSubscribeChannel(subscribers -> subscribers.subscribe(events))
                .enrichHeaders(answer -> answer.header(MessageHeaders.CONTENT_TYPE, MediaType.TEXT_PLAIN, true))
                .transform(Object.class, sent -> "OK")
                .get();
    }

    @Bean
    IntegrationFlow events(InfobipReports reports, ConnectionFactory connections) {
        return flow -> flow.split(JsonNode.class, callback -> callback.path("results"))
                .handle(JsonNode.class, (item, headers) -> toEvent(reports, item, headers))
                .enrichHeaders(SpringIntegration::describe)
                .transform(Event.class, Event::json)
                .route(
                        Message.class,
                        event -> event.getHeaders().get(QUEUE, String.class),
                        queues -> queues.subFlowMapping("sms.delivery.final", to(connections, "sms.delivery.final"))
                                .subFlowMapping("sms.delivery.interim", to(connections, "sms.delivery.interim"))
                                .defaultSubFlowMapping(to(connections, "sms.unrecognised")));
    }

    private static void refuse(IntegrationFlowDefinition<?> flow) {
        flow.enrichHeaders(answer -> answer.header(HttpHeaders.STATUS_CODE, HttpStatus.UNAUTHORIZED))
                .transform(Object.class, callback -> "");
    }

    private static IntegrationFlow to(ConnectionFactory connections, String queue) {
        return flow -> flow.handle(Jms.outboundAdapter(connections)
                .configureJmsTemplate(template -> template.explicitQosEnabled(true))
                .headerMapper(new EventHeaderMapper())
                .destination(queue));
    }

    private static Event toEvent(InfobipReports reports, JsonNode item, MessageHeaders headers) {
        int index = headers.get(IntegrationMessageHeaderAccessor.SEQUENCE_NUMBER, Integer.class) - 1;
        try {
            return reports.event(item, "demo", headers.get(RECEIVED_AT, String.class), index);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void describe(HeaderEnricherSpec headers) {
        headers.<Event>headerFunction(QUEUE, event -> event.getPayload().queue())
                .<Event>priorityFunction(event -> event.getPayload().priority())
                .<Event>headerFunction(
                        JmsHeaders.TYPE, event -> event.getPayload().type())
                .<Event>headerFunction(
                        JmsHeaders.CORRELATION_ID, event -> event.getPayload().messageId())
                .<Event>headerFunction(
                        "_AMQ_DUPL_ID", event -> event.getPayload().id())
                .<Event>headerFunction("eventId", event -> event.getPayload().id())
                .<Event>headerFunction("eventType", event -> event.getPayload().type())
                .<Event>headerFunction("provider", event -> event.getPayload().provider())
                .<Event>headerFunction("account", event -> event.getPayload().account())
                .<Event>headerFunction("messageId", event -> event.getPayload().messageId())
                .<Event>headerFunction("reference", event -> event.getPayload().reference())
                .<Event>headerFunction("status", event -> event.getPayload().status())
                .<Event>headerFunction("final", event -> event.getPayload().isFinal());
    }

    /** The default mapper would send along what the HTTP request and the flow have in headers, the token too. */
    private static final class EventHeaderMapper extends JmsHeaderMapper {

        private static final List<String> PROPERTIES = List.of(
                "_AMQ_DUPL_ID",
                "eventId",
                "eventType",
                "provider",
                "account",
                "messageId",
                "reference",
                "status",
                "final");

        @Override
        public void fromHeaders(MessageHeaders headers, jakarta.jms.Message message) {
            try {
                message.setJMSType(headers.get(JmsHeaders.TYPE, String.class));
                message.setJMSCorrelationID(headers.get(JmsHeaders.CORRELATION_ID, String.class));
                for (var property : PROPERTIES) {
                    var value = headers.get(property);
                    if (value != null) {
                        message.setObjectProperty(property, value);
                    }
                }
            } catch (JMSException e) {
                throw JmsUtils.convertJmsAccessException(e);
            }
        }

        @Override
        public Map<String, Object> toHeaders(jakarta.jms.Message message) {
            throw new UnsupportedOperationException("nothing is received");
        }
    }
}
