package org.smscallbacks.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Items of which something is not as it should be, as scripts, new versions and subscribers make them. */
final class OddItems {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int LONG = 1_500;
    private static final int DEEP = 40;

    private static final List<String> ODD = List.of(
            "null",
            "true",
            "0",
            "-1",
            "7",
            "1.0",
            "1e-7",
            "-0.0",
            "1e999",
            "99999999999999999999999999",
            "\"\"",
            "\" \"",
            "\"0\"",
            "\"10\"",
            "\"null\"",
            "\"odd\"",
            "\"\\ud83d\"",
            "\"\\ude00 and a half \\ud83d\"",
            "\"\\ud83d\\ude00\"",
            "\"\\u0000\\u0001\\u001f\\ufffe\\uffff\"",
            "\"\\u202e\\u200b\\u0130\\u1e9e\"",
            "\"a\\nb\\r\\tc\"",
            "\"%00%F0%9F%zz+\"",
            "\"' OR 1=1 -- ${jndi:x} {{x}} <b>&amp;\"",
            "\"2026-02-30T25:61:61Z\"",
            "\"2026-03-29 02:30:00\"",
            "\"0000-00-00 00:00:00\"",
            "\"+292278994-08-17T07:12:55Z\"",
            "\"9999999999\"",
            "\"2403281259;\"",
            "\"+00385915550102\"",
            "\"٣٨٥٩١٥٥٥٠١٠٢\"",
            "[]",
            "{}",
            "[null]",
            "[[\"a\",1],{}]",
            "{\"\":\"\"}",
            "{\"id\":{\"id\":null}}");

    private final Random random;

    OddItems(Random random) {
        this.random = random;
    }

    /** The item with one to three of its fields changed; now and then no item at all. */
    JsonNode of(ObjectNode item) {
        if (random.nextInt(20) == 0) {
            return odd();
        }
        var changed = item.deepCopy();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            change(changed);
        }
        return changed;
    }

    private void change(ObjectNode item) {
        var holders = new ArrayList<ObjectNode>();
        addHolders(item, holders);
        var holder = holders.get(random.nextInt(holders.size()));
        var names = new ArrayList<String>();
        holder.fieldNames().forEachRemaining(names::add);
        var name = names.isEmpty() ? "none" : names.get(random.nextInt(names.size()));
        var value = holder.path(name);
        switch (random.nextInt(12)) {
            case 0 -> holder.remove(name);
            case 1 -> rename(holder, name);
            case 2 -> holder.set(name, otherType(value));
            case 3 -> holder.set(name, NODES.arrayNode().add(value.deepCopy()));
            case 4 -> holder.set(name, NODES.objectNode().set("value", value.deepCopy()));
            case 5 -> holder.set(name, TextNode.valueOf(value.asText() + "\uD83D"));
            case 6 -> holder.set(name, TextNode.valueOf("x".repeat(random.nextInt(LONG))));
            case 7 -> holder.set("field" + random.nextInt(9), odd());
            case 8 -> shuffle(holder, names);
            case 9 -> holder.set(name, deep());
            default -> holder.set(name, odd());
        }
    }

    private static void addHolders(JsonNode node, List<ObjectNode> holders) {
        if (node instanceof ObjectNode object) {
            holders.add(object);
        }
        if (node instanceof ContainerNode<?>) {
            node.forEach(child -> addHolders(child, holders));
        }
    }

    private void rename(ObjectNode holder, String name) {
        var value = holder.remove(name);
        if (value != null) {
            var other = random.nextBoolean() ? name.toUpperCase(java.util.Locale.ROOT) : name + "_";
            holder.set(other, value);
        }
    }

    private static JsonNode otherType(JsonNode value) {
        if (value.isTextual() && value.textValue().matches("-?[0-9]{1,40}")) {
            return NODES.numberNode(new BigInteger(value.textValue()));
        }
        return value.isContainerNode() ? TextNode.valueOf(value.toString()) : TextNode.valueOf(value.asText());
    }

    private void shuffle(ObjectNode holder, List<String> names) {
        Collections.shuffle(names, random);
        for (var name : names) {
            holder.set(name, holder.remove(name));
        }
    }

    private ArrayNode deep() {
        var deepest = NODES.arrayNode();
        for (int i = 0; i < DEEP; i++) {
            deepest = NODES.arrayNode().add(deepest);
        }
        return deepest;
    }

    private JsonNode odd() {
        try {
            return JSON.readTree(ODD.get(random.nextInt(ODD.size())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
