package org.smscallbacks.trail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.smscallbacks.event.CollectedEvent;

/** One step of an event, or of a callback that became none. Holds no phone number and no text, and no field that does not apply. */
public final class TrailLine {

    /** When, ISO 8601 in UTC. */
    static final String AT = "at";

    static final String STEP = "step";

    /** The call of the provider it was in, by the id that the log has. */
    static final String CALLBACK = "callback";

    static final String EVENT = "event";

    /** The provider's id of the SMS. */
    static final String MESSAGE = "message";

    /** The customer's own reference; in the file as a keyed hash only, since people put phone numbers there. */
    static final String REFERENCE = "reference";

    static final String PROVIDER = "provider";
    static final String ACCOUNT = "account";
    static final String TYPE = "type";
    static final String STATUS = "status";
    static final String RANK = "rank";

    /** The queues it was stored in, or the one it was taken from by an operator. */
    static final String QUEUES = "queues";

    static final String TARGET = "target";

    /** What the provider, or the target, answered: an HTTP status, or a word for there being none. */
    static final String ANSWER = "answer";

    /** How often the target was called with it. */
    static final String ATTEMPT = "attempt";

    /** When it is tried again, ISO 8601 in UTC. */
    static final String UNTIL = "until";

    /** Why it is a dead letter. */
    static final String REASON = "reason";

    /** How many callbacks the line stands for. */
    static final String TIMES = "times";

    private final ObjectNode fields;

    TrailLine(ObjectNode fields) {
        this.fields = fields;
    }

    private static TrailLine now(Step step) {
        return at(Instant.now().toString(), step);
    }

    private static TrailLine at(String now, Step step) {
        return new TrailLine(JsonNodeFactory.instance.objectNode())
                .with(AT, now)
                .with(STEP, step.text());
    }

    /** An event of a callback that was answered. */
    static TrailLine ofEvent(String now, Step step, String callback, CollectedEvent event, int answer) {
        var data = event.event().path("data");
        var line = at(now, step)
                .with(CALLBACK, callback)
                .with(EVENT, event.id())
                .with(MESSAGE, event.data("messageId"))
                .with(REFERENCE, event.data("reference"))
                .with(PROVIDER, event.data("provider"))
                .with(ACCOUNT, event.data("account"))
                .with(TYPE, event.type())
                .with(STATUS, event.data("status"))
                .with(ANSWER, String.valueOf(answer));
        if (data.path("rank").isInt()) {
            line.fields.set(RANK, data.get("rank"));
        }
        if (step == Step.RECEIVED || step == Step.UNRECOGNISED) {
            var queues = line.fields.putArray(QUEUES);
            event.queues().forEach(queues::add);
            event.copies().forEach(queues::add);
        }
        return line;
    }

    /** So many callbacks were not let in, or not taken. */
    static TrailLine ofRefused(String provider, String account, int answer, long times) {
        var line = now(Step.REFUSED)
                .with(PROVIDER, provider)
                .with(ACCOUNT, account)
                .with(ANSWER, String.valueOf(answer));
        line.fields.put(TIMES, times);
        return line;
    }

    /**
     * What came of calling a target.
     *
     * @param until when it is tried again, or null
     * @param reason why not, or null
     */
    public static TrailLine ofAttempt(
            Step step,
            String event,
            String message,
            String target,
            String answer,
            int attempt,
            Instant until,
            String reason) {
        var line = now(step)
                .with(EVENT, event)
                .with(MESSAGE, message)
                .with(TARGET, target)
                .with(ANSWER, answer)
                .with(UNTIL, until == null ? null : until.toString())
                .with(REASON, reason);
        line.fields.put(ATTEMPT, attempt);
        return line;
    }

    /** What an operator did with an event that lay in that queue. */
    public static TrailLine ofOperator(Step step, String event, String queue) {
        var line = now(step).with(EVENT, event);
        line.fields.putArray(QUEUES).add(queue);
        return line;
    }

    /** Whether a text may be such a line. */
    static boolean isSum(String text) {
        return text.contains("\"" + TIMES + "\":");
    }

    /** The same, of so many. */
    TrailLine standingFor(long times) {
        var of = fields.deepCopy();
        of.put(TIMES, times);
        return new TrailLine(of);
    }

    /** Null is left out. */
    private TrailLine with(String name, String value) {
        if (value != null) {
            fields.put(name, value);
        }
        return this;
    }

    /** The fields, as they stand in the file. */
    ObjectNode fields() {
        return fields;
    }

    /** The same, for whoever prints it. */
    public ObjectNode toJson() {
        return fields.deepCopy();
    }

    /** A field as text, or null. */
    String get(String name) {
        var value = fields.get(name);
        return value == null || value.isNull() ? null : value.asText();
    }

    /** When; the beginning of time where that cannot be read. */
    public Instant at() {
        return time(AT, Instant.EPOCH);
    }

    /** When it is tried again, or null. */
    public Instant until() {
        return time(UNTIL, null);
    }

    private Instant time(String name, Instant otherwise) {
        try {
            return Instant.parse(fields.path(name).asText());
        } catch (DateTimeException e) {
            return otherwise;
        }
    }

    /** What happened, or null for what this version does not know. */
    public Step step() {
        return Step.named(get(STEP));
    }

    /** The event's id, or null. */
    public String event() {
        return get(EVENT);
    }

    public String message() {
        return get(MESSAGE);
    }

    public String callback() {
        return get(CALLBACK);
    }

    public String provider() {
        return get(PROVIDER);
    }

    public String account() {
        return get(ACCOUNT);
    }

    public String type() {
        return get(TYPE);
    }

    public String status() {
        return get(STATUS);
    }

    public String target() {
        return get(TARGET);
    }

    public String answer() {
        return get(ANSWER);
    }

    public String reason() {
        return get(REASON);
    }

    /** How often the target was called with it. */
    public int attempt() {
        return fields.path(ATTEMPT).asInt();
    }

    /** How many callbacks it stands for. */
    public long times() {
        return fields.path(TIMES).asLong(1);
    }

    /** The queues it was stored in, or the one it was taken from. */
    public List<String> queues() {
        var names = new ArrayList<String>();
        fields.path(QUEUES).forEach(name -> names.add(name.asText()));
        return names;
    }
}
