package org.smscallbacks.delivery;

import static org.smscallbacks.config.Section.Trait.SECRET;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Section;
import org.smscallbacks.config.Settings;
import org.smscallbacks.config.Values;
import org.smscallbacks.event.EventPattern;

/** Reads a target from its section of the configuration; of one that is off nothing is checked. */
public final class TargetReader {

    private static final Set<String> KEYS = Section.askedBy(TargetReader::new);

    private static final String ALL_RECOGNISED = "sms.delivery-report, sms.inbound-message, sms.link-click";

    private final Section keys;
    private final Supplier<String> url;
    private final Supplier<List<String>> events;
    private final Supplier<RetrySchedule> retry;
    private final Supplier<RetrySchedule> retryInterim;
    private final Supplier<Integer> concurrency;
    private final Supplier<String> login;
    private final ReceiverReader receiver;

    private TargetReader(Section keys) {
        this.keys = keys;
        this.url = keys.later("url", "", TargetReader::uri);
        this.events = keys.later("events", ALL_RECOGNISED, Values::list);
        this.retry = schedule("retry", "5s, 30s, 2m, 10m, 30m, 2h, 5h, 10h, 14h, 20h, 24h");
        this.retryInterim = schedule("retry-interim", "5s, 30s, 2m, 10m, 30m");
        this.concurrency = keys.later("concurrency", "8", Values.number(1, 256));
        this.login = keys.later("basic", "", Values::text, SECRET);
        this.receiver = new ReceiverReader(keys, login);
        // for a route
        keys.later("queue", "", Values::text);
    }

    /**
     * The targets that are switched on.
     *
     * @throws ConfigurationException when one cannot be used; it names the key, and never a secret
     */
    public static List<Target> read(Settings settings) {
        return settings.sections().targets(KEYS).stream()
                .map(TargetReader::new)
                .map(reader -> reader.target(settings.accounts()))
                .filter(Objects::nonNull)
                .toList();
    }

    private Target target(List<Account> accounts) {
        if (!keys.has("url")) {
            return null;
        }
        concurrency.get();
        return new Target(
                keys.name(),
                url.get(),
                patterns(accounts),
                retry.get(),
                retryInterim.get(),
                url.get().matches("(?i)https?:.*") ? receiver.receiver(url.get()) : null,
                login.get());
    }

    private List<EventPattern> patterns(List<Account> accounts) {
        var patterns = new ArrayList<EventPattern>();
        for (var text : events.get()) {
            try {
                patterns.add(EventPattern.parse(text, accounts));
            } catch (IllegalArgumentException e) {
                throw keys.wrong("events", e.getMessage());
            }
        }
        return patterns;
    }

    private Supplier<RetrySchedule> schedule(String name, String preset) {
        Function<String, RetrySchedule> reader = text -> {
            var waits = new ArrayList<Duration>();
            for (var part : text.equals("none") ? List.<String>of() : Values.list(text)) {
                var wait = Values.timeIn(part);
                if (wait == null || wait.compareTo(RetryQueues.LONGEST) > 0) {
                    throw new IllegalArgumentException("has a wait that is no time up to 24h, " + part + ": write "
                            + preset + ", or none for a single attempt");
                }
                waits.add(wait);
            }
            return new RetrySchedule(List.copyOf(waits));
        };
        return keys.later(name, preset, reader);
    }

    private static String uri(String text) {
        if (!text.isEmpty() && !text.matches("\\(?[A-Za-z][A-Za-z0-9+.-]+:.+")) {
            throw new IllegalArgumentException("is no URL: it begins with https:, tcp: or file:, say");
        }
        return text;
    }
}
