package org.smscallbacks.operator.command;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.smscallbacks.event.EventProperties;
import org.smscallbacks.event.QueueNames;
import org.smscallbacks.event.Times;
import org.smscallbacks.trail.Step;
import org.smscallbacks.trail.TrailLine;

/** What became of an event, at each place it was meant for: judged by where it lies now, and then by its trail. */
final class Verdict {

    private final EventStory story;
    private final EventStory.Names names;

    Verdict(EventStory story) {
        this.story = story;
        this.names = story.names();
    }

    /** What became of it, in one sentence. */
    String sentence() {
        if (!isStored()) {
            return "was refused with "
                    + story.lines().get(story.lines().size() - 1).answer()
                    + " and not acknowledged; the provider has not called with it again";
        }
        var parts = new LinkedHashSet<String>();
        for (var queue : storedIn()) {
            parts.add(queue.startsWith(QueueNames.TARGET) ? ofTarget(targetOf(queue)) : ofQueue(queue));
        }
        targets().forEach(target -> parts.add(ofTarget(target)));
        return parts.isEmpty() ? "lies in no queue, and its trail does not say more" : String.join("; ", parts);
    }

    private boolean isStored() {
        return !story.places().isEmpty() || story.lines().stream().anyMatch(line -> line.step() != Step.REFUSED);
    }

    private Set<String> storedIn() {
        var queues = new LinkedHashSet<String>();
        story.lines().stream()
                .filter(line -> line.step() == Step.RECEIVED || line.step() == Step.UNRECOGNISED)
                .forEach(line -> queues.addAll(line.queues()));
        for (var place : story.places()) {
            var name = place.queue().name();
            if (name.equals(names.refused()) && place.event().cameFrom() != null) {
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
        story.lines().stream().map(TrailLine::target).filter(Objects::nonNull).forEach(targets::add);
        for (var place : story.places()) {
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
        var dead = story.in(QueueNames.dead(target));
        if (dead != null) {
            return "is a dead letter of " + target + " (" + dead.event().reason() + ", last answer "
                    + dead.event().property(EventProperties.LAST_STATUS) + "): bin/sms dead replay " + target + " --id "
                    + story.id();
        }
        for (var place : story.places()) {
            var name = place.queue().name();
            boolean isWaiting = name.startsWith(QueueNames.RETRY)
                    && target.equals(targetOf(String.valueOf(place.event().property(EventProperties.RETURN_TO))));
            if (isWaiting) {
                return "waits for its next attempt at " + target + " in " + name + EventStory.dueAt(place);
            }
            if (QueueNames.ofTarget(target).contains(name)) {
                return "waits for " + target + " in " + name
                        + (place.queue().paused() ? ", which is paused: bin/sms target resume " + target : "");
            }
        }
        var last = story.lines().stream()
                .filter(line -> target.equals(line.target()))
                .reduce((before, after) -> after);
        if (last.isPresent() && last.get().step() == Step.DELIVERED) {
            return "was delivered to " + target + " at "
                    + Times.format(last.get().at()) + ", with attempt "
                    + last.get().attempt();
        }
        if (!names.isAsked()) {
            return last.map(line -> "was tried at " + target + " last at " + Times.format(line.at()))
                    .orElse("is to go to " + target);
        }
        return operated(
                QueueNames.dead(target),
                last.isPresent()
                        ? "is neither at " + target + " nor in a queue of it, as far as this trail knows"
                        : "is in no queue of " + target
                                + " any more, and of its delivery this trail has nothing: a route without targetTurn notes none");
    }

    private String ofQueue(String queue) {
        var there = story.in(queue);
        if (there != null) {
            return queue.equals(names.unrecognised())
                    ? "was not recognised (" + there.event().reason() + "): bin/sms unrecognised show " + story.id()
                    : "is still in " + queue + ", nobody has taken it";
        }
        var refused = story.in(names.refused());
        if (refused != null && queue.equals(refused.event().cameFrom())) {
            return "was rejected by a consumer of " + queue + " and is in " + names.refused()
                    + ": bin/sms refused replay --id " + story.id();
        }
        if (!names.isAsked()) {
            return "was stored in " + queue;
        }
        return operated(
                queue,
                queue.equals(names.unrecognised())
                        ? "is not among the unrecognised any more"
                        : "was taken from " + queue + " by a consumer");
    }

    /** What an operator did with it in this queue; else these words. */
    private String operated(String queue, String otherwise) {
        return story.lines().stream()
                .filter(line -> line.step() == Step.REPLAYED || line.step() == Step.DISCARDED)
                .filter(line -> line.queues().contains(queue))
                .reduce((before, after) -> after)
                .map(line -> "was " + line.step().text() + " from " + queue + " by an operator at "
                        + Times.format(line.at()))
                .orElse(otherwise);
    }
}
