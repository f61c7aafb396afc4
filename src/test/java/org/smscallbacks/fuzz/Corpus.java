package org.smscallbacks.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The fixtures of a provider, as bytes to begin with. */
public final class Corpus {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z_0-9-]{2,30}");

    private Corpus() {}

    /** Each as {@link Request#of} reads it. */
    static List<byte[]> of(String provider) throws IOException {
        var corpus = new ArrayList<byte[]>();
        for (var file : files(FIXTURES.resolve(provider), ".in.")) {
            corpus.add(Request.bytesOf(file));
        }
        return corpus;
    }

    /** Writes them into the folder, a file each, and the words of fixtures and mappings beside it, for Jazzer. */
    public static void main(String... arguments) throws IOException {
        var provider = arguments[0];
        var folder = Files.createDirectories(Path.of(arguments[1]));
        var words = new TreeSet<String>();
        int number = 0;
        for (var bytes : of(provider)) {
            Files.write(folder.resolve("fixture-" + number++), bytes);
            addWords(new String(bytes, StandardCharsets.UTF_8), words);
        }
        for (var mapping : files(Path.of("routes", provider), ".jslt")) {
            addWords(Files.readString(mapping), words);
        }
        var lines = words.stream().map(word -> '"' + word + '"').toList();
        Files.write(Path.of(arguments[1] + ".words"), lines);
    }

    private static void addWords(String text, TreeSet<String> words) {
        WORD.matcher(text).results().forEach(word -> words.add(word.group()));
    }

    private static List<Path> files(Path folder, String part) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains(part))
                    .sorted()
                    .toList();
        }
    }
}
