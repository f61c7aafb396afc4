package org.smscallbacks.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Batches of a provider's items, some of them changed, in one of the envelopes it uses; the same ones for the same seed. */
public final class Batches {

    private static final int MOST_ITEMS = 12;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String provider;
    private final Items items;
    private final Random random;
    private final OddItems odd;
    private int marks;

    /** Of the items in the fixtures. */
    public Batches(Pipeline pipeline, String provider, long seed) throws java.io.IOException {
        this.provider = provider;
        this.items = new Items(pipeline, provider, java.time.Instant.now());
        this.random = new Random(seed * 31 + provider.hashCode());
        this.odd = new OddItems(random);
    }

    /** How many different items there are. */
    public int known() {
        return items.size();
    }

    public Batch next() {
        boolean isOne = random.nextInt(4) == 0;
        var sent = new ArrayList<JsonNode>();
        var untouched = new ArrayList<ObjectNode>();
        for (int count = isOne ? 1 : 1 + random.nextInt(MOST_ITEMS); count > 0; count--) {
            var item = Items.renewed(items.any(random), random);
            boolean isTouched = random.nextBoolean();
            JsonNode said = isTouched ? odd.of(item.item()) : item.item().deepCopy();
            if (said instanceof ObjectNode object) {
                // never the first: a shape may be known by its first field
                object.put(Batch.MARK, provider + "-" + ++marks);
            }
            sent.add(said);
            untouched.add(isTouched ? null : item.event());
        }
        if (isOne && isFlat(sent.get(0))) {
            return new Batch(provider, Request.form(sent.get(0), random.nextBoolean()), sent, untouched);
        }
        if (random.nextInt(10) == 0) {
            int twice = random.nextInt(sent.size());
            sent.add(sent.get(twice));
            untouched.add(untouched.get(twice));
        }
        var request = Request.json(envelope(sent));
        return random.nextInt(8) == 0 ? damaged(request) : new Batch(provider, request, sent, untouched);
    }

    /** Names and texts only, as a form has them; an empty one asks whether the URL works. */
    private static boolean isFlat(JsonNode item) {
        boolean isFlat = item.isObject() && item.size() > 1 && !item.has("");
        for (var value : item) {
            isFlat &= value.isTextual()
                    && value.textValue().length() < 1_000
                    && StandardCharsets.UTF_8.newEncoder().canEncode(value.textValue());
        }
        return isFlat;
    }

    private JsonNode envelope(List<JsonNode> sent) {
        var array = NODES.arrayNode().addAll(sent);
        if (random.nextBoolean()) {
            return array;
        }
        boolean areObjects = sent.stream().allMatch(JsonNode::isObject);
        return switch (provider) {
            case "infobip" ->
                NODES.objectNode().put("messageCount", sent.size()).set("results", array);
            case "webcom-mobi" -> NODES.objectNode().put("errno", 0).set("state", array);
            case "kannel", "jasmin" -> array;
            default -> areObjects ? listWithGaps(sent) : array;
        };
    }

    private static ObjectNode listWithGaps(List<JsonNode> sent) {
        var list = NODES.objectNode();
        for (int i = 0; i < sent.size(); i++) {
            list.set(String.valueOf(2 * i + 1), sent.get(i));
        }
        return list;
    }

    /** Nobody knows beforehand what can still be read of it. */
    private Batch damaged(Request request) {
        var text = request.text();
        int at = random.nextInt(text.length());
        var windows = java.nio.charset.Charset.forName("windows-1251");
        var damaged =
                switch (random.nextInt(7)) {
                    case 0 -> new Request(false, Arrays.copyOf(request.body(), at), null);
                    case 1 -> new Request(false, text.getBytes(StandardCharsets.UTF_16LE), null);
                    case 2 ->
                        new Request(false, ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
                    case 3 -> new Request(false, (text + text).getBytes(StandardCharsets.UTF_8), null);
                    case 4 -> new Request(false, text.replace("\\u00", "\u0416").getBytes(windows), windows);
                    case 5 ->
                        new Request(
                                false,
                                text.replaceFirst("(\"[a-zA-Z]+\":)", "$1null,$1")
                                        .getBytes(StandardCharsets.UTF_8),
                                null);
                    default ->
                        new Request(
                                false,
                                (text.substring(0, at) + (char) random.nextInt(0x3000) + text.substring(at))
                                        .getBytes(StandardCharsets.UTF_8),
                                null);
                };
        return new Batch(provider, damaged, List.of(), Collections.emptyList());
    }
}
