package org.smscallbacks.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A part of the configuration, such as one account. Remembers what it was asked, and therefore knows which keys there are: a key is
 * written once, where it is read.
 */
public final class Section {

    /** What is special about a key. */
    public enum Trait {
        /** Nobody gets to see its value: no log line, no error, no route. */
        SECRET,
        /** Read once: what is edited is used after a restart only. */
        UNTIL_RESTART
    }

    private record Asked(String preset, Set<Trait> traits) {}

    private final ConfigFile file;
    private final String prefix;
    private final boolean emptyIsSet;
    private final Map<String, Asked> asked = new TreeMap<>();

    /**
     * What an operator names. A key that is left empty counts as not set.
     *
     * @param prefix what its keys begin with, the last dot included
     */
    Section(ConfigFile file, String prefix) {
        this(file, prefix, false);
    }

    /** @param emptyIsSet whether a key that is left empty counts as set */
    Section(ConfigFile file, String prefix, boolean emptyIsSet) {
        this.file = file;
        this.prefix = prefix;
        this.emptyIsSet = emptyIsSet;
    }

    /** The names of all keys that a reader asks for. */
    public static Set<String> askedBy(Consumer<Section> reader) {
        var nothing = new ConfigFile(Path.of(""), "", new Properties(), Map.of(), new Properties());
        var section = new Section(nothing, "");
        reader.accept(section);
        return section.asked.keySet();
    }

    /** What an operator called it: the last part of its prefix. */
    public String name() {
        return prefix.substring(prefix.lastIndexOf('.', prefix.length() - 2) + 1, prefix.length() - 1);
    }

    /** What its keys begin with, the last dot included. */
    public String prefix() {
        return prefix;
    }

    /**
     * The value of a key.
     *
     * @param preset its value where none is set
     * @param reader reads the text and checks it; throws an {@link IllegalArgumentException} that says what is wrong, in words that
     *     follow the key
     * @throws ConfigurationException when it cannot be used
     */
    public <T> T get(String name, String preset, Function<String, T> reader, Trait... traits) {
        return later(name, preset, reader, traits).get();
    }

    /** The same, read and checked when it is wanted. */
    public <T> Supplier<T> later(String name, String preset, Function<String, T> reader, Trait... traits) {
        asked.put(name, new Asked(preset, Set.of(traits)));
        return () -> {
            try {
                return reader.apply(text(name));
            } catch (IllegalArgumentException e) {
                throw wrong(name, e.getMessage());
            }
        };
    }

    public boolean has(String name) {
        var text = file.get(prefix + name);
        return text != null && (emptyIsSet || !text.isEmpty());
    }

    private String text(String name) {
        return has(name) ? file.get(prefix + name) : asked.get(name).preset();
    }

    /** The names of the keys that begin so; they count as asked for, and as secrets. */
    public Set<String> namesFrom(String start) {
        var names = new TreeSet<String>();
        file.keys(prefix + start).forEach(key -> names.add(key.substring(prefix.length())));
        for (var variable : file.variables(prefix + start)) {
            names.add(start + ConfigFile.inKey(variable.substring((prefix + start).length())));
        }
        names.forEach(name -> asked.put(name, new Asked("", Set.of(Trait.SECRET))));
        return names;
    }

    /** All keys that were asked for. */
    Set<String> keys() {
        var keys = new TreeSet<String>();
        asked.keySet().forEach(name -> keys.add(prefix + name));
        return keys;
    }

    /** Refuses the demo secret, wherever it stands, unless only this machine can call. */
    void refuseDemoSecret(boolean onLoopback) {
        for (var name : asked.keySet()) {
            if (!onLoopback && text(name).contains(Settings.DEMO_SECRET)) {
                throw wrong(
                        name,
                        "is the demo secret, which everybody knows: it works only while sms.http.host is a loopback"
                                + " address. Choose a secret of your own or remove the account");
            }
        }
    }

    /** What is set and no secret; where empty counts as set, what is preset as well. */
    Map<String, String> open() {
        var open = new TreeMap<String, String>();
        asked.forEach((name, key) -> {
            if (!key.traits().contains(Trait.SECRET) && (emptyIsSet || has(name))) {
                open.put(prefix + name, text(name));
            }
        });
        return open;
    }

    /** Of these what is read once. */
    Map<String, String> openUntilRestart() {
        var open = open();
        open.keySet()
                .removeIf(key ->
                        !asked.get(key.substring(prefix.length())).traits().contains(Trait.UNTIL_RESTART));
        return open;
    }

    /** The keys that are read once, and whose values are others in the other section. */
    Set<String> untilRestart(Section other) {
        var keys = new TreeSet<String>();
        asked.forEach((name, key) -> {
            if (key.traits().contains(Trait.UNTIL_RESTART) && !text(name).equals(other.text(name))) {
                keys.add(prefix + name);
            }
        });
        return keys;
    }

    /** Says where the key stands and what is wrong with it; never its value, which may be a secret. */
    public ConfigurationException wrong(String name, String problem) {
        return file.wrong(prefix + name, problem);
    }
}
