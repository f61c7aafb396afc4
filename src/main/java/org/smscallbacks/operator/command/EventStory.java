package org.smscallbacks.operator.command;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.QueueNames;
import org.smscallbacks.event.Times;
import org.smscallbacks.operator.EventSearch.Place;
import org.smscallbacks.trail.Step;
import org.smscallbacks.trail.TrailLine;

/**
 * What is known of one event, in words: from its trail, and from where it lies now.
 *
 * @param id the event's id
 * @param lines its steps, in the order of time
 * @param places the queues it lies in
 * @param queues what the broker was asked
 */
record EventStory(String id, List<TrailLine> lines, List<Place> places, EventStory.Names queues) {

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

    /** A line for each step. */
    List<String> timeline() {
        var timeline = new ArrayList<String>();
        lines.forEach(line -> timeline.add(Times.format(line.at()) + "  " + inWords(line)));
        for (var place : places) {
            timeline.add("now                       in " + place.queue().name() + dueAt(place));
        }
        return timeline;
    }

    private static String dueAt(Place place) {
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
            case REFUSED -> "refused with " + line.answer() + ", not stored" + call;
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
        if (!isStored()) {
            return "was refused with " + lines.get(lines.size() - 1).answer()
                    + " and not stored; the provider has not called with it again";
        }
        var parts = new LinkedHashSet<String>();
        for (var queue : storedIn()) {
            parts.add(queue.startsWith(QueueNames.TARGET) ? ofTarget(targetOf(queue)) : ofQueue(queue));
        }
        targets().forEach(target -> parts.add(ofTarget(target)));
        return parts.isEmpty() ? "lies in no queue, and its trail does not say more" : String.join("; ", parts);
    }

    private boolean isStored() {
        return !places.isEmpty() || lines.stream().anyMatch(line -> line.step() != Step.REFUSED);
    }

    private Set<String> storedIn() {
        var queues = new LinkedHashSet<String>();
        lines.stream()
                .filter(line -> line.step() == Step.RECEIVED || line.step() == Step.UNRECOGNISED)
                .forEach(line -> queues.addAll(line.queues()));
        for (var place : places) {
            var name = place.queue().name();
            if (name.equals(queues().refused()) && place.event().cameFrom() != null) {
                queues.add(place.event().cameFrom());
            } else if (!isOfTargets(name)) {
                queues.add(name);
            }
        }
        return queues;
    }

    private static boolean isOfTargets(String queue) {
        return queue.startsWith(QueueNames.TARGET)
                || queue.startsWith(QueueNames.DEAD)
                || queue.startsWith(QueueNames.RETRY);
    }

    private Set<String> targets() {
        var targets = new TreeSet<String>();
        lines.stream().map(TrailLine::target).filter(Objects::nonNull).forEach(targets::add);
        for (var place : places) {
            var name = place.queue().name();
            if (name.startsWith(QueueNames.TARGET)) {
                targets.add(targetOf(name));
            } else if (name.startsWith(QueueNames.DEAD)) {
                targets.add(name.substring(QueueNames.DEAD.length()));
            } else if (name.startsWith(QueueNames.RETRY)) {
                targets.add(targetOf(String.valueOf(place.event().property(EventProperties.RETURN_TO))));
            }
        }
        return targets;
    }

    private static String targetOf(String queue) {
        return queue.replaceFirst("^sms\\.target\\.", "").replaceFirst("\\.(urgent|retry)$", "");
    }

    private String ofTarget(String target) {
        var dead = in(QueueNames.dead(target));
        if (dead != null) {
            return "is a dead letter of " + target + " (" + dead.event().reason() + ", last answer "
                    + dead.event().property(EventProperties.LAST_STATUS) + "): bin/sms dead replay " + target + " --id "
                    + id;
        }
        for (var place : places) {
            var name = place.queue().name();
            boolean isWaiting = name.startsWith(QueueNames.RETRY)
                    && target.equals(targetOf(String.valueOf(place.event().property(EventProperties.RETURN_TO))));
            if (isWaiting) {
                return "waits for its next attempt at " + target + " in " + name + dueAt(place);
            }
            if (QueueNames.ofTarget(target).contains(name)) {
                return "waits for " + target + " in " + name
                        + (place.queue().paused() ? ", which is paused: bin/sms target resume " + target : "");
            }
        }
        var last = lines.stream().filter(line -> target.equals(line.target())).reduce((before, after) -> after);
        if (last.isPresent() && last.get().step() == Step.DELIVERED) {
            return "was delivered to " + target + " at "
                    + Times.format(last.get().at()) + ", with attempt "
                    + last.get().attempt();
        }
        if (!queues.isAsked()) {
            return last.map(line -> "was tried at " + target + " last at " + Times.format(line.at()))
                    .orElse("is to go to " + target);
        }
        return operated(
                QueueNames.dead(target),
                "is neither at " + target + " nor in a queue of it, as far as this trail knows");
    }

    private String ofQueue(String queue) {
        var there = in(queue);
        if (there != null) {
            return queue.equals(queues.unrecognised())
                    ? "was not recognised (" + there.event().reason() + "): bin/sms unrecognised show " + id
                    : "is still in " + queue + ", nobody has taken it";
        }
        var refused = in(queues.refused());
        if (refused != null && queue.equals(refused.event().cameFrom())) {
            return "was rejected by a consumer of " + queue + " and is in " + queues.refused()
                    + ": bin/sms refused replay --id " + id;
        }
        if (!queues.isAsked()) {
            return "was stored in " + queue;
        }
        return operated(
                queue,
                queue.equals(queues.unrecognised())
                        ? "is not among the unrecognised any more"
                        : "was taken from " + queue + " by a consumer");
    }

    /** What an operator did with it in this queue; else these words. */
    private String operated(String queue, String otherwise) {
        return lines.stream()
                .filter(line -> line.step() == Step.REPLAYED || line.step() == Step.DISCARDED)
                .filter(line -> line.queues().contains(queue))
                .reduce((before, after) -> after)
                .map(line -> "was " + line.step().text() + " from " + queue + " by an operator at "
                        + Times.format(line.at()))
                .orElse(otherwise);
    }

    private Place in(String queue) {
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
