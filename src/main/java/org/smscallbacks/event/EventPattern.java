package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.smscallbacks.config.Account;

/**
 * Which events a target takes, written <code>type:status@provider/account</code>; all but the type may be left out, and
 * <code>*</code> stands for any letters. In the place of the status, <code>final</code> and <code>interim</code> are the reports
 * after which no other, or another, follows.
 */
public final class EventPattern {

    private static final String FINAL = "final";
    private static final String INTERIM = "interim";
    private static final List<String> STATUSES =
            Stream.concat(Status.texts().stream(), Stream.of(FINAL, INTERIM)).toList();

    private static final Pattern FORM =
            Pattern.compile("([^:@/\\s]+)(?::([^:@/\\s]+))?(?:@([^:@/\\s]+)(?:/([^:@/\\s]+))?)?");

    private final Set<String> types;
    private final Set<String> statuses;
    private final Set<String> accounts;

    private EventPattern(Set<String> types, Set<String> statuses, Set<String> accounts) {
        this.types = types;
        this.statuses = statuses;
        this.accounts = accounts;
    }

    /**
     * @param text the pattern
     * @param accounts all accounts there are
     * @throws IllegalArgumentException when it is no pattern, or matches nothing there can be; the message says which part
     */
    public static EventPattern parse(String text, Collection<Account> accounts) {
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("has a pattern that is not type:status@provider/account, " + text
                    + ": all but the type may be left out");
        }
        var provider = parts.group(3) == null ? "*" : parts.group(3);
        var account = parts.group(4) == null ? "*" : parts.group(4);
        var names = accounts.stream().map(EventPattern::nameOf).toList();
        return new EventPattern(
                matching(parts.group(1), EventType.texts(), "type", text),
                parts.group(2) == null ? null : matching(parts.group(2), STATUSES, "status", text),
                parts.group(3) == null ? null : matching(provider + "/" + account, names, "account", text));
    }

    private static Set<String> matching(String glob, Collection<String> words, String what, String text) {
        var expression = Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
        var matched = words.stream()
                .filter(word -> expression.matcher(word).matches())
                .collect(Collectors.toSet());
        if (matched.isEmpty()) {
            throw new IllegalArgumentException("has a pattern whose " + what + " matches nothing, " + text
                    + ": there are " + (words.isEmpty() ? "none" : String.join(", ", words)));
        }
        return matched;
    }

    public boolean matches(JsonNode event, Account account) {
        return types.contains(event.path("type").textValue())
                && (statuses == null || hasStatus(event.path("data")))
                && (accounts == null || accounts.contains(nameOf(account)));
    }

    private boolean hasStatus(JsonNode data) {
        var status = data.path("status").textValue();
        return status != null
                && (statuses.contains(status)
                        || statuses.contains(data.path("final").booleanValue() ? FINAL : INTERIM));
    }

    private static String nameOf(Account account) {
        return account.provider() + "/" + account.name();
    }
}
