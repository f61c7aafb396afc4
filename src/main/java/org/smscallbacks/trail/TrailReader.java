package org.smscallbacks.trail;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks through one or several trails, while they are written as well. What is no line of a trail is passed over. */
public final class TrailReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectReader LINES = JSON.readerFor(TrailLine.class);

    private final List<TrailFolder> folders;
    private final Instant from;
    private final Instant until;

    /**
     * @param from the time of the first lines that are wanted, or null
     * @param until the time before which the last ones are, or null
     */
    public TrailReader(List<Path> folders, Instant from, Instant until) {
        this.from = from;
        this.until = until;
        this.folders = folders.stream().map(TrailFolder::new).toList();
    }

    /**
     * What was found.
     *
     * @param lines in the order of time, so many as were wanted
     * @param more how many more there are
     * @param refused callbacks that were not let in or not taken, a line for each account and answer
     * @param since when the trails begin; null where there is none
     */
    public record Found(List<TrailLine> lines, long more, List<TrailLine> refused, Instant since) {}

    /**
     * The lines with one of these ids: of an event, of a message, of a callback, or a reference.
     *
     * @throws IOException when a file cannot be read
     */
    public Found find(Collection<String> ids, int most) throws IOException {
        var lines = new ArrayList<TrailLine>();
        var refused = new TreeMap<String, TrailLine>();
        long more = 0;
        Instant since = null;
        for (var folder : folders) {
            var wanted = Wanted.in(folder, ids);
            boolean isBegun = false;
            for (var file : folder.files().keySet()) {
                try (var reader = new LineReader(file)) {
                    for (var text = reader.next(); text != null; text = reader.next()) {
                        if (!isBegun || wanted.mayBeIn(text) || TrailLine.isSum(text)) {
                            var line = parse(text);
                            if (line == null) {
                                continue;
                            }
                            isBegun = true;
                            since = earlier(since, line.at());
                            if (!isOfTheTime(line)) {
                                continue;
                            }
                            if (line.event() == null) {
                                add(line, refused);
                            } else if (wanted.is(line) && lines.size() < most) {
                                lines.add(line);
                            } else if (wanted.is(line)) {
                                more++;
                            }
                        }
                    }
                } catch (NoSuchFileException e) {
                    // forgotten since the folder was listed
                }
            }
        }
        lines.sort(Comparator.comparing(TrailLine::at));
        return new Found(lines, more, List.copyOf(refused.values()), since);
    }

    /** Whether the line is of the time that is wanted. */
    public boolean isOfTheTime(TrailLine line) {
        return (from == null || !line.at().isBefore(from))
                && (until == null || line.at().isBefore(until));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }

    private static void add(TrailLine line, Map<String, TrailLine> refused) {
        refused.merge(line.provider() + "/" + line.account() + " " + line.answer(), line, TrailLine::and);
    }

    private static TrailLine parse(String text) {
        if (!text.startsWith("{")) {
            return null;
        }
        try {
            TrailLine line = LINES.readValue(text.getBytes(StandardCharsets.ISO_8859_1));
            return line.event() == null && !TrailLine.isSum(text) ? null : line;
        } catch (IOException e) {
            return null;
        }
    }

    /** What is looked for in one folder: a reference by its hash there. */
    private record Wanted(Set<String> ids, Set<String> hashes, List<String> needles) {

        static Wanted in(TrailFolder folder, Collection<String> ids) throws IOException {
            var hashes = new HashSet<String>();
            if (folder.hasKey()) {
                var hash = folder.hash();
                ids.forEach(id -> hashes.add(hash.of(id)));
            }
            var needles = new ArrayList<String>();
            for (var text : Stream.concat(ids.stream(), hashes.stream()).toList()) {
                needles.add(new String(JSON.writeValueAsBytes(text), StandardCharsets.ISO_8859_1));
            }
            return new Wanted(new HashSet<>(ids), hashes, needles);
        }

        boolean mayBeIn(String text) {
            for (var needle : needles) {
                if (text.contains(needle)) {
                    return true;
                }
            }
            return false;
        }

        boolean is(TrailLine line) {
            return ids.contains(line.event())
                    || ids.contains(line.message())
                    || ids.contains(line.callback())
                    || hashes.contains(line.reference());
        }
    }
}
