package org.smscallbacks.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.util.Map;
import java.util.TreeMap;

/** Whether the contenders do the same work: the same callback, posted to each, must leave the same messages. */
final class SameJob {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ITEMS = 10;

    private SameJob() {}

    /** @throws IllegalStateException when a contender stores something else than the first one */
    static void check(Contenders contenders) throws Exception {
        Map<String, String> expected = null;
        var callbacks = contenders.all().stream()
                .filter(contender -> !contender.name().equals(Contenders.JOURNAL))
                .toList();
        for (var contender : callbacks) {
            contender.release();
            var stored = stored(contender, contenders.loadOf(contender));
            contender.hold();
            if (expected == null) {
                expected = stored;
            } else if (!expected.equals(stored)) {
                throw new IllegalStateException(
                        contender.name() + " does not do the same job:\n" + expected + "\n" + stored);
            }
        }
        System.out.println("All contenders store the same messages, property by property and field by field.");
    }

    private static Map<String, String> stored(Contender contender, Load load) throws Exception {
        load.runAtRate(new Reports("same-job", ITEMS), 1, 10, 100);
        var stored = new TreeMap<String, String>();
        Queues.drain(contender, message -> stored.put(Queues.property(message, "messageId"), describe(message)));
        if (stored.size() != ITEMS) {
            throw new IllegalStateException(contender.name() + " stored " + stored.keySet());
        }
        return stored;
    }

    private static String describe(Message message) {
        try {
            var properties = new TreeMap<String, Object>();
            for (var names = message.getPropertyNames(); names.hasMoreElements(); ) {
                var name = (String) names.nextElement();
                if (!name.startsWith("JMSX")) {
                    properties.put(name, message.getObjectProperty(name));
                }
            }
            JsonNode event = JSON.readTree(((TextMessage) message).getText());
            ((ObjectNode) event).remove("receivedat");
            return properties + " " + message.getJMSType() + " " + message.getJMSCorrelationID() + " "
                    + message.getJMSPriority() + " " + message.getJMSDestination() + " "
                    + JSON.readTree(event.toString());
        } catch (JMSException | com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
