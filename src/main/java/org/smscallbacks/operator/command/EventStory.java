package org.smscallbacks.operator.command;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.QueueNames;
import org.smscallbacks.event.Times;
import org.smscallbacks.operator.EventSearch.Place;
import org.smscallbacks.trail.TrailLine;

/**
 * What is known of one event, in words: from its trail, and from where it lies now.
 *
 * @param id the event's id
 * @param lines its steps, in the order of time
 * @param places the queues it lies in
 * @param names what the broker was asked
 */
record EventStory(String id, List<TrailLine> lines, List<Place> places, EventStory.Names names) {

    /** The names of the queues that a story needs; <code>isAsked</code> is false when the broker could not be asked what lies where. */
    record Names(String unrecognised, String refused, boolean isAsked) {}

    /** Such as "delivery-report delivered of infobip/main". */
    String title() {
        return words(type(), status()) + (provider() == null ? "" : " of " + provider() + "/" + account());
    }

    private String provider() {
        return first(TrailLine::provider, EventProperties.PROVIDER);
    }

    private String account() {
        return first(TrailLine::account, EventProperties.ACCOUNT);
    }

    private String type() {
        return first(TrailLine::type, EventProperties.EVENT_TYPE);
    }

    private String status() {
        return first(TrailLine::status, EventProperties.STATUS);
    }

    String message() {
        return first(TrailLine::message, EventProperties.MESSAGE_ID);
    }

    private String first(Function<TrailLine, String> ofLine, String property) {
        return lines.stream().map(ofLine).filter(Objects::nonNull).findFirst().orElseGet(() -> places.stream()
                .map(place -> place.event().property(property))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null));
    }

    private static String words(String... words) {
        var all = Stream.of(words).filter(Objects::nonNull).toList();
        return all.isEmpty() ? "event" : String.join(" ", all);
    }

    /** A line for each step that is to be shown, and for each place. */
    List<String> timeline(Predicate<TrailLine> isShown) {
        var timeline = new ArrayList<String>();
        lines.stream().filter(isShown).forEach(line -> timeline.add(Times.format(line.at()) + "  " + inWords(line)));
        for (var place : places) {
            timeline.add("now                       in " + place.queue().name() + dueAt(place));
        }
        return timeline;
    }

    /** When it is tried again, where it waits for that. */
    static String dueAt(Place place) {
        return place.event().properties().get(EventProperties.DUE_AT) instanceof Number dueAt
                        && place.queue().name().startsWith(QueueNames.RETRY)
                ? ", due at " + Times.format(Instant.ofEpochMilli(dueAt.longValue()))
                : "";
    }

    private static String inWords(TrailLine line) {
        var step = line.step();
        if (step == null) {
            return "something that this version does not know";
        }
        var call = " (callback " + line.callback() + ")";
        return switch (step) {
            case RECEIVED -> "received, answered " + line.answer() + ", stored in " + list(line.queues()) + call;
            case UNRECOGNISED ->
                "received and not recognised, answered " + line.answer() + ", kept in " + list(line.queues()) + call;
            case DUPLICATE -> "received again, answered " + line.answer() + ", not stored twice" + call;
            case REFUSED -> "refused with " + line.answer() + ", not acknowledged" + call;
            case ATTEMPTED ->
                attempt(line) + (line.until() == null ? "" : ", to be tried again at " + Times.format(line.until()));
            case DELIVERED -> attempt(line) + ": delivered";
            case DEAD -> attempt(line) + ": a dead letter now (" + line.reason() + ")";
            case REPLAYED -> "replayed by an operator from " + list(line.queues());
            case DISCARDED -> "discarded by an operator from " + list(line.queues());
        };
    }

    private static String attempt(TrailLine line) {
        return "target " + line.target() + ", attempt " + line.attempt() + ", " + answer(line);
    }

    private static String answer(TrailLine line) {
        return Character.isDigit((line.answer() + " ").charAt(0)) ? "answered " + line.answer() : line.answer();
    }

    private static String list(Collection<String> names) {
        return names.isEmpty() ? "no queue" : String.join(", ", names);
    }

    /** What became of it, in one sentence. */
    String verdict() {
        return new Verdict(this).sentence();
    }

    /** Where it lies in this queue; null when it does not. */
    Place in(String queue) {
        return places.stream()
                .filter(place -> place.queue().name().equals(queue))
                .findFirst()
                .orElse(null);
    }

    /** The queues it lies in now. */
    List<String> placeNames() {
        return places.stream().map(place -> place.queue().name()).toList();
    }
}
