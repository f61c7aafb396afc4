package org.smscallbacks.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The signature schemes of a provider, as text in its folder: <code>signatures.properties</code>, with lines
 * <code>&lt;scheme&gt;.&lt;key&gt;=&lt;value&gt;</code>.
 */
final class SignatureFile {

    private static final String NAME = "signatures.properties";
    private static final Set<String> KEYS = new TreeSet<>(
            Set.of("algorithm", "signature", "encoding", "prefix", "signed", "timestamp", "tolerance", "digest"));
    private static final String TOLERANCE = "5m";

    private final Path file;
    private final Map<String, Map<String, String>> schemes = new TreeMap<>();

    /** @param provider its folder; it need not have such a file */
    SignatureFile(Path provider) {
        this.file = provider.resolve(NAME);
        var lines = new Properties();
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                lines.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigurationException(file + " cannot be read");
            }
        }
        for (var name : lines.stringPropertyNames()) {
            int dot = name.indexOf('.');
            if (dot < 1 || !KEYS.contains(name.substring(dot + 1))) {
                throw wrong(name, "is not a known key: write <scheme>. and one of " + String.join(", ", KEYS));
            }
            schemes.computeIfAbsent(name.substring(0, dot), any -> new TreeMap<>())
                    .put(name.substring(dot + 1), lines.getProperty(name));
        }
    }

    /** The names of the schemes. */
    Set<String> names() {
        return schemes.keySet();
    }

    /** @throws ConfigurationException when a line of it cannot be used */
    SignatureScheme scheme(String name) {
        var keys = schemes.get(name);
        return new SignatureScheme(
                get(name, keys, "algorithm", SignatureAlgorithm::of),
                get(name, keys, "signature", SignedText::source),
                get(name, keys, "encoding", SignatureScheme.Encoding::of),
                keys.getOrDefault("prefix", ""),
                get(name, keys, "signed", SignedText::new),
                keys.containsKey("timestamp") ? get(name, keys, "timestamp", SignedText::source) : null,
                get(name, keys, "tolerance", text -> text.isEmpty() ? Values.time(TOLERANCE) : Values.time(text)),
                keys.containsKey("digest") ? get(name, keys, "digest", SignedText::source) : null);
    }

    private <T> T get(String scheme, Map<String, String> keys, String key, Function<String, T> reader) {
        try {
            return reader.apply(keys.getOrDefault(key, ""));
        } catch (IllegalArgumentException e) {
            throw wrong(scheme + "." + key, e.getMessage());
        }
    }

    private ConfigurationException wrong(String key, String problem) {
        return new ConfigurationException(file + ": " + key + " " + problem);
    }
}
