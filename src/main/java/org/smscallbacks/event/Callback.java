package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.smscallbacks.config.Account;

/**
 * One call of a provider, from the guard to its answer: who called, and the events collected on the way. Or the replay of what an
 * earlier one left unrecognised. Used by one thread.
 */
public final class Callback {

    /** The exchange variable that holds it; the items of a batch share it. */
    public static final String VARIABLE = "callback";

    /** The variable of mappings, and the field of an unrecognised XML body, that say how a body was written. */
    static final String FORMAT = "format";

    /** The variable of mappings, and the field of an unrecognised event, with the parameters of the URL. */
    static final String QUERY = "query";

    /** Each item of a batch would keep it. */
    private static final int LONGEST_QUERY_KEPT = 2_048;

    /** Ids of another start of the gateway begin otherwise. */
    private static final String START = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-";

    private static final AtomicLong NUMBER = new AtomicLong();

    private final String id = START + Long.toString(NUMBER.incrementAndGet(), Character.MAX_RADIX);
    private final Account account;
    private final byte[] body;
    private final KeptEvent kept;
    private final BodyMemory memory;
    private final TextNode receivedAtText;
    private final Map<String, JsonNode> mappingVariables = new HashMap<>();
    private final List<CollectedEvent> events = new ArrayList<>();
    private final List<CollectedEvent> stillUnrecognised = new ArrayList<>();
    private Charset charset;
    private boolean isQueryOnly;
    private JsonNode tree;
    private String unreadable;
    private int stored;
    private Set<CollectedEvent> known = Set.of();

    public Callback(Account account, Instant receivedAt, byte[] body, BodyMemory memory) {
        this(account, receivedAt, body, null, memory);
    }

    /** The replay of what an earlier one left unrecognised. */
    public Callback(Account account, KeptEvent kept) throws IOException {
        this(account, kept.receivedAt(), kept.bytes(), kept, BodyMemory.NONE);
    }

    private Callback(Account account, Instant receivedAt, byte[] body, KeptEvent kept, BodyMemory memory) {
        this.account = account;
        this.body = body;
        this.kept = kept;
        this.memory = memory;
        this.receivedAtText = TextNode.valueOf(Times.format(receivedAt));
        mappingVariables.put("provider", TextNode.valueOf(account.provider()));
        mappingVariables.put("account", TextNode.valueOf(account.name()));
        mappingVariables.put(
                "timeZone", account.timeZone().isEmpty() ? NullNode.instance : TextNode.valueOf(account.timeZone()));
        mappingVariables.put("receivedAt", receivedAtText);
        mappingVariables.put(QUERY, isReplay() ? kept.query() : NullNode.instance);
        mappingVariables.put(
                FORMAT, isReplay() && !kept.isItem() ? TextNode.valueOf(kept.format()) : NullNode.instance);
    }

    /** By this the log and the trail know it. */
    public String id() {
        return id;
    }

    /** The callback this exchange belongs to, or null. */
    public static Callback of(Exchange exchange) {
        return (Callback) exchange.getVariable(VARIABLE);
    }

    /**
     * Sets the variables the routes read: <code>callback</code>, <code>provider</code>, <code>account</code>, <code>method</code>,
     * <code>query</code>, <code>replyStatus</code> and <code>replyBody</code>.
     */
    public void enter(Exchange exchange, String method, Object query) {
        exchange.setVariable(VARIABLE, this);
        exchange.setVariable("provider", account.provider());
        exchange.setVariable("account", account.name());
        exchange.setVariable("method", method);
        exchange.setVariable(QUERY, query);
        isQueryOnly = method.equals("GET");
        exchange.setVariable("replyStatus", account.replyStatus());
        exchange.setVariable("replyBody", account.replyBody());
    }

    public Account account() {
        return account;
    }

    /** The parameters of the URL but for the token, which mappings see as <code>$query</code>. */
    public void query(JsonNode query) {
        mappingVariables.put(QUERY, query);
    }

    /** What an unrecognised event keeps of these, so that its replay has them; null where the body says the same, and for none. */
    JsonNode queryToKeep() {
        var query = mappingVariables.get(QUERY);
        boolean isSmall =
                query.isObject() && !query.isEmpty() && query.toString().length() <= LONGEST_QUERY_KEPT;
        return isSmall && !isQueryOnly ? query : null;
    }

    /** The charset the caller names for the body, or null. */
    public void charset(Charset charset) {
        this.charset = charset;
    }

    /** The charset the caller names for the body, or null. */
    public Charset charset() {
        return charset;
    }

    /** What it takes of the memory for bodies. */
    public BodyMemory memory() {
        return memory;
    }

    /** When it came, as the event writes it. */
    TextNode receivedAtText() {
        return receivedAtText;
    }

    /** The body as it came; of a GET its query, without the token. */
    public byte[] body() {
        return body;
    }

    /**
     * What a mapping may ask for beside its input: <code>$query</code>, <code>$provider</code>, <code>$account</code>, <code>$timeZone</code> (null
     * unless configured), <code>$receivedAt</code>, <code>$index</code> (the place in the batch, from 0), <code>$format</code>
     * (json, xml).
     */
    public Map<String, JsonNode> mappingVariables(Exchange exchange) {
        mappingVariables.put("index", IntNode.valueOf(index(exchange)));
        return mappingVariables;
    }

    /** The place of the exchange's item in the batch, from 0. */
    public int index(Exchange exchange) {
        if (isReplayedItem()) {
            return kept.index();
        }
        var index = exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class);
        return index == null ? 0 : index;
    }

    /** How the body is written: json or xml. */
    public void format(String format) {
        mappingVariables.put(FORMAT, TextNode.valueOf(format));
    }

    /** Whether the body is a tree that was XML. */
    boolean wasXml() {
        return unreadable == null && "xml".equals(mappingVariables.get(FORMAT).textValue());
    }

    /** The whole body, once it is read. */
    public void tree(JsonNode tree) {
        this.tree = tree;
    }

    /** Whether this node is the whole body and not an item in it. */
    boolean isWhole(JsonNode item) {
        return !isReplayedItem() && (unreadable != null || item == tree);
    }

    /** Whether this is no call of a provider but the replay of what is kept as unrecognised. */
    public boolean isReplay() {
        return kept != null;
    }

    /** Whether the body is one item of an earlier batch: no items are in it, whatever it looks like. */
    public boolean isReplayedItem() {
        return isReplay() && kept.isItem();
    }

    /** The event that keeps this node already, or null. */
    ObjectNode keptAs(JsonNode item) {
        return isReplayedItem() || isReplay() && isWhole(item) ? kept.copy() : null;
    }

    /** The body could not be read; the reason never quotes it. */
    public void unreadable(String reason) {
        this.unreadable = reason;
    }

    /** Why the body could not be read, or null. */
    public String unreadable() {
        return unreadable;
    }

    public void collect(CollectedEvent event) {
        (isReplay() && event.isUnrecognised() ? stillUnrecognised : events).add(event);
    }

    /** The events collected so far that are to be stored, in the order of their items. */
    public List<CollectedEvent> events() {
        return events;
    }

    /**
     * What a replay did not understand either. Not among the events to be stored: its queue knows their ids and would drop them
     * as repetitions.
     */
    public List<CollectedEvent> stillUnrecognised() {
        return stillUnrecognised;
    }

    /** All events are on the broker's disk; these of them were there already. */
    public void stored(List<CollectedEvent> known) {
        this.stored = events.size() - known.size();
        if (!known.isEmpty()) {
            this.known = Collections.newSetFromMap(new IdentityHashMap<>());
            this.known.addAll(known);
        }
    }

    /** How many of the events are new on the broker's disk. */
    public int stored() {
        return stored;
    }

    /** Whether all that was collected is on the broker's disk. */
    public boolean isStored() {
        return stored + known.size() == events.size();
    }

    /** Whether this one of the events was on the broker's disk already. */
    public boolean isKnown(CollectedEvent event) {
        return known.contains(event);
    }

    /** How many of the events were on the broker's disk already. */
    public int duplicates() {
        return known.size();
    }
}
