package org.smscallbacks.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The items in a provider's fixtures, of every dialect, each with the event it becomes; and new ones that differ in their id only. */
final class Items {

    private static final int SHORTEST_ID = 6;
    private static final int RENEWED = 8;

    /**
     * An item and what it becomes.
     *
     * @param event without what another reception changes
     * @param messageId as the event has it, where the item says it in so many words; else null
     */
    record Item(ObjectNode item, ObjectNode event, String messageId) {}

    private final List<Item> items = new ArrayList<>();

    /** Of the fixtures of the pipeline's provider; where an item alone in an array becomes something else, it is left out. */
    Items(Pipeline pipeline, String provider, Instant receivedAt) throws IOException {
        for (var bytes : Corpus.of(provider)) {
            for (var event : pipeline.run(Request.of(bytes), receivedAt).events()) {
                if (event.event().at("/data/raw") instanceof ObjectNode item) {
                    var alone = pipeline.run(Request.json(List.of(item)), receivedAt);
                    var said = comparable(event.event());
                    if (alone.events().size() == 1
                            && comparable(alone.events().get(0).event()).equals(said)) {
                        items.add(new Item(item, said, renewable(item, event.data("messageId"))));
                    }
                }
            }
        }
    }

    int size() {
        return items.size();
    }

    Item any(Random random) {
        return items.get(random.nextInt(items.size()));
    }

    /** The same with another id of the same kind. */
    static Item renewed(Item known, Random random) {
        if (known.messageId == null) {
            return known;
        }
        var id = new StringBuilder(known.messageId);
        for (int i = id.length() - RENEWED; i < id.length(); i++) {
            if (i > 0 && Character.isLetterOrDigit(id.charAt(i))) {
                id.setCharAt(i, (char) ('0' + random.nextInt(10)));
            }
        }
        return new Item(
                (ObjectNode) replaced(known.item, known.messageId, id.toString()),
                (ObjectNode) replaced(known.event, known.messageId, id.toString()),
                id.toString());
    }

    /** What an event says, whenever it came and wherever in a batch. */
    static ObjectNode comparable(JsonNode event) {
        ObjectNode said = event.deepCopy();
        if (said.get("time").equals(said.get("receivedat"))) {
            said.put("time", "received");
        }
        said.remove(List.of("id", "receivedat"));
        if (said.get("data") instanceof ObjectNode data) {
            data.remove("index");
            if (data.get("raw") instanceof ObjectNode raw) {
                raw.remove(Batch.MARK);
            }
        }
        return said;
    }

    private static String renewable(JsonNode item, String messageId) {
        boolean isThere = messageId != null
                && messageId.length() >= SHORTEST_ID
                && !replaced(item, messageId, messageId + "0").equals(item);
        return isThere ? messageId : null;
    }

    private static JsonNode replaced(JsonNode node, String text, String other) {
        if (node.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                object.set(field.getKey(), replaced(field.getValue(), text, other));
            }
            return object;
        }
        if (node.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(replaced(element, text, other)));
            return array;
        }
        return node.isTextual() && node.textValue().contains(text)
                ? TextNode.valueOf(node.textValue().replace(text, other))
                : node;
    }
}
