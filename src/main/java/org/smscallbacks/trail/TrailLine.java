package org.smscallbacks.trail;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.smscallbacks.event.CollectedEvent;

/**
 * One step of an event, or of a callback that became none. Its fields are those of the file. Holds no phone number and no text, and no
 * field that does not apply.
 */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
@JsonInclude(Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class TrailLine {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final long MOST_TIMES = Long.MAX_VALUE / 4;

    /** An id of a provider can have any length. */
    private static final int LONGEST_ID = 1_000;

    /** When, ISO 8601 in UTC. */
    private String at;

    private String step;

    /** The call of the provider it was in, by the id that the log has. */
    private String callback;

    private String event;

    /** The provider's id of the SMS. */
    private String message;

    /** The customer's own reference; in the file as a keyed hash only, since people put phone numbers there. */
    private String reference;

    private String provider;
    private String account;
    private String type;
    private String status;

    /** What the provider, or the target, answered: an HTTP status, or a word for there being none. */
    private String answer;

    private Integer rank;

    /** The queues it was stored in, or the one it was taken from by an operator. */
    private List<String> queues;

    private String target;

    /** When it is tried again, ISO 8601 in UTC. */
    private String until;

    /** Why it is a dead letter. */
    private String reason;

    /** How often the target was called with it. */
    private Integer attempt;

    /** How many callbacks the line stands for. */
    private Long times;

    private TrailLine() {
        // by a factory, or from a file
    }

    private static TrailLine at(String now, Step step) {
        var line = new TrailLine();
        line.at = now;
        line.step = step.text();
        return line;
    }

    private static TrailLine now(Step step) {
        return at(Instant.now().toString(), step);
    }

    /** An event of a callback that was answered. */
    static TrailLine ofEvent(String now, Step step, String callback, CollectedEvent event, String answer) {
        var line = at(now, step);
        line.callback = callback;
        line.event = event.id();
        line.message = cut(event.data("messageId"));
        line.reference = event.data("reference");
        line.provider = event.data("provider");
        line.account = event.data("account");
        line.type = event.type();
        line.status = event.data("status");
        line.answer = answer;
        if (event.event().path("data").path("rank") instanceof IntNode rank) {
            line.rank = rank.intValue();
        }
        if (step == Step.RECEIVED || step == Step.UNRECOGNISED) {
            line.queues = event.addresses();
        }
        return line;
    }

    private static String cut(String id) {
        return id == null || id.length() <= LONGEST_ID ? id : id.substring(0, LONGEST_ID);
    }

    /** So many callbacks were not let in, or not taken. */
    static TrailLine ofRefused(String provider, String account, int answer, long times) {
        var line = now(Step.REFUSED);
        line.provider = provider;
        line.account = account;
        line.answer = String.valueOf(answer);
        line.times = times;
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
        var line = now(step);
        line.event = event;
        line.message = cut(message);
        line.target = target;
        line.answer = answer;
        line.attempt = attempt;
        line.until = until == null ? null : until.toString();
        line.reason = reason;
        return line;
    }

    /** What an operator did with an event that lay in that queue. */
    public static TrailLine ofOperator(Step step, String event, String queue) {
        var line = now(step);
        line.event = event;
        line.queues = List.of(queue);
        return line;
    }

    /** Whether a text may be such a line of several. */
    static boolean isSum(String text) {
        return text.contains("\"times\":");
    }

    /** This line and another one of the same callers and the same answer, as one: that of the later time. */
    TrailLine and(TrailLine other) {
        var later = other.at().isBefore(at()) ? this : other;
        var sum = new TrailLine();
        sum.at = later.at;
        sum.step = later.step;
        sum.provider = later.provider;
        sum.account = later.account;
        sum.answer = later.answer;
        sum.times = Math.max(times(), other.times()) > MOST_TIMES ? MOST_TIMES : times() + other.times();
        return sum;
    }

    /** From now on its reference is that hash of it. */
    void hide(TrailFolder.Hash hash) {
        if (reference != null) {
            reference = hash.of(reference);
        }
    }

    /** Its fields, for whoever prints them. */
    public ObjectNode toJson() {
        return JSON.valueToTree(this);
    }

    /** When; the beginning of time where that cannot be read. */
    public Instant at() {
        return time(at, Instant.EPOCH);
    }

    /** When it is tried again, or null. */
    public Instant until() {
        return time(until, null);
    }

    private static Instant time(String text, Instant otherwise) {
        try {
            return text == null ? otherwise : Instant.parse(text);
        } catch (DateTimeException e) {
            return otherwise;
        }
    }

    /** What happened, or null for what this version does not know. */
    public Step step() {
        return Step.named(step);
    }

    /** The event's id, or null. */
    public String event() {
        return event;
    }

    public String message() {
        return message;
    }

    /** The hash of it, of a line that was read. */
    String reference() {
        return reference;
    }

    public String callback() {
        return callback;
    }

    public String provider() {
        return provider;
    }

    public String account() {
        return account;
    }

    public String type() {
        return type;
    }

    public String status() {
        return status;
    }

    public String target() {
        return target;
    }

    public String answer() {
        return answer;
    }

    public String reason() {
        return reason;
    }

    /** How often the target was called with it. */
    public int attempt() {
        return attempt == null ? 0 : attempt;
    }

    /** How many callbacks it stands for. */
    public long times() {
        return times == null ? 1 : times;
    }

    /** The queues it was stored in, or the one it was taken from. */
    public List<String> queues() {
        return queues == null
                ? List.of()
                : queues.stream().filter(Objects::nonNull).toList();
    }
}
