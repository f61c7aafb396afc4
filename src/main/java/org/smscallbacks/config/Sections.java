package org.smscallbacks.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The accounts and the targets: the parts of the configuration an operator names. */
public final class Sections {

    /** Keys of a target that begin so name a header of each call. */
    public static final String HEADER = "header.";

    private static final String ACCOUNT = "sms.account.";
    private static final String TARGET = "sms.target.";
    private static final Set<String> ACCOUNT_KEYS = Section.askedBy(AccountReader::new);
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern HEADER_KEY = Pattern.compile("header\\.[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    /** A header's name may end like a key. */
    private static final Pattern HEADER_VARIABLE = Pattern.compile("SMS_TARGET_\\w+?_HEADER_\\w+");

    private final ConfigFile values;
    private final Path routes;
    private final TreeSet<String> providers;
    private List<Section> targets = List.of();

    /** @param routes the folder whose subfolders are the providers */
    Sections(ConfigFile values, Path routes) {
        this.values = values;
        this.routes = routes;
        this.providers = providersIn(routes);
    }

    private static TreeSet<String> providersIn(Path routes) {
        try (var folders = Files.list(routes)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> Files.exists(routes.resolve(name).resolve(name + ".camel.yaml")))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new ConfigurationException("cannot read the folder " + routes.toAbsolutePath());
        }
    }

    Set<String> providers() {
        return providers;
    }

    /** Refuses keys that are neither among those nor of an account or a target. */
    void refuseUnknown(Set<String> known) {
        for (var key : values.keys(ConfigFile.PREFIX)) {
            if (!known.contains(key) && !key.startsWith(ACCOUNT) && !key.startsWith(TARGET)) {
                throw values.wrong(
                        key,
                        "is not a known key: remove it or correct its name; known are " + String.join(", ", known)
                                + ", sms.account.<provider>.<account>.…, sms.target.<name>.…");
            }
        }
    }

    /** The accounts, in the order of their names. */
    List<Account> accounts(boolean onLoopback) {
        for (var key : values.keys(ACCOUNT)) {
            var parts = key.substring(ACCOUNT.length()).split("\\.", 3);
            if (parts.length < 3 || !ACCOUNT_KEYS.contains(parts[2])) {
                throw unknown(key, "sms.account.<provider>.<account>. and one of " + String.join(", ", ACCOUNT_KEYS));
            }
            if (!providers.contains(parts[0])) {
                throw values.wrong(
                        key, "names no provider: the folder " + routes + " has " + String.join(", ", providers));
            }
            if (!NAME.matcher(parts[1]).matches()) {
                throw values.wrong(key, "has an account name that is not lower-case letters, digits and single dashes");
            }
        }
        var accounts = new ArrayList<Account>();
        var variables = values.variables(ACCOUNT);
        // webcom-mobi before webcom
        for (var provider : providers.descendingSet()) {
            var schemes = new SignatureFile(routes.resolve(provider));
            for (var section : sections(ACCOUNT + provider + ".", ACCOUNT_KEYS, variables)) {
                var reader = new AccountReader(section);
                section.refuseDemoSecret(onLoopback);
                accounts.add(reader.account(provider, schemes));
            }
        }
        for (var variable : values.unusedVariables(ACCOUNT)) {
            throw new ConfigurationException("environment variable " + variable + " is no key of an account: write "
                    + "SMS_ACCOUNT_<PROVIDER>_<ACCOUNT>_TOKEN, say, with one of the providers "
                    + String.join(", ", providers));
        }
        accounts.sort(Comparator.comparing(Account::provider).thenComparing(Account::name));
        return accounts;
    }

    /**
     * The targets that are configured, whether they are switched on or not, in the order of their names.
     *
     * @param keys the keys a target can have, but for its headers
     * @throws ConfigurationException for a key that is not among them
     */
    public List<Section> targets(Set<String> keys) {
        var variables = values.variables(TARGET);
        variables.removeIf(variable -> HEADER_VARIABLE.matcher(variable).matches());
        targets = sections(TARGET, keys, variables);
        for (var target : targets) {
            // what one has that is switched off is a setting as well
            keys.forEach(target::has);
            target.namesFrom(HEADER).forEach(target::has);
        }
        for (var key : values.keys(TARGET)) {
            var parts = key.substring(TARGET.length()).split("\\.", 2);
            if (parts.length < 2
                    || !keys.contains(parts[1]) && !HEADER_KEY.matcher(parts[1]).matches()
                    || !NAME.matcher(parts[0]).matches()) {
                throw unknown(key, "sms.target.<name>. and one of " + String.join(", ", keys) + ", header.<Name>");
            }
        }
        return targets;
    }

    /** What is set of the targets and no secret. */
    Map<String, String> openOfTargets() {
        var open = new TreeMap<String, String>();
        targets.forEach(target -> open.putAll(target.open()));
        return open;
    }

    private ConfigurationException unknown(String key, String known) {
        return values.wrong(key, "is not a known key: write " + known);
    }

    /** All whose name a key or a variable tells; takes those variables away. */
    private List<Section> sections(String prefix, Set<String> keys, Set<String> variables) {
        var names = new TreeSet<String>();
        for (var key : values.keys(prefix)) {
            int end = key.indexOf('.', prefix.length());
            if (end > 0) {
                names.add(key.substring(prefix.length(), end));
            }
        }
        for (var key : keys) {
            var start = ConfigFile.asVariable(prefix);
            var end = "_" + ConfigFile.asVariable(key);
            for (var variable : List.copyOf(variables)) {
                int length = variable.length() - end.length();
                if (variable.startsWith(start) && variable.endsWith(end) && length > start.length()) {
                    var name = ConfigFile.inKey(variable.substring(start.length(), length));
                    if (!NAME.matcher(name).matches()) {
                        throw new ConfigurationException("environment variable " + variable + " names " + name
                                + ": a name is letters and digits, with single underscores between them");
                    }
                    names.add(name);
                    variables.remove(variable);
                }
            }
        }
        return names.stream()
                .map(name -> new Section(values, prefix + name + "."))
                .toList();
    }
}
