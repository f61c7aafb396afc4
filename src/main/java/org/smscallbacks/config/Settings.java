package org.smscallbacks.config;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.smscallbacks.delivery.RetryQueues;
import org.smscallbacks.delivery.Target;
import org.smscallbacks.delivery.TargetReader;

/**
 * The configuration: <code>application.properties</code>, overridden by <code>SMS_…</code> environment variables, overridden by
 * system properties. Everything under <code>sms.</code> is checked when it is read; whatever is wrong is a
 * {@link ConfigurationException} that names the key, where it stands and what to do.
 */
public final class Settings {

    /** The only secret that may be published: it opens the demo accounts, and only on loopback. */
    public static final String DEMO_SECRET = "demo-only-not-a-secret";

    static final String EMBEDDED_BROKER = "vm://0";

    public static final String MANAGEMENT = "camel.management.";

    private static final long LARGEST_BODY = 1 << 30;
    private static final String PREFIX = "sms.";
    private static final String ENVIRONMENT_PREFIX = "SMS_";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB)?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

    private static final Pattern SECRET = Pattern.compile("sms\\.account\\..*|sms\\.broker\\.password"
            + "|sms\\.target\\.[^.]+\\.(secret|basic|bearer|header\\..*|trust-store-password)");
    /** What was opened at the start stays open. */
    private static final Pattern UNTIL_RESTART =
            Pattern.compile("sms\\.http\\.(host|port)|sms\\.broker\\..*|camel\\.management\\..*");

    private static final Pattern HEADER_VARIABLE = Pattern.compile("SMS_TARGET_(\\w+?)_HEADER_(\\w+)");

    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("sms.http.host", "127.0.0.1"),
            Map.entry("sms.http.port", "8080"),
            Map.entry("sms.http.max-body", "8MiB"),
            Map.entry("sms.http.trusted-proxies", ""),
            Map.entry("sms.broker.url", EMBEDDED_BROKER),
            Map.entry("sms.broker.user", "gateway"),
            Map.entry("sms.broker.password", ""),
            Map.entry("sms.broker.data", "data"),
            Map.entry("sms.broker.commit-timeout", "10s"),
            Map.entry("sms.queue.delivery.final", "sms.delivery.final"),
            Map.entry("sms.queue.delivery.interim", "sms.delivery.interim"),
            Map.entry("sms.queue.inbound", "sms.inbound"),
            Map.entry("sms.queue.click", "sms.click"),
            Map.entry("sms.queue.unrecognised", "sms.unrecognised"),
            Map.entry("sms.queue.replay", "sms.replay"),
            Map.entry("sms.routes", "file:routes"));

    private static final Set<String> ACCOUNT_KEYS = Set.of(
            "token",
            "basic",
            "hmac.secret",
            "hmac.header",
            "hmac.algorithm",
            "hmac.encoding",
            "allow-from",
            "time-zone",
            "reply-status",
            "reply-body");

    private final Map<String, String> values;
    private final Map<String, String> origins;
    private final List<String> warnings = new ArrayList<>();
    private final Path file;
    private final Path folder;
    private final Path routes;
    private final Set<String> providers;
    private final Map<String, Account> accounts;
    private final List<Target> targets;

    private Settings(Path file, Path folder, Map<String, String> values, Map<String, String> origins) {
        this.file = file;
        this.folder = folder;
        this.values = values;
        this.origins = origins;
        this.routes = routesFolder();
        this.providers = providersIn(routes);
        adoptEnvironmentNames();
        DEFAULTS.forEach(values::putIfAbsent);
        refuseUnknownKeys();
        this.accounts = readAccounts();
        this.targets = readTargets();
        check();
    }

    /** Everything that is read later is read once now, so that what is wrong is said before anything starts. */
    private void check() {
        listensOnLoopbackOnly();
        httpPort();
        maxBody();
        trustedProxies();
        commitTimeout();
        for (var key : DEFAULTS.keySet()) {
            if (key.startsWith("sms.queue.") && !QUEUE.matcher(get(key)).matches()) {
                throw wrong(key, "is no queue's name: letters, digits, dots, dashes and underscores");
            }
        }
        for (var key : values.keySet()) {
            if (key.matches("(?i)camel\\.main\\.exchange-?factory") && !get(key).equals("default")) {
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
        var file = folder.resolve("application.properties");
        var properties = new Properties();
        var text = "";
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new ConfigurationException("cannot read " + file.toAbsolutePath()
                    + ": start in the folder that holds config/, or name the config folder as the argument");
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(file + ": " + e.getMessage());
        }
        return overridden(file, folder, text, properties, environment, system);
    }

    /**
     * The same of a configuration that somebody else has read.
     *
     * @param file where its text stands
     * @param text what is in that file
     * @param folder with the broker's files
     */
    public static Settings of(Path file, String text, Path folder, Properties values, Map<String, String> environment) {
        return overridden(file, folder, text, values, environment, new Properties());
    }

    private static Settings overridden(
            Path file,
            Path folder,
            String text,
            Properties properties,
            Map<String, String> environment,
            Properties system) {
        var values = new TreeMap<String, String>();
        var origins = new TreeMap<String, String>();
        var lines = text.lines().toList();
        for (var key : properties.stringPropertyNames()) {
            values.put(key, properties.getProperty(key).strip());
            origins.put(key, file + lineOf(lines, key));
        }
        for (var key : List.copyOf(values.keySet())) {
            var variable = asVariable(key);
            if (!key.startsWith(PREFIX) && environment.containsKey(variable)) {
                values.put(key, environment.get(variable).strip());
                origins.put(key, "environment variable " + variable);
            }
        }
        environment.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT_PREFIX)) {
                values.put(name, value.strip());
                origins.put(name, "environment variable " + name);
            }
        });
        for (var key : system.stringPropertyNames()) {
            if (key.startsWith(PREFIX) || values.containsKey(key)) {
                values.put(key, system.getProperty(key).strip());
                origins.put(key, "system property " + key);
            }
        }
        return new Settings(file, folder, values, origins);
    }

    private static String lineOf(List<String> lines, String key) {
        var pattern = Pattern.compile("\\s*" + Pattern.quote(key) + "(\\s*[=:].*|\\s+.*)?");
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (pattern.matcher(lines.get(i)).matches()) {
                return " line " + (i + 1);
            }
        }
        return "";
    }

    public String get(String key) {
        return values.getOrDefault(key, "");
    }

    /** The keys and values for Camel's property placeholders: all but the secrets, and but what is left empty of a target. */
    public Properties forCamel() {
        var properties = new Properties();
        values.forEach((key, value) -> {
            boolean isPreset = key.startsWith("sms.target.") && value.isEmpty();
            if (!isPreset && !SECRET.matcher(key).matches()) {
                properties.setProperty(key, value);
            }
        });
        return properties;
    }

    /** The keys that begin so, and their values. */
    public Map<String, String> startingWith(String prefix) {
        var found = new TreeMap<>(values);
        found.keySet().removeIf(key -> !key.startsWith(prefix));
        return found;
    }

    /** The keys whose values are others in <code>edited</code>, and which are read only once. */
    public List<String> untilRestart(Settings edited) {
        return Stream.concat(values.keySet().stream(), edited.values.keySet().stream())
                .distinct()
                .filter(key -> UNTIL_RESTART.matcher(key).matches())
                .filter(key -> !get(key).equals(edited.get(key)))
                .sorted()
                .toList();
    }

    /** What is allowed but probably not meant, in words. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The folder the configuration was read from. */
    public Path folder() {
        return folder;
    }

    /** The file the configuration was read from. */
    public Path file() {
        return file;
    }

    /** What a file beside the configuration holds. */
    public Properties properties(String name) {
        var file = folder.resolve(name);
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new ConfigurationException("cannot read " + file.toAbsolutePath());
        }
        return properties;
    }

    /** The folder with the routes and mappings. */
    public Path routes() {
        return routes;
    }

    /** The providers there are: the folders under the routes that hold a route file of their own name. */
    public Set<String> providers() {
        return providers;
    }

    public Collection<Account> accounts() {
        return accounts.values();
    }

    /** All queues events go to or wait in. */
    public Set<String> queues() {
        var queues = new TreeSet<String>();
        for (var key : DEFAULTS.keySet()) {
            if (key.startsWith("sms.queue.")) {
                queues.add(get(key));
            }
        }
        for (var target : targets) {
            queues.addAll(target.queues());
            queues.add(target.deadQueue());
        }
        queues.addAll(RetryQueues.names());
        return queues;
    }

    public List<Target> targets() {
        return targets;
    }

    public String httpHost() {
        return get("sms.http.host");
    }

    public int httpPort() {
        return number("sms.http.port", 1, 65_535);
    }

    /** The largest body read, in bytes. */
    public long maxBody() {
        var matcher = SIZE.matcher(get("sms.http.max-body"));
        if (matcher.matches()) {
            var unit = matcher.group(2);
            int scale = "MiB".equals(unit) ? 1 << 20 : "KiB".equals(unit) ? 1 << 10 : 1;
            long size = Long.parseLong(matcher.group(1)) * scale;
            if (size > 0 && size <= LARGEST_BODY) {
                return size;
            }
        }
        throw wrong("sms.http.max-body", "is not a size: write 8MiB, 512KiB or a number of bytes, at most 1024MiB");
    }

    /** The proxies whose X-Forwarded-For is believed. */
    public AddressRanges trustedProxies() {
        return ranges("sms.http.trusted-proxies");
    }

    public boolean listensOnLoopbackOnly() {
        try {
            return InetAddress.getByName(httpHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw wrong("sms.http.host", "is no address of this machine");
        }
    }

    public boolean brokerIsEmbedded() {
        return EMBEDDED_BROKER.equals(get("sms.broker.url"));
    }

    /** How long a callback waits for its commit before it is answered 503. */
    public Duration commitTimeout() {
        var timeout = time(get("sms.broker.commit-timeout"));
        if (timeout == null) {
            throw wrong("sms.broker.commit-timeout", "is not a time: write 10s, 500ms or 1m");
        }
        return timeout;
    }

    /** A time such as 500ms, 10s, 5m, 2h or 1d, at least a millisecond; null for anything else. */
    public static Duration time(String text) {
        var matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long amount = Math.max(1, Long.parseLong(matcher.group(1)));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private Path routesFolder() {
        var routes = values.getOrDefault("SMS_ROUTES", values.getOrDefault("sms.routes", DEFAULTS.get("sms.routes")));
        if (!routes.startsWith("file:")) {
            throw wrong("sms.routes", "must start with file: and name the folder with the routes");
        }
        var path = Path.of(routes.substring("file:".length()));
        if (!Files.isDirectory(path)) {
            throw wrong("sms.routes", "names no folder: " + path.toAbsolutePath());
        }
        return path;
    }

    private static Set<String> providersIn(Path routes) {
        try (var folders = Files.list(routes)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> Files.exists(routes.resolve(name).resolve(name + ".camel.yaml")))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new ConfigurationException("cannot read the folder " + routes.toAbsolutePath());
        }
    }

    /**
     * SMS_HTTP_PORT is sms.http.port. An underscore may stand for a dot or a dash, so a name is matched against the keys there
     * can be. A name that matches none only warns: some platforms inject variables of their own that start with SMS_.
     */
    private void adoptEnvironmentNames() {
        for (var name : List.copyOf(values.keySet())) {
            if (!name.startsWith(ENVIRONMENT_PREFIX)) {
                continue;
            }
            var value = values.remove(name);
            var key = keyOf(name);
            if (key == null && name.startsWith("SMS_ACCOUNT_")) {
                throw new ConfigurationException("environment variable " + name + " is no key of an account: write "
                        + "SMS_ACCOUNT_<PROVIDER>_<ACCOUNT>_TOKEN, say, with a provider of " + providers);
            }
            if (key == null) {
                warnings.add("environment variable " + name + " is not a setting of this gateway: ignored");
            } else if (!"system property ".concat(key).equals(origins.get(key))) {
                values.put(key, value);
                origins.put(key, origins.get(name));
            }
        }
    }

    private String keyOf(String variable) {
        for (var key : DEFAULTS.keySet()) {
            if (variable.equals(asVariable(key))) {
                return key;
            }
        }
        for (var provider : providers) {
            var key = nestedKey(variable, "sms.account." + provider + ".", ACCOUNT_KEYS);
            if (key != null) {
                return key;
            }
        }
        var header = HEADER_VARIABLE.matcher(variable);
        if (header.matches()) {
            return "sms.target." + inKey(header.group(1)) + "." + TargetReader.HEADER + inKey(header.group(2));
        }
        return nestedKey(variable, "sms.target.", TargetReader.KEYS);
    }

    private static String nestedKey(String variable, String prefix, Set<String> lastParts) {
        var start = asVariable(prefix);
        for (var last : lastParts) {
            var end = "_" + asVariable(last);
            if (variable.startsWith(start)
                    && variable.endsWith(end)
                    && variable.length() > start.length() + end.length()) {
                var name = variable.substring(start.length(), variable.length() - end.length());
                return prefix + inKey(name) + "." + last;
            }
        }
        return null;
    }

    private static String inKey(String partOfVariable) {
        return partOfVariable.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String asVariable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private void refuseUnknownKeys() {
        for (var key : values.keySet()) {
            if (key.startsWith(PREFIX)
                    && !DEFAULTS.containsKey(key)
                    && !key.startsWith("sms.account.")
                    && !key.startsWith("sms.target.")) {
                throw wrong(
                        key,
                        "is not a known key: remove it or correct its name; known are "
                                + String.join(", ", new TreeSet<>(DEFAULTS.keySet()))
                                + ", sms.account.<provider>.<account>.…, sms.target.<name>.…");
            }
        }
    }

    private Map<String, Account> readAccounts() {
        var groups = new LinkedHashMap<String, Map<String, String>>();
        for (var key : values.keySet()) {
            if (!key.startsWith("sms.account.")) {
                continue;
            }
            var parts = key.split("\\.", 5);
            if (parts.length < 5 || !ACCOUNT_KEYS.contains(parts[4])) {
                throw wrong(
                        key,
                        "is not a known key: write sms.account.<provider>.<account>. and one of "
                                + String.join(", ", new TreeSet<>(ACCOUNT_KEYS)));
            }
            if (!providers.contains(parts[2])) {
                throw wrong(key, "names no provider: the folder " + routes + " has " + String.join(", ", providers));
            }
            if (!NAME.matcher(parts[3]).matches()) {
                throw wrong(key, "has an account name that is not lower-case letters, digits and single dashes");
            }
            groups.computeIfAbsent(parts[2] + "/" + parts[3], name -> new TreeMap<>())
                    .put(parts[4], values.get(key));
        }
        var read = new TreeMap<String, Account>();
        groups.forEach((name, keys) -> {
            var slash = name.indexOf('/');
            var provider = name.substring(0, slash);
            var account = name.substring(slash + 1);
            var prefix = "sms.account." + provider + "." + account;
            var settings = new AccountReader(this, prefix, keys);
            if (settings.demoKey() != null && !listensOnLoopbackOnly()) {
                throw wrong(
                        settings.demoKey(),
                        "is the demo secret, which everybody knows: it works only while sms.http.host is a loopback"
                                + " address. Choose a secret of your own or remove the account");
            }
            read.put(name, settings.account(provider, account));
        });
        return read;
    }

    private List<Target> readTargets() {
        var names = new TreeSet<String>();
        for (var key : values.keySet()) {
            if (!key.startsWith("sms.target.")) {
                continue;
            }
            var parts = key.split("\\.", 4);
            if (parts.length < 4
                    || !TargetReader.isKey(parts[3])
                    || !NAME.matcher(parts[2]).matches()) {
                throw wrong(
                        key,
                        "is not a known key: write sms.target.<name>. and one of "
                                + String.join(", ", new TreeSet<>(TargetReader.KEYS)) + ", header.<Name>");
            }
            names.add(parts[2]);
        }
        var read = new ArrayList<Target>();
        for (var name : names) {
            if (!get("sms.target." + name + ".url").isEmpty()) {
                read.add(new TargetReader(this, name).target());
            }
        }
        return List.copyOf(read);
    }

    public int number(String key, int least, int most) {
        try {
            int number = Integer.parseInt(get(key));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(key, "is not a whole number from " + least + " to " + most);
    }

    AddressRanges ranges(String key) {
        try {
            return AddressRanges.parse(get(key));
        } catch (IllegalArgumentException e) {
            throw wrong(key, e.getMessage());
        }
    }

    /** Says where the key stands and what is wrong with it; never its value, which may be a secret. */
    public ConfigurationException wrong(String key, String problem) {
        var origin = origins.get(key);
        return new ConfigurationException((origin == null ? "" : origin + ": ") + key + " " + problem);
    }
}
