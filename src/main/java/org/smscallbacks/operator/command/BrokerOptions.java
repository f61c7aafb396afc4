package org.smscallbacks.operator.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.smscallbacks.config.BrokerKeys;
import org.smscallbacks.config.Settings;
import org.smscallbacks.config.TrailSettings;
import org.smscallbacks.operator.BrokerAccess;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The options that say where the broker is, and who asks it. */
final class BrokerOptions {

    private static final String PASSWORD_VARIABLE = "SMS_OPERATOR_PASSWORD";

    @Option(
            names = "--config",
            paramLabel = "<folder>",
            scope = ScopeType.INHERIT,
            description = "The gateway's configuration; default: config")
    private Path config;

    @Option(
            names = "--broker",
            paramLabel = "<url>",
            scope = ScopeType.INHERIT,
            description = "The broker, instead of the configured one: tcp://127.0.0.1:61616")
    private String broker;

    @Option(
            names = "--user",
            paramLabel = "<user>",
            scope = ScopeType.INHERIT,
            description = "The broker's user, instead of the configured one")
    private String user;

    @Option(
            names = "--password",
            paramLabel = "<password>",
            scope = ScopeType.INHERIT,
            description = "Its password; better in the environment, as SMS_OPERATOR_PASSWORD: others see arguments")
    private String password;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The broker as configured, and what the command line says otherwise. */
    BrokerAccess access(Map<String, String> environment, Supplier<Settings> running) {
        var secret = password == null ? environment.get(PASSWORD_VARIABLE) : password;
        if (broker != null && !broker.matches("\\(?[a-z]+://.+")) {
            throw new ParameterException(spec.commandLine(), "--broker is no URL: write tcp://127.0.0.1:61616");
        }
        var configured = isComplete(environment)
                ? new BrokerAccess(broker, user, secret, "sms.unrecognised", "sms.replay", "sms.refused")
                : BrokerAccess.of(keys(environment, running));
        return new BrokerAccess(
                broker == null ? configured.url() : broker,
                user == null ? configured.user() : user,
                secret == null ? configured.password() : secret,
                configured.unrecognised(),
                configured.replay(),
                configured.refused());
    }

    /** The options say all of the broker: no configuration is looked at. */
    private boolean isComplete(Map<String, String> environment) {
        boolean hasPassword = password != null || environment.get(PASSWORD_VARIABLE) != null;
        return broker != null && user != null && hasPassword && config == null;
    }

    /** The queues as the file names them now, where that may be otherwise than when the gateway started; else none. */
    Set<String> writtenQueues(Map<String, String> environment, Supplier<Settings> running) {
        if (broker != null || running != null && config == null) {
            return Set.of();
        }
        var keys = keys(environment, running);
        return keys.broker().isEmbedded() ? keys.queues().all() : Set.of();
    }

    /** The trail as configured; none where no configuration is looked at. */
    TrailSettings trail(Map<String, String> environment, Supplier<Settings> running) {
        return isComplete(environment)
                ? TrailSettings.NONE
                : keys(environment, running).trail();
    }

    /** All that is configured. */
    Settings settings(Map<String, String> environment, Supplier<Settings> running) {
        return running != null && config == null
                ? running.get()
                : Settings.load(folder(), withoutOwn(environment), System.getProperties());
    }

    private BrokerKeys keys(Map<String, String> environment, Supplier<Settings> running) {
        if (running != null && config == null) {
            return running.get().brokerKeys();
        }
        return BrokerKeys.load(folder(), withoutOwn(environment), System.getProperties());
    }

    private static Map<String, String> withoutOwn(Map<String, String> environment) {
        var rest = new TreeMap<>(environment);
        rest.remove(PASSWORD_VARIABLE);
        return rest;
    }

    private Path folder() {
        var caller = Path.of(System.getProperty("caller.folder", ""));
        return config == null ? Path.of("config") : caller.resolve(config);
    }
}
