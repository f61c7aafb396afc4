package org.smscallbacks.broker;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.activemq.artemis.core.config.Configuration;

/** The files in the broker's folders, as <code>broker.xml</code> places them. */
final class DataFiles {

    /** The beginning of each journal file: its format, the format of what is in it, and its id. */
    private static final int HEADER = 16;

    private static final int FORMAT = 2;

    private static final int MOST_NAMED = 3;

    private final Path data;
    private final List<Kind> kinds;

    /** A folder, how the files end that matter in it, and what it means when one is missing. */
    private record Kind(Path folder, String ending, String loss) {

        List<Path> files() throws IOException {
            if (!Files.isDirectory(folder)) {
                return List.of();
            }
            // pages have a folder for each address
            try (var files = Files.walk(folder, 2)) {
                return files.filter(file -> file.toString().endsWith(ending))
                        .sorted()
                        .toList();
            }
        }
    }

    DataFiles(Path data, Configuration configuration) {
        this.data = data;
        this.kinds = List.of(
                kind(
                        configuration.getBindingsLocation(),
                        ".bindings",
                        "a queue that was in it is made anew, without its messages"),
                kind(
                        configuration.getJournalLocation(),
                        ".amq",
                        "messages that were in it are lost, and ids by which repeated callbacks are known"),
                kind(configuration.getPagingLocation(), ".page", "messages in it that nobody had taken are lost"),
                kind(
                        configuration.getPagingLocation(),
                        "address.txt",
                        "the pages in that folder are not read, their messages are lost"),
                kind(
                        configuration.getLargeMessagesLocation(),
                        ".msg",
                        "its message is still in a queue, but cannot be read"));
    }

    private static Kind kind(File folder, String ending, String loss) {
        return new Kind(folder.toPath(), ending, loss);
    }

    /** Those a broker always has, and cannot do without. */
    private List<Kind> journals() {
        return kinds.subList(0, 2);
    }

    /** The size of each, by its name under the data folder. */
    Map<String, Long> sizes() throws IOException {
        var sizes = new TreeMap<String, Long>();
        for (var kind : kinds) {
            for (var file : kind.files()) {
                sizes.put(data.relativize(file).toString(), Files.size(file));
            }
        }
        return sizes;
    }

    /** Which of these are missing or have become shorter, and what that means, a line for each kind; empty when none. */
    List<String> losses(Map<String, Long> before) throws IOException {
        var now = sizes();
        var lines = new ArrayList<String>();
        for (var kind : kinds) {
            var damaged = new ArrayList<String>();
            for (var file : before.entrySet()) {
                if (file.getKey().endsWith(kind.ending)) {
                    long size = now.getOrDefault(file.getKey(), -1L);
                    if (size < file.getValue()) {
                        damaged.add(file.getKey() + (size < 0 ? " is missing" : " has become shorter"));
                    }
                }
            }
            if (!damaged.isEmpty()) {
                lines.add(inShort(damaged) + ": " + kind.loss);
            }
        }
        return lines;
    }

    private static String inShort(List<String> files) {
        return files.size() <= MOST_NAMED
                ? String.join(", ", files)
                : String.join(", ", files.subList(0, MOST_NAMED)) + " and " + (files.size() - MOST_NAMED) + " more";
    }

    /**
     * Of the folders that only together are a broker's data, those that have no file while others have some; empty for a new broker.
     */
    List<String> emptyFolders() throws IOException {
        var empty = new ArrayList<String>();
        boolean someHave = false;
        for (var kind : kinds) {
            boolean hasFiles = !kind.files().isEmpty();
            someHave |= hasFiles;
            if (!hasFiles && journals().contains(kind)) {
                empty.add(data.relativize(kind.folder) + " has no *" + kind.ending + ": " + kind.loss);
            }
        }
        return someHave ? empty : List.of();
    }

    /** The journal's and the bindings' files whose first bytes are not what Artemis writes there. */
    List<String> withoutHeader() throws IOException {
        var names = new ArrayList<String>();
        for (var kind : journals()) {
            for (var file : kind.files()) {
                if (!hasHeader(file)) {
                    names.add(data.relativize(file).toString());
                }
            }
        }
        return names;
    }

    private static boolean hasHeader(Path file) throws IOException {
        var header = ByteBuffer.allocate(HEADER);
        try (var channel = FileChannel.open(file)) {
            channel.read(header);
        }
        header.flip();
        return header.remaining() < HEADER || header.getInt() == FORMAT && header.getInt() == 0;
    }
}
