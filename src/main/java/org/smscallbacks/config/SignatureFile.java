package org.smscallbacks.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private static final Set<String> KEYS_OF_A_TOKEN = Set.of("algorithm", "signature", "prefix", "tolerance");
    private static final String CLAIM = "claim.";
    private static final String TOLERANCE = "5m";

    private final Path file;
    private final Map<String, SignatureScheme> schemes = new TreeMap<>();

    /**
     * @param provider its folder; it need not have such a file
     * @throws ConfigurationException when a line of it cannot be used, of whatever scheme
     */
    SignatureFile(Path provider) {
        this.file = provider.resolve(NAME);
        var keys = new TreeMap<String, Map<String, String>>();
        var lines = lines();
        for (var name : lines.stringPropertyNames()) {
            int dot = name.indexOf('.');
            if (dot < 1 || !isKnown(name.substring(dot + 1))) {
                throw wrong(
                        name,
                        "is not a known key: write <scheme>. and one of " + String.join(", ", KEYS) + " or claim.NAME");
            }
            keys.computeIfAbsent(name.substring(0, dot), any -> new TreeMap<>())
                    .put(name.substring(dot + 1), lines.getProperty(name).strip());
        }
        keys.forEach((name, those) -> schemes.put(name, read(name, those)));
    }

    private Properties lines() {
        try {
            var text = Files.exists(file) ? Files.readString(file) : "";
            var lines = new PropertyLines(file.toString(), text);
            lines.refuseOdd(List.of(""));
            return lines.readable();
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read");
        }
    }

    private static boolean isKnown(String key) {
        return KEYS.contains(key) || key.startsWith(CLAIM) && key.length() > CLAIM.length();
    }

    /** The names of the schemes. */
    Set<String> names() {
        return schemes.keySet();
    }

    /** The scheme of this name. */
    SignatureScheme scheme(String name) {
        return schemes.get(name);
    }

    private SignatureScheme read(String name, Map<String, String> keys) {
        return SignedToken.isMeantBy(keys.getOrDefault("algorithm", "")) ? token(name, keys) : text(name, keys);
    }

    private SignatureScheme token(String name, Map<String, String> keys) {
        var claims = new TreeMap<String, SignedText>();
        for (var key : keys.keySet()) {
            if (key.startsWith(CLAIM)) {
                claims.put(key.substring(CLAIM.length()), get(name, keys, key, SignedText::new));
            } else if (!KEYS_OF_A_TOKEN.contains(key)) {
                throw wrong(name + "." + key, "is nothing a JSON Web Token has");
            }
        }
        if (claims.values().stream().noneMatch(SignedText::coversContent)) {
            throw wrong(
                    name + ".algorithm",
                    "needs a claim that says for which body the token is: write " + name
                            + ".claim.NAME=${body.sha256}");
        }
        return new SignedToken(
                get(name, keys, "algorithm", SignedToken::algorithms),
                get(name, keys, "signature", RequestPlace::of),
                keys.getOrDefault("prefix", ""),
                claims,
                keys.containsKey("tolerance") ? get(name, keys, "tolerance", Values::time) : null);
    }

    private SignatureScheme text(String name, Map<String, String> keys) {
        for (var key : keys.keySet()) {
            if (key.startsWith(CLAIM)) {
                throw wrong(name + "." + key, "is for a JSON Web Token: write an algorithm that begins with JWT_");
            }
        }
        var signature = keys.getOrDefault("signature", "");
        var signed = get(name, keys, "signed", text -> new SignedText(text, signature));
        refuseUnsigned(name, keys, signed);
        return new TextSignature(
                get(name, keys, "algorithm", SignatureAlgorithm::of),
                get(name, keys, "signature", RequestPlace::of),
                get(name, keys, "encoding", TextSignature.Encoding::of),
                keys.getOrDefault("prefix", ""),
                signed,
                keys.containsKey("timestamp") ? get(name, keys, "timestamp", RequestPlace::of) : null,
                get(name, keys, "tolerance", text -> Values.time(text.isEmpty() ? TOLERANCE : text)),
                keys.containsKey("digest") ? get(name, keys, "digest", RequestPlace::of) : null);
    }

    /** What is not signed can be changed by everybody on the way. */
    private void refuseUnsigned(String name, Map<String, String> keys, SignedText signed) {
        if (!signed.coversContent() && !keys.containsKey("digest")) {
            throw wrong(
                    name + ".signed",
                    "leaves open what the request says, so anybody could change it: write ${body}, ${fields.joined} or ${url}${form.sorted}, or "
                            + name + ".digest");
        }
        for (var key : new String[] {"timestamp", "digest"}) {
            if (keys.containsKey(key) && !signed.coversSource(keys.get(key))) {
                throw wrong(
                        name + "." + key,
                        "is not signed, so anybody could send another one: write ${" + keys.get(key) + "} into " + name
                                + ".signed");
            }
        }
        if (keys.containsKey("tolerance") && !keys.containsKey("timestamp")) {
            throw wrong(name + ".tolerance", "stands alone: write " + name + ".timestamp as well, or remove it");
        }
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
