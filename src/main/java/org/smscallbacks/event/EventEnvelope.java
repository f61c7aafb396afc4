package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Completes what a mapping made of an item to the canonical event. A mapping writes, into the variable <code>event</code>:
 *
 * <ul>
 *   <li><code>type</code>
 *   <li><code>id</code>: the array of what makes the event one of a kind; its hash becomes the event's id, so the same report
 *       sent again gets the same id. One that is empty or all null counts as "the item as it is"
 *   <li><code>time</code>: optional, when it happened by the provider's clock
 *   <li><code>data</code>: the fields of that type
 * </ul>
 *
 * The body, the item as received, becomes <code>data.raw</code>. What is no such event becomes an unrecognised one.
 */
public final class EventEnvelope implements Processor {

    /** The exchange property with the item, once the event has taken its place in the body. */
    public static final String ITEM = "sms.item";

    /** The exchange property with the name of the mapping that was used last. */
    public static final String MAPPING = "sms.mapping";

    private static final String VARIABLE = "event";
    private static final TextNode SPEC_VERSION = TextNode.valueOf("1.0");
    private static final TextNode CONTENT_TYPE = TextNode.valueOf("application/json");
    private static final TextNode SCHEMA = TextNode.valueOf("/schemas/sms-event.v1.json");
    private static final JsonNode NOTHING = JsonNodeFactory.instance.missingNode();

    private final MappingSlips slips = new MappingSlips();

    @Override
    public void process(Exchange exchange) {
        var callback = Callback.of(exchange);
        var item = exchange.getMessage().getBody(JsonNode.class);
        exchange.setProperty(ITEM, item);
        var mapped = exchange.getVariable(VARIABLE) instanceof JsonNode node ? node : NOTHING;
        var type = mapped.path("type").asText();
        boolean isKeptAside = EventType.UNRECOGNISED.is(type);
        var problem = isKeptAside ? reason(mapped) : MappingSlips.slipIn(type, mapped);
        if (problem != null && !isKeptAside && callback.unreadable() == null) {
            slips.say(callback.account().provider(), exchange.getProperty(MAPPING, String.class), problem);
        }
        var event = problem != null || callback.unreadable() != null
                ? unrecognised(callback, item, callback.index(exchange), problem)
                : understood(callback, item, mapped);
        exchange.getMessage().setBody(event);
    }

    /** The event that keeps an item, or a whole body, that was not recognised. */
    public static ObjectNode unrecognised(Callback callback, JsonNode item, int index, String reason) {
        var said = callback.unreadable() == null ? reason : callback.unreadable();
        var kept = callback.keptAs(item);
        if (kept != null) {
            kept.withObject("data").put("reason", said);
            return kept;
        }
        var whole = callback.isWhole(item);
        var identity = identityOf(whole ? callback.body() : bytesOf(item));
        var event = envelope(callback, EventType.UNRECOGNISED.text(), identity, NOTHING, NOTHING);
        var data = origin(callback).put("reason", said);
        if (!whole) {
            data.put("index", index);
        } else if (callback.wasXml()) {
            data.put(Callback.FORMAT, "xml");
        }
        var query = callback.queryToKeep();
        if (query != null) {
            data.set(Callback.QUERY, query);
        }
        data.set(item instanceof BinaryNode ? "rawBase64" : "raw", item);
        return event.set("data", data);
    }

    private static ObjectNode understood(Callback callback, JsonNode item, JsonNode mapped) {
        var data = origin(callback);
        if (mapped.path("data") instanceof ObjectNode fields) {
            data.setAll(fields);
        }
        var type = mapped.path("type").textValue();
        if (EventType.DELIVERY_REPORT.is(type)) {
            data.put(
                    "rank",
                    Status.of(data.path("status").textValue())
                            .rank(data.path("final").booleanValue()));
        }
        data.set("raw", item);
        var event = envelope(
                callback,
                type,
                saysSomething(mapped.path("id")) ? mapped.path("id") : identityOf(bytesOf(item)),
                data.path("messageId"),
                mapped.path("time"));
        return event.set("data", data);
    }

    private static String reason(JsonNode mapped) {
        var reason = mapped.path("data").path("reason");
        return reason.isTextual() ? reason.textValue() : "the route gave no reason";
    }

    /** An identity of nulls would make one event of all that have none. */
    private static boolean saysSomething(JsonNode identity) {
        for (var part : identity) {
            if (!part.isNull()) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode identityOf(byte[] bytes) {
        return JsonNodeFactory.instance.arrayNode().add(HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    private static byte[] bytesOf(JsonNode item) {
        return item.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode origin(Callback callback) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("provider", callback.account().provider())
                .put("account", callback.account().name());
    }

    private static ObjectNode envelope(
            Callback callback, String type, JsonNode identity, JsonNode messageId, JsonNode time) {
        var account = callback.account();
        var receivedAt = callback.receivedAtText();
        var event = JsonNodeFactory.instance.objectNode();
        event.set("specversion", SPEC_VERSION);
        event.put("id", id(account.provider(), account.name(), type, identity));
        event.put("source", "/callbacks/" + account.provider() + "/" + account.name());
        event.put("type", type);
        if (messageId.isTextual()) {
            event.set("subject", messageId);
        }
        event.set("time", time.isTextual() ? time : receivedAt);
        event.set("receivedat", receivedAt);
        event.set("datacontenttype", CONTENT_TYPE);
        event.set("dataschema", SCHEMA);
        return event;
    }

    /** The first 128 bits of a SHA-256; each part with its length, so that no two lists of parts look alike. */
    private static String id(String provider, String account, String type, JsonNode identity) {
        var digest = sha256();
        update(digest, provider);
        update(digest, account);
        update(digest, type);
        for (var part : identity) {
            update(digest, part.isNull() ? null : part.isTextual() ? part.textValue() : part.toString());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    private static void update(MessageDigest digest, String part) {
        var bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
        digest.update(
                ByteBuffer.allocate(4).putInt(part == null ? -1 : bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
