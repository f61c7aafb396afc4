package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.asyncapi.v3._0_0.model.AsyncAPI;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.config.Settings;
import org.smscallbacks.delivery.RetryQueues;

/**
 * The documents the gateway serves: valid, and about the gateway as it is. {@link OpenApi} and {@link AsyncApi} hold every answer
 * and every message of the other tests against them.
 */
class ContractsTest {

    private static final Contract OPENAPI = OpenApi.CONTRACT;
    private static final Contract ASYNCAPI = AsyncApi.CONTRACT;
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final Settings SHIPPED = Settings.load(Path.of("config"), Map.of(), new Properties());

    static List<JsonNode> credentials() {
        return list(OPENAPI.document().get("security"));
    }

    // --- valid

    @Test
    void isOpenApiByItsOfficialSchema() {
        var official = SCHEMAS.getSchema(getClass().getResourceAsStream("/openapi/3.1/schema/2025-09-15"));
        assertEquals(Set.of(), official.validate(OPENAPI.document()));
    }

    /** What the model of the specification does not know, or takes for something else, is not there when it is written again. */
    @Test
    void isAsyncApiByItsModel() throws Exception {
        var json = new ObjectMapper().setSerializationInclusion(JsonInclude.Include.NON_NULL);
        var text = ASYNCAPI.document().toString();
        assertEquals(json.readTree(text), json.readTree(json.writeValueAsString(json.readValue(text, AsyncAPI.class))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openapi.json", "asyncapi.json", "schemas/sms-event.v1.json"})
    void hasSchemasThatAreSchemas(String name) {
        JsonSchema dialect = SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        var document = Contract.read(name).document();
        var schemas = new TreeMap<String, JsonNode>();
        if (document.has("$schema")) {
            schemas.put(name, document);
        }
        document.findValues("schema").forEach(schema -> schemas.put(schema.toString(), schema));
        document.at("/components/messages").forEach(message -> {
            var headers = message.get("headers");
            schemas.put(headers.toString(), headers);
        });
        document.at("/components/schemas").forEach(schema -> schemas.put(schema.toString(), schema));
        assertFalse(schemas.isEmpty());
        schemas.forEach((where, schema) -> assertEquals(Set.of(), dialect.validate(schema), where));
    }

    /** As a generator does that is given nothing but the URL. */
    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/asyncapi.json", "/schemas/sms-event.v1.json"})
    void servesTheDocumentAndAllItRefersTo(String path) throws Exception {
        var gateway = TestGateway.shared();
        var base = gateway.uri(path);
        var answer = gateway.get(base);
        assertEquals(200, answer.statusCode());
        var served = EventAssert.JSON.readTree(answer.body());
        assertEquals(Contract.read(path.substring(1)).document(), served);
        var references = new TreeSet<>(served.findValuesAsText("$ref"));
        assertFalse(references.isEmpty());
        for (var reference : references) {
            var uri = base.resolve(reference);
            var referred = gateway.get(URI.create(uri.toString().replaceAll("#.*", "")));
            assertEquals(200, referred.statusCode(), reference);
            assertFalse(
                    EventAssert.JSON
                            .readTree(referred.body())
                            .at(uri.getFragment() == null ? "" : uri.getFragment())
                            .isMissingNode(),
                    reference);
        }
    }

    @Test
    void areVersionsOfOneContract() {
        var version = OPENAPI.document().at("/info/version");
        assertEquals(version, ASYNCAPI.document().at("/info/version"));
        var schema = "schemas/sms-event.v" + version.asText().split("\\.")[0] + ".json";
        ASYNCAPI.document()
                .at("/components/messages")
                .forEach(message ->
                        assertEquals(schema, message.at("/payload/$ref").asText()));
    }

    // --- what providers call

    @Test
    void hasEveryRouteAndNoOther() throws Exception {
        assertHasEveryRouteAndNoOther(Project.THIS);
    }

    static void assertHasEveryRouteAndNoOther(Project project) throws Exception {
        var routes = new TreeMap<String, Set<String>>();
        for (var file : BundleTest.routeFiles(project)) {
            for (var entity : BundleTest.read(file)) {
                var from = entity.at("/route/from");
                if (from.path("uri").asText().equals("platform-http")) {
                    var methods = from.at("/parameters/httpMethodRestrict").asText();
                    routes.put(from.at("/parameters/path").asText(), new TreeSet<>(Arrays.asList(methods.split(","))));
                }
            }
        }
        var documented = new TreeMap<String, Set<String>>();
        var document = EventAssert.JSON.readTree(Files.readString(project.openApi()));
        for (var path : document.get("paths").properties()) {
            // a server of its own: not the port the routes are on
            if (!path.getValue().has("servers")) {
                documented.put(path.getKey(), methods(path.getValue()));
            }
        }
        assertEquals(routes, documented);
    }

    @Test
    void hasTheManagementPortAsItIs() throws Exception {
        var gateway = TestGateway.shared();
        var host = SHIPPED.ofCamel("camel.management.host") + ":" + SHIPPED.ofCamel("camel.management.port");
        var paths = new TreeSet<String>();
        for (var path : OPENAPI.document().get("paths").properties()) {
            if (path.getValue().has("servers")) {
                paths.add(path.getKey());
                assertEquals(
                        "http://" + host, path.getValue().at("/servers/0/url").asText());
                assertEquals(
                        200, gateway.get(gateway.managementUri(path.getKey())).statusCode(), path.getKey());
            }
        }
        assertEquals(
                Set.of("/observe/health", "/observe/health/live", "/observe/health/ready", "/observe/metrics"), paths);
    }

    @Test
    void showsAnswersAsTheyAre() throws Exception {
        var gateway = TestGateway.shared();
        assertEquals(
                example("unreadable", "application/problem+json"),
                EventAssert.JSON.readTree(gateway.post("infobip", "{").body()));
        assertEquals(
                example("notAuthorised", "application/problem+json"),
                EventAssert.JSON.readTree(
                        gateway.get(gateway.uri("/callbacks/bulkgate/main")).body()));
        assertEquals(
                example("tooLarge", "application/problem+json"),
                EventAssert.JSON.readTree(
                        gateway.post("bulkgate", new byte[(8 << 20) + 1]).body()));
        assertEquals(
                example("stored", "text/plain").asText(),
                gateway.post("bulkgate", "[]").body());
        assertEquals(
                example("storedIds", "text/xml").asText(),
                gateway.post("webcom-mobi", Files.readString(Path.of("routes/webcom-mobi/sample.xml")))
                        .body());
        var states = "[{\"id_sms\":3234,\"state\":\"deliver\"},{\"id_sms\":3235,\"state\":\"not_deliver\"}]";
        assertEquals(
                example("storedIds", "application/json"),
                EventAssert.JSON.readTree(gateway.post("webcom-mobi", states).body()));
        gateway.queues().drain();
    }

    /** Of the parameters of one entry each is optional; together they must be one that is understood. */
    @Test
    void readsTheParametersItHas() throws Exception {
        var gateway = TestGateway.shared();
        gateway.queues().drain();
        var parameters = list(OPENAPI.document()
                .get("paths")
                .get("/callbacks/bulkgate/{account}")
                .at("/get/parameters"));
        var query = parameters.stream()
                .map(parameter -> parameter.get("name").asText() + "="
                        + URLEncoder.encode(parameter.get("example").asText(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        gateway.get(gateway.callbackUri("bulkgate", "token=" + TestGateway.TOKEN + "&" + query));
        var received = gateway.queues().drain();
        assertEquals(1, received.size());
        var event = EventAssert.eventIn(received.get(0));
        assertEquals("sms.delivery-report", event.get("type").asText());
        assertFalse(event.get("data").has("problems"), event::toString);
        for (var parameter : parameters) {
            assertEquals(
                    parameter.get("example"),
                    event.get("data").get("raw").get(parameter.get("name").asText()));
        }
    }

    /** An account with these credentials lets in whom the document tells to show them, and nobody with less. */
    @ParameterizedTest
    @MethodSource("credentials")
    void letsInWithTheCredentialsItHas(JsonNode wanted) throws Exception {
        var schemes = new TreeSet<String>();
        wanted.fieldNames().forEachRemaining(schemes::add);
        var gateway = TestGateway.withBrokerAt(TestGateway.shared().brokerPort());
        for (var scheme : schemes) {
            var account = "sms.account.infobip.document.";
            switch (scheme) {
                case "token", "bearer" -> gateway.set(account + "token", TestGateway.TOKEN);
                case "basic" -> gateway.set(account + "basic", "caller:" + TestGateway.PASSWORD);
                default ->
                    gateway.set(account + "hmac.secret", TestGateway.SIGNING_KEY)
                            .set(
                                    account + "hmac.header",
                                    scheme(scheme).get("name").asText());
            }
        }
        try (gateway) {
            gateway.start();
            assertEquals(200, gateway.send(callback(gateway, schemes)).statusCode());
            for (var missing : schemes) {
                var fewer = new TreeSet<>(schemes);
                fewer.remove(missing);
                assertEquals(401, gateway.send(callback(gateway, fewer)).statusCode(), "without " + missing);
            }
        }
    }

    // --- what waits in the queues

    @Test
    void hasEveryQueueAndNoOther() {
        var queues = new TreeSet<String>();
        for (var channel : ASYNCAPI.document().get("channels")) {
            var address = channel.get("address").asText();
            queues.add(address);
            var key = address.replaceFirst("^sms\\.", "sms.queue.");
            if (address.equals(SHIPPED.forCamel().getProperty(key))) {
                assertTrue(channel.get("description").asText().contains("`" + key + "`"), key);
            }
        }
        var expected = new TreeSet<>(SHIPPED.queues().all());
        expected.addAll(List.of(
                "sms.target.{name}",
                "sms.target.{name}.urgent",
                "sms.target.{name}.retry",
                "sms.retry.{step}",
                "sms.dead.{name}"));
        assertEquals(expected, queues);
        var steps = new ArrayList<String>();
        ASYNCAPI.document()
                .at("/components/parameters/step/enum")
                .forEach(step -> steps.add("sms.retry." + step.asText()));
        assertEquals(RetryQueues.names(), steps);
    }

    @Test
    void tellsConsumersWhatToReceive() {
        var channels = new TreeSet<String>();
        for (var operation : ASYNCAPI.document().get("operations")) {
            assertEquals("receive", operation.get("action").asText());
            var channel = ASYNCAPI.follow(operation.get("channel"));
            assertEquals(
                    channel.get("messages").elements().next(),
                    ASYNCAPI.follow(operation.get("messages").get(0)));
            channels.add(channel.get("address").asText());
        }
        assertTrue(channels.containsAll(Queues.ALL), channels::toString);
    }

    @Test
    void showsMessagesThatAreValid() {
        int examples = 0;
        for (var message : ASYNCAPI.document().at("/components/messages").properties()) {
            var pointer = "/components/messages/" + message.getKey();
            for (var example : message.getValue().path("examples")) {
                AsyncApi.assertProperties(pointer, example.get("headers"));
                ASYNCAPI.assertValid(pointer + "/payload", example.get("payload"));
                assertEquals(example.at("/headers/eventId"), example.at("/payload/id"));
                assertEquals(example.at("/headers/eventType"), example.at("/payload/type"));
                examples++;
            }
        }
        assertTrue(examples > 0);
    }

    @Test
    void listensWhereTheShippedBrokerDoes() throws Exception {
        var broker = Files.readString(Path.of("config/broker.xml"));
        for (var server : ASYNCAPI.document().get("servers")) {
            var acceptor = "tcp://" + server.get("host").asText() + "?protocols=CORE,AMQP;";
            assertTrue(broker.contains(acceptor), acceptor);
        }
        var user = ASYNCAPI.document()
                .at("/components/securitySchemes/user/description")
                .asText();
        assertTrue(user.startsWith("`esb`"));
        assertTrue(Files.readString(Path.of("config/broker-users.properties")).contains("\nesb = "));
    }

    private static JsonNode scheme(String name) {
        return OPENAPI.document().at("/components/securitySchemes/" + name);
    }

    /** A callback with the credentials of these schemes, made as the document describes each. */
    private static HttpRequest.Builder callback(TestGateway gateway, Set<String> schemes) throws Exception {
        var body = "{\"results\":[]}";
        var query = "";
        var request = HttpRequest.newBuilder();
        for (var name : schemes) {
            var scheme = scheme(name);
            if (scheme.path("in").asText().equals("query")) {
                query = "?" + scheme.get("name").asText() + "=" + TestGateway.TOKEN;
            } else if (scheme.path("in").asText().equals("header")) {
                request.header(scheme.get("name").asText(), signature(body));
            } else if (scheme.get("scheme").asText().equals("bearer")) {
                request.header("Authorization", "Bearer " + TestGateway.TOKEN);
            } else {
                var user = "caller:" + TestGateway.PASSWORD;
                request.header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
            }
        }
        return request.uri(gateway.uri("/callbacks/infobip/document" + query))
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static String signature(String body) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(TestGateway.SIGNING_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonNode example(String response, String type) {
        return OPENAPI.document()
                .at("/components/responses/" + response + "/content/" + Contract.escaped(type) + "/example");
    }

    private static Set<String> methods(JsonNode pathItem) {
        var methods = new TreeSet<String>();
        for (var method : List.of("get", "head", "put", "post", "delete", "patch")) {
            if (pathItem.has(method)) {
                methods.add(method.toUpperCase());
            }
        }
        return methods;
    }

    private static List<JsonNode> list(JsonNode array) {
        var list = new ArrayList<JsonNode>();
        array.forEach(list::add);
        return list;
    }
}
