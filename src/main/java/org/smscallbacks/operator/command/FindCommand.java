package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.smscallbacks.event.Times;
import org.smscallbacks.operator.EventSearch;
import org.smscallbacks.operator.EventSearch.Place;
import org.smscallbacks.trail.TrailLine;
import org.smscallbacks.trail.TrailReader;
import org.smscallbacks.trail.TrailReader.Found;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** <code>sms find</code>. */
@Command(
        name = "find",
        description = {
            "What happened to a message or an event: every step in the order of time, where it is now, and what became of it.",
            "Joins the trail of the gateway with what lies in the queues."
        },
        footer = {
            "  sms find 4f6f0d6d0a9c4f7fa0f3f5a8e1c2b3d4",
            "  sms find MESSAGE-ID-4711 --since 2h",
            "  sms find MESSAGE-ID-4711 --json",
            "  sms find order-815 --trail data/trail --trail /mnt/other/data/trail"
        })
final class FindCommand implements Callable<Integer> {

    private static final int MOST = 1_000;

    @ParentCommand
    private SmsCommand sms;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "<id>",
            description = "The provider's message id, an event id, a reference, or the id of a callback from the log")
    private String id;

    @Option(
            names = "--trail",
            paramLabel = "<folder>",
            description = "A trail, instead of the configured one; several, where several gateways have one each")
    private List<Path> trails;

    @Option(
            names = "--since",
            paramLabel = "<time>",
            converter = FilterOptions.Time.class,
            description =
                    "What the trail says of this time or later: 2026-03-29T10:15:00Z, or back from now: 30m, 2h, 3d")
    private Instant since;

    @Option(
            names = "--until",
            paramLabel = "<time>",
            converter = FilterOptions.Time.class,
            description = "What the trail says of before this time")
    private Instant until;

    @Override
    public Integer call() throws Exception {
        if (id.isBlank()) {
            throw new ParameterException(spec.commandLine(), "say what to find: a message id");
        }
        var reader = new TrailReader(folders(), since, until);
        var err = spec.commandLine().getErr();
        var ids = new LinkedHashSet<>(Set.of(id));
        var places = new ArrayList<Place>();
        var found = reader.find(ids, MOST);
        addEvents(ids, found);
        EventStory.Names names;
        try {
            names = names(ids, places);
        } catch (BrokerException e) {
            err.println("sms: the queues were not looked at: " + e.getMessage());
            names = new EventStory.Names("", "", false);
        }
        places.forEach(place -> ids.add(place.event().id()));
        found = ids.size() > 1 ? reader.find(ids, MOST) : found;
        // what became of it can be written in lines of another time
        var whole = since == null && until == null ? found : new TrailReader(folders(), null, null).find(ids, MOST);
        var stories = stories(found, whole, places, names);
        if (sms.isJson()) {
            printJson(found, stories, names, reader::isOfTheTime);
        } else {
            print(found, stories, reader::isOfTheTime);
        }
        return stories.isEmpty() ? Exit.NOT_FOUND : Exit.DONE;
    }

    private EventStory.Names names(Set<String> ids, List<Place> places) throws Exception {
        var names = new EventStory.Names[1];
        sms.withBroker((access, connections) -> {
            places.addAll(new EventSearch(connections, access.unrecognised()).find(ids, MOST));
            names[0] = new EventStory.Names(access.unrecognised(), access.refused(), true);
            return Exit.DONE;
        });
        return names[0];
    }

    private List<Path> folders() {
        if (trails != null) {
            return trails;
        }
        var configured = sms.trail();
        return configured.isOn() ? List.of(configured.folder()) : List.of();
    }

    /** A line of a reference or a callback tells of whose other lines there may be more. */
    private static void addEvents(Set<String> ids, Found found) {
        for (var line : found.lines()) {
            ids.add(line.event());
        }
    }

    private static List<EventStory> stories(Found found, Found whole, List<Place> places, EventStory.Names names) {
        var lines = whole.lines().stream().collect(Collectors.groupingBy(TrailLine::event));
        var events = new LinkedHashSet<String>();
        found.lines().forEach(line -> events.add(line.event()));
        places.forEach(place -> events.add(place.event().id()));
        return events.stream()
                .map(event -> new EventStory(
                        event,
                        lines.getOrDefault(event, List.of()),
                        places.stream()
                                .filter(place -> place.event().id().equals(event))
                                .toList(),
                        names))
                .toList();
    }

    private static final Pattern PHONE_NUMBER = Pattern.compile("(\\+|00)?[\\d ()/-]{7,20}");

    private void print(Found found, List<EventStory> stories, Predicate<TrailLine> isShown) {
        var out = spec.commandLine().getOut();
        for (var story : stories) {
            // an id is a provider's word
            out.println(EventPrinter.oneLine(story.title() + ", event " + story.id()
                    + (story.message() == null || story.message().equals(id) ? "" : ", message " + story.message())));
            story.timeline(isShown).forEach(line -> out.println("  " + EventPrinter.oneLine(line)));
            out.println(EventPrinter.oneLine("  It " + story.verdict() + "."));
        }
        if (found.more() > 0) {
            out.println("There are " + found.more() + " more lines in the trail: find one of these events by its id.");
        }
        if (stories.isEmpty()) {
            printNever(found, out);
        }
    }

    private void printNever(Found found, PrintWriter out) {
        for (var refused : found.refused()) {
            out.println("  " + refused.provider() + "/" + refused.account() + ": "
                    + (refused.times() == 1 ? "1 callback was" : refused.times() + " callbacks were") + " refused with "
                    + refused.answer() + ", the last at " + Times.format(refused.at())
                    + ("401".equals(refused.answer()) ? "; why, the gateway's log says" : ""));
        }
        out.println(EventPrinter.oneLine(never(found)));
        if (PHONE_NUMBER.matcher(id).matches()) {
            out.println(
                    "A phone number is not noted anywhere: take the message id from your own records, or from the provider's portal.");
        }
    }

    private String never(Found found) {
        if (found.since() == null) {
            return "Nothing of " + id + " lies in a queue, and there is no trail to say more"
                    + (folders().isEmpty()
                            ? ": sms.trail.folder switches it on, from the next start on."
                            : " in " + folders() + ".");
        }
        boolean isWhole = since == null || since.isBefore(found.since());
        return "No provider has called with " + id + " since " + Times.format(isWhole ? found.since() : since)
                + (isWhole ? ", when the trail begins" : "") + (until == null ? "" : ", until " + Times.format(until))
                + ", and it lies in no queue. Another gateway has a trail of its own (--trail)"
                + (found.refused().isEmpty()
                        ? "."
                        : ", and of callbacks that were refused above nobody knows what was in them.");
    }

    private void printJson(
            Found found, List<EventStory> stories, EventStory.Names names, Predicate<TrailLine> isShown) {
        var document = JsonNodeFactory.instance.objectNode().put("id", id);
        document.put("trailSince", found.since() == null ? null : Times.format(found.since()));
        document.put("queuesLookedAt", names.isAsked());
        var events = document.putArray("events");
        for (var story : stories) {
            var event = events.addObject().put("event", story.id()).put("message", story.message());
            var steps = event.putArray("steps");
            story.lines().stream().filter(isShown).forEach(line -> steps.add(line.toJson()));
            var queues = event.putArray("queues");
            story.placeNames().forEach(queues::add);
            event.put("verdict", story.verdict());
        }
        var refused = document.putArray("refusedCallbacks");
        found.refused().forEach(line -> refused.add(line.toJson()));
        document.put("more", found.more());
        spec.commandLine().getOut().println(document);
    }
}
