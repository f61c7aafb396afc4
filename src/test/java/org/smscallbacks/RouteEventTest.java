package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.AddressRanges;
import org.smscallbacks.config.Credentials;
import org.smscallbacks.config.Settings;
import org.smscallbacks.event.BodyMemory;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.EventEnvelope;
import org.smscallbacks.mapping.JsltLanguage;

/** The content-based router alone, as a user edits it: an event in, a queue's name out. */
class RouteEventTest extends CamelMainTestSupport {

    private static final Settings SETTINGS = Settings.load(java.nio.file.Path.of("config"), Map.of(), new Properties());

    @Override
    protected void configure(MainConfigurationProperties configuration) {
        configuration.setRoutesIncludePattern(
                "file:routes/routing/route-event.camel.yaml,file:routes/routing/errors.camel.yaml");
    }

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        return SETTINGS.forCamel();
    }

    @Override
    protected void bindToRegistry(org.apache.camel.spi.Registry registry) {
        registry.bind("eventEnvelope", new EventEnvelope());
        registry.bind("jslt-language", new JsltLanguage(BundleTest.ROUTES));
        registry.bind("keepCallback", (org.apache.camel.Processor) exchange -> {});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'type':'sms.delivery-report','id':[],'data':{'status':'delivered','final':true}} | sms.delivery.final",
                "{'type':'sms.delivery-report','id':[],'data':{'status':'unknown','final':true}} | sms.delivery.final",
                "{'type':'sms.delivery-report','id':[],'data':{'status':'unknown','final':false}} | sms.delivery.interim",
                "{'type':'sms.delivery-report','id':[],'data':{'status':'buffered','final':false}} | sms.delivery.interim",
                "{'type':'sms.inbound-message','id':[],'data':{}} | sms.inbound",
                "{'type':'sms.link-click','id':[],'data':{}} | sms.click",
                "{'type':'sms.unrecognised','data':{'reason':'because'}} | sms.unrecognised",
                "{'type':'sms.delivery-report','data':{'final':true}} | sms.unrecognised",
                "{'type':'sms.invented','id':[],'data':{}} | sms.unrecognised",
                "{} | sms.unrecognised",
                "[] | sms.unrecognised"
            })
    void namesTheQueue(String event, String queue) throws Exception {
        var item = EventAssert.JSON.createObjectNode().put("as", "received");
        var routed = template.request("direct:route-event", exchange -> {
            var account =
                    new Account("infobip", "main", Credentials.nobodys(), AddressRanges.parse(""), "", 200, "", "");
            exchange.setVariable(
                    Callback.VARIABLE, new Callback(account, java.time.Instant.now(), new byte[0], BodyMemory.NONE));
            exchange.setVariable("event", EventAssert.JSON.readTree(event.replace('\'', '"')));
            exchange.getMessage().setBody(item);
        });
        assertEquals(queue, routed.getVariable("queue"));
        var body = routed.getMessage().getBody(JsonNode.class);
        assertEquals(item, body.get("data").get("raw"));
        assertTrue(body.get("id").asText().matches("[0-9a-f]{32}"));
    }

    @Test
    void readsTextAndBytesAndTakesNothingElseForEmpty() {
        var mapping = new JsltLanguage(BundleTest.ROUTES).createExpression(".only");
        var json = "{\"only\": \"this\"}";
        for (var body : new Object[] {json, json.getBytes(StandardCharsets.UTF_8)}) {
            var exchange = new DefaultExchange(context);
            exchange.getMessage().setBody(body);
            assertEquals("this", mapping.evaluate(exchange, JsonNode.class).textValue());
        }
        for (var body : new Object[] {"no JSON", new byte[] {1}, 7, new ByteArrayInputStream(new byte[0])}) {
            var exchange = new DefaultExchange(context);
            exchange.getMessage().setBody(body);
            assertThrows(IllegalArgumentException.class, () -> mapping.evaluate(exchange, JsonNode.class));
        }
    }
}
