package org.smscallbacks.config;

import static org.smscallbacks.config.Section.Trait.UNTIL_RESTART;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The configuration: <code>application.properties</code>, overridden by <code>SMS_…</code> environment variables, overridden by
 * system properties. Whatever is wrong is a {@link ConfigurationException} that names the key, where it stands and what to do.
 */
public final class Settings {

    /** The only secret that may be published: it opens the demo accounts, and only on loopback. */
    public static final String DEMO_SECRET = "demo-only-not-a-secret";

    /** In the place of a queue's name: there is none. */
    public static final String NO_QUEUE = "none";

    private static final String MANAGEMENT = "camel.management.";

    /**
     * The names of the queues, but for those of the targets.
     *
     * @param refused where the embedded broker puts what a consumer rejects
     * @param forConsumers those that are made for consumers: the name each has by default, and its name, but for those that
     *     are <code>none</code>; which event goes to which is the routes' affair
     */
    public record Queues(String unrecognised, String replay, String refused, Map<String, String> forConsumers) {

        /** All of them. */
        public Set<String> all() {
            var all = new TreeSet<>(forConsumers.values());
            all.addAll(List.of(unrecognised, replay, refused));
            return all;
        }

        /** Those that no route may put events into. */
        public Set<String> own() {
            return new TreeSet<>(List.of(replay, refused));
        }
    }

    private final ConfigFile values;
    private final Section sms;
    private final HttpSettings http;
    private final BrokerKeys broker;

    /** What is read only once, with its value since the start; empty in what was read at the start. */
    private final Map<String, String> inUse;

    private final Path routes;
    private final Sections sections;
    private final List<Account> accounts;

    private Settings(Path folder, ConfigFile values) {
        this.values = values;
        this.sms = new Section(values, ConfigFile.PREFIX, true);
        this.http = new HttpSettings(
                sms.get("http.host", "127.0.0.1", Values::address, UNTIL_RESTART),
                sms.get("http.port", "8080", Values.number(1, 65_535), UNTIL_RESTART),
                sms.get("http.max-body", "8MiB", Values::size),
                sms.get("http.body-timeout", "30s", Values::time),
                sms.get("http.trusted-proxies", "", AddressRanges::parse),
                sms.get("http.public-url", "", Values::baseUrl));
        this.broker = BrokerKeys.of(folder, sms);
        this.inUse = Map.of();
        this.routes = sms.get("routes", "file:routes", Values::folder);
        this.sections = new Sections(values, routes);
        sections.refuseUnknown(sms.keys());
        refusePooledExchanges();
        this.accounts = sections.accounts(http.isLoopback());
    }

    private Settings(Settings edited, Settings started) {
        this.values = edited.values;
        this.sms = edited.sms;
        this.http = edited.http;
        this.broker = new BrokerKeys(
                edited.broker.folder(), edited.broker.broker(), started.broker.queues(), started.broker.trail());
        this.inUse = started.sms.openUntilRestart();
        this.routes = edited.routes;
        this.sections = edited.sections;
        this.accounts = edited.accounts;
    }

    private void refusePooledExchanges() {
        for (var key : values.keys("camel.main.")) {
            if (key.matches("(?i)camel\\.main\\.exchange-?factory")
                    && !ofCamel(key).equals("default")) {
                throw wrong(key, "must not be set: pooled exchanges lose acknowledged events");
            }
        }
    }

    /**
     * Reads <code>application.properties</code> in the folder, and what overrides it.
     *
     * @throws ConfigurationException when the file is missing or anything in it cannot be used
     */
    public static Settings load(Path folder, Map<String, String> environment, Properties system) {
        return new Settings(folder, ConfigFile.read(folder.resolve("application.properties"), environment, system));
    }

    /**
     * The same of a configuration that somebody else has read.
     *
     * @param file where its text stands
     * @param text what is in that file
     * @param folder with the broker's files
     */
    public static Settings of(Path file, String text, Path folder, Properties values, Map<String, String> environment) {
        return new Settings(folder, new ConfigFile(file, text, values, environment, new Properties()));
    }

    public HttpSettings http() {
        return http;
    }

    public BrokerSettings broker() {
        return broker.broker();
    }

    /** All that is configured of the broker. */
    public BrokerKeys brokerKeys() {
        return broker;
    }

    public Queues queues() {
        return broker.queues();
    }

    /** The folder the configuration was read from, with the broker's files. */
    public Path folder() {
        return broker.folder();
    }

    /** The file the configuration was read from. */
    public Path file() {
        return values.path();
    }

    /** The folder with the routes and mappings. */
    public Path routes() {
        return routes;
    }

    /** The providers there are: the folders under the routes that hold a route file of their own name. */
    public Set<String> providers() {
        return sections.providers();
    }

    /** Those of them that nobody can call, since no account is configured. */
    public Set<String> providersWithoutAccount() {
        var providers = new TreeSet<>(sections.providers());
        accounts.forEach(account -> providers.remove(account.provider()));
        return providers;
    }

    public List<Account> accounts() {
        return accounts;
    }

    /** The targets that are configured, and all other parts of the configuration that come by name. */
    public Sections sections() {
        return sections;
    }

    /** A setting of Camel's, empty where it is not set. */
    public String ofCamel(String key) {
        var text = values.get(key);
        return text == null ? "" : text;
    }

    /** The keys and values of Camel's management server, which stays when the routes are exchanged. */
    public Map<String, String> management() {
        var found = new TreeMap<String, String>();
        values.keys(MANAGEMENT).forEach(key -> found.put(key, ofCamel(key)));
        return found;
    }

    /** The keys and values for Camel's property placeholders: everything but secrets and accounts; of targets what was read. */
    public Properties forCamel() {
        var properties = new Properties();
        properties.putAll(sms.open());
        properties.putAll(inUse);
        properties.putAll(sections.openOfTargets());
        values.keys("").stream()
                .filter(key -> !key.startsWith(ConfigFile.PREFIX))
                .forEach(key -> properties.setProperty(key, ofCamel(key)));
        return properties;
    }

    /** These, edited while a gateway runs: with the queues, and what else is read only once, as they were at its start. */
    public Settings during(Settings started) {
        return new Settings(this, started);
    }

    /** The keys whose values are others in <code>edited</code>, and which are read only once. */
    public Set<String> untilRestart(Settings edited) {
        var keys = new TreeSet<>(sms.untilRestart(edited.sms));
        Stream.of(this, edited)
                .flatMap(settings -> settings.management().keySet().stream())
                .filter(key -> !ofCamel(key).equals(edited.ofCamel(key)))
                .forEach(keys::add);
        return keys;
    }

    /** What is allowed but probably not meant, in words. */
    public List<String> warnings() {
        return values.unusedVariables(ConfigFile.PREFIX).stream()
                .map(name -> "environment variable " + name + " is not a setting of this gateway: ignored")
                .toList();
    }

    /** Says where a key of Camel's stands and what is wrong with it. */
    public ConfigurationException wrong(String key, String problem) {
        return values.wrong(key, problem);
    }
}
