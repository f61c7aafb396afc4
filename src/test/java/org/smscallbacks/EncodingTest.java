package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.config.Settings;

/**
 * Texts of all of Unicode, and what Java and JSON can hold but nobody can encode (half an emoji): each event reaches every kind of
 * consumer, whole, and what the provider sent stays in <code>raw</code>.
 */
class EncodingTest {

    private static final int ITEMS = 200;
    private static final long SEED = 20_261_126;
    private static final List<String> QUEUES = List.of("sms.inbound", "sms.delivery.final", "sms.unrecognised");

    private final Random random = new Random(SEED);
    private TestGateway gateway;

    @BeforeEach
    void empty() throws Exception {
        gateway = TestGateway.shared();
        gateway.queues().drain();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        gateway.queues().drain();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void reachesEveryConsumer(String scheme) throws Exception {
        var items = items(scheme);
        assertEquals(200, gateway.post("infobip", written(items)).statusCode());
        var taken = new ArrayList<TextMessage>();
        try (var context = factory(scheme).createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            for (var queue : QUEUES) {
                var consumer = context.createConsumer(context.createQueue(queue));
                await().until(() -> {
                    for (var message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
                        taken.add((TextMessage) message);
                    }
                    return taken.size() >= (QUEUES.indexOf(queue) + 1) * ITEMS;
                });
                consumer.close();
            }
        }
        assertEquals(3 * ITEMS, taken.size());
        var raws = new ArrayList<JsonNode>();
        var ids = new TreeSet<String>();
        for (var message : taken) {
            raws.add(assertWhole(message));
            ids.add(message.getStringProperty("eventId"));
        }
        assertEquals(taken.size(), ids.size(), "each once");
        assertEquals(counted(items), counted(raws));
    }

    @Test
    void reachesAFileAndAnHttpReceiver(@TempDir Path folder) throws Exception {
        var items = items("targets");
        try (var targets = TargetGateway.atTheSharedBroker()) {
            var webhook = targets.add("encoding").set("events", "*@infobip/fixtures");
            targets.gateway()
                    .set("sms.target.file.url", "file:" + folder)
                    .set("sms.target.file.events", "*@infobip/fixtures");
            targets.start();
            var account = targets.gateway().uri("/callbacks/infobip/fixtures?token=" + TestGateway.TOKEN);
            var body = written(items).getBytes(StandardCharsets.UTF_8);
            assertEquals(200, targets.gateway().post(account, body).statusCode());
            var stored = new TreeMap<String, String>();
            for (var received : targets.gateway().queues().drain()) {
                assertWhole(received.message());
                stored.put(received.message().getStringProperty("eventId"), received.text());
            }
            assertEquals(3 * ITEMS, stored.size());

            var called = new TreeMap<String, String>();
            await().until(() -> webhook.downstream().calls().size() >= stored.size());
            webhook.downstream().calls().forEach(call -> called.put(call.id(), call.body()));
            assertEquals(stored, called);

            await().until(() -> lines(folder).size() >= stored.size());
            assertEquals(new TreeSet<>(stored.values()), new TreeSet<>(lines(folder)));
        }
    }

    /** Fails where a line cannot be read as UTF-8. */
    private static List<String> lines(Path folder) throws Exception {
        var lines = new ArrayList<String>();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    /** Everything in the message can be encoded, and is what the item said; returns what the event keeps as the item. */
    private static JsonNode assertWhole(TextMessage message) throws Exception {
        encode(message.getText());
        encode(message.getJMSCorrelationID());
        for (var name : Collections.list(message.getPropertyNames())) {
            encode(String.valueOf(message.getObjectProperty(name.toString())));
        }
        var data = EventAssert.JSON.readTree(message.getText()).get("data");
        var raw = data.get("raw");
        var own = ((ObjectNode) data.deepCopy()).remove(List.of("raw"));
        encode(own.toString());
        if (raw.has("messageId")) {
            assertEquals(
                    replaced(raw.get("messageId").asText()),
                    data.get("messageId").asText());
            assertEquals(message.getJMSCorrelationID(), message.getStringProperty("messageId"));
        }
        if (raw.has("text")) {
            assertEquals(replaced(raw.get("text").asText()), data.get("text").asText());
        }
        return raw;
    }

    private static void encode(String text) throws Exception {
        if (text != null) {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        }
    }

    private static String replaced(String text) {
        return text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static Map<JsonNode, Integer> counted(Iterable<? extends JsonNode> nodes) {
        var counted = new HashMap<JsonNode, Integer>();
        nodes.forEach(node -> counted.merge(node, 1, Integer::sum));
        return counted;
    }

    /** Inbound messages, reports, and items nobody knows. */
    private ArrayNode items(String prefix) {
        var items = EventAssert.JSON.createArrayNode();
        for (int i = 0; i < ITEMS; i++) {
            items.addObject()
                    .put("messageId", prefix + i + text())
                    .put("from", "+38591" + (1_000_000 + i))
                    .put("to", "SHOP")
                    .put("text", "t" + text())
                    .put("keyword", "k" + text())
                    .put("receivedAt", "2026-03-29T10:15:04.900+0000");
            var report = items.addObject()
                    .put("messageId", prefix + "r" + i + text())
                    .put("bulkId", "b" + text())
                    .put("to", "385915550102")
                    .put("doneAt", "2026-03-29T10:15:04.900+0000")
                    .put("callbackData", "c" + text());
            report.putObject("status")
                    .put("id", 5)
                    .put("groupName", "DELIVERED")
                    .put("name", "DELIVERED_TO_HANDSET")
                    .put("description", "d" + text());
            items.addObject().put("odd", prefix + i + text()).put("n" + text(), i);
        }
        return items;
    }

    /** Up to ten characters of any plane, without those JSON has no need of; every third or so is half of one. */
    private String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(10); i >= 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> text.append((char) (Character.MIN_SURROGATE + random.nextInt(0x800)));
                case 1 -> text.appendCodePoint(0x1F600 + random.nextInt(0x50));
                case 2 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                case 3 -> text.append((char) (0xE000 + random.nextInt(0x2000)));
                default -> text.append((char) (0x21 + random.nextInt(0xD7DF - 0x21)));
            }
        }
        return text.toString();
    }

    /** As providers write what they could not encode: with escapes. */
    private static String written(ArrayNode items) {
        var json = EventAssert.JSON.createObjectNode().set("results", items).toString();
        var escaped = new StringBuilder();
        json.chars().forEach(letter -> {
            if (letter < 0x7F) {
                escaped.append((char) letter);
            } else {
                escaped.append("\\u%04x".formatted(letter));
            }
        });
        assertTrue(escaped.length() > json.length());
        return escaped.toString();
    }

    private ConnectionFactory factory(String scheme) throws JMSException {
        var url = scheme + "://127.0.0.1:" + gateway.brokerPort();
        return scheme.equals("amqp")
                ? new JmsConnectionFactory("esb", Settings.DEMO_SECRET, url)
                : new ActiveMQConnectionFactory(url, "esb", Settings.DEMO_SECRET);
    }
}
