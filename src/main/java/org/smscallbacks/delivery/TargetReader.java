package org.smscallbacks.delivery;

import com.standardwebhooks.Webhook;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.event.EventPattern;

/** Reads and checks the keys of one target. */
public final class TargetReader {

    /** The keys of a target; <code>header.&lt;Name&gt;</code> comes on top. */
    public static final Set<String> KEYS = Set.of(
            "url",
            "events",
            "secret",
            "basic",
            "bearer",
            "concurrency",
            "timeout",
            "retry",
            "retry-interim",
            "trust-store",
            "trust-store-password",
            "queue");

    public static final String HEADER = "header.";

    private static final String ALL_UNDERSTOOD = "sms.delivery-report, sms.inbound-message, sms.link-click";
    private static final String RETRY = "5s, 30s, 2m, 10m, 30m, 2h, 5h, 10h, 14h, 20h, 24h";
    private static final String RETRY_INTERIM = "5s, 30s, 2m, 10m, 30m";
    private static final String NO_RETRY = "none";
    private static final String TIMEOUT = "15s";
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);
    private static final int CONCURRENCY = 8;
    private static final int MOST_CONCURRENCY = 256;

    private static final Pattern URL = Pattern.compile("\\(?[A-Za-z][A-Za-z0-9+.-]+:.+");
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Set<String> OWN_HEADERS = Set.of(
            "content-type",
            "content-length",
            "host",
            "transfer-encoding",
            "connection",
            "user-agent",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature");

    /** The Standard Webhooks specification asks for 24 to 64 bytes. */
    private static final int SHORTEST_SECRET = 24;

    private static final int LONGEST_SECRET = 64;
    private static final String SECRET_PREFIX = "whsec_";
    private static final String HOW_TO_MAKE_ONE = "make one with: echo whsec_$(openssl rand -base64 32)";

    private final Settings settings;
    private final String name;
    private final String prefix;

    public TargetReader(Settings settings, String name) {
        this.settings = settings;
        this.name = name;
        this.prefix = "sms.target." + name + ".";
    }

    /** Whether this part of a key, after the target's name, is one a target can have. */
    public static boolean isKey(String part) {
        return KEYS.contains(part)
                || part.startsWith(HEADER)
                        && HEADER_NAME.matcher(part.substring(HEADER.length())).matches();
    }

    public Target target() {
        concurrency();
        if (!URL.matcher(get("url")).matches()) {
            throw wrong("url", "is no URL: it begins with https:, tcp: or file:, say");
        }
        return new Target(
                name,
                get("url"),
                events(),
                schedule("retry", RETRY),
                schedule("retry-interim", RETRY_INTERIM),
                get("url").matches("(?i)https?:.*") ? receiver() : null);
    }

    private List<EventPattern> events() {
        var patterns = new ArrayList<EventPattern>();
        for (var text : parts(get("events", ALL_UNDERSTOOD))) {
            try {
                patterns.add(EventPattern.parse(text, settings.accounts()));
            } catch (IllegalArgumentException e) {
                throw wrong("events", e.getMessage());
            }
        }
        return patterns;
    }

    private RetrySchedule schedule(String key, String preset) {
        var text = get(key, preset);
        var waits = new ArrayList<Duration>();
        if (!text.equals(NO_RETRY)) {
            for (var part : parts(text)) {
                var wait = Settings.time(part);
                if (wait == null || wait.compareTo(RetryQueues.LONGEST) > 0) {
                    throw wrong(
                            key,
                            "has a wait that is no time up to 24h, " + part + ": write " + preset
                                    + ", or none for a single attempt");
                }
                waits.add(wait);
            }
        }
        return new RetrySchedule(List.copyOf(waits));
    }

    private Receiver receiver() {
        var timeout = Settings.time(get("timeout", TIMEOUT));
        if (timeout == null || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw wrong("timeout", "is not a time up to 5m: write 15s, 500ms or 1m");
        }
        return new Receiver(url(), signers(), headers(), timeout, tls());
    }

    private int concurrency() {
        return get("concurrency").isEmpty()
                ? CONCURRENCY
                : settings.number(prefix + "concurrency", 1, MOST_CONCURRENCY);
    }

    private URI url() {
        try {
            var url = new URI(get("url"));
            if (url.getHost() == null || url.getRawFragment() != null) {
                throw wrong("url", "is no complete URL: write https://host/path, without a #fragment");
            }
            if (url.getRawUserInfo() != null) {
                throw wrong("url", "has credentials in it: use " + prefix + "basic");
            }
            return url;
        } catch (URISyntaxException e) {
            // its message quotes the URL, which may hold a token
            throw wrong("url", "is no URL: " + e.getReason() + " at character " + (e.getIndex() + 1));
        }
    }

    private List<Webhook> signers() {
        var signers = new ArrayList<Webhook>();
        for (var secret : parts(get("secret"))) {
            var bytes = decoded(secret);
            if (bytes == null || bytes.length < SHORTEST_SECRET || bytes.length > LONGEST_SECRET) {
                throw wrong(
                        "secret",
                        "is not the base64 of " + SHORTEST_SECRET + " to " + LONGEST_SECRET + " bytes: "
                                + HOW_TO_MAKE_ONE);
            }
            signers.add(new Webhook(bytes));
        }
        if (signers.isEmpty()) {
            throw wrong("secret", "is missing: every call is signed with it; " + HOW_TO_MAKE_ONE);
        }
        return signers;
    }

    private static byte[] decoded(String secret) {
        try {
            return Base64.getDecoder()
                    .decode(secret.startsWith(SECRET_PREFIX) ? secret.substring(SECRET_PREFIX.length()) : secret);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        settings.startingWith(prefix + HEADER).forEach((key, value) -> {
            var header = key.substring(prefix.length() + HEADER.length());
            if (OWN_HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
                throw settings.wrong(key, "is a header the gateway sets itself: remove it");
            }
            headers.put(header, withoutLineBreaks(HEADER + header, value));
        });
        var basic = get("basic");
        var bearer = get("bearer");
        boolean hasOwn = headers.keySet().stream().anyMatch("Authorization"::equalsIgnoreCase);
        if (hasOwn && !(basic + bearer).isEmpty()) {
            throw wrong(
                    HEADER + "Authorization",
                    "cannot stand beside " + prefix + "basic or bearer: a call has one Authorization");
        }
        if (!basic.isEmpty() && !bearer.isEmpty()) {
            throw wrong("bearer", "cannot stand beside " + prefix + "basic: a call has one Authorization");
        }
        if (!basic.isEmpty()) {
            if (basic.indexOf(':') < 1) {
                throw wrong("basic", "is not user:password");
            }
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)));
        }
        if (!bearer.isEmpty()) {
            headers.put("Authorization", "Bearer " + withoutLineBreaks("bearer", bearer));
        }
        return headers;
    }

    private String withoutLineBreaks(String key, String value) {
        if (value.chars().anyMatch(character -> character < ' ' || character > '~')) {
            throw wrong(key, "has characters that no HTTP header may hold");
        }
        return value;
    }

    private SSLContext tls() {
        var file = get("trust-store");
        if (file.isEmpty()) {
            return null;
        }
        if (!Files.isReadable(Path.of(file))) {
            throw wrong(
                    "trust-store",
                    "names no file that can be read: " + Path.of(file).toAbsolutePath());
        }
        try {
            return SSLContexts.custom()
                    .loadTrustMaterial(
                            Path.of(file), get("trust-store-password").toCharArray())
                    .build();
        } catch (IOException | GeneralSecurityException e) {
            throw wrong(
                    "trust-store",
                    "cannot be read as a key store (JKS or PKCS12) with " + prefix + "trust-store-password: "
                            + e.getMessage());
        }
    }

    private static List<String> parts(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private String get(String key) {
        return settings.get(prefix + key);
    }

    private String get(String key, String preset) {
        var value = get(key);
        return value.isEmpty() ? preset : value;
    }

    private ConfigurationException wrong(String key, String problem) {
        return settings.wrong(prefix + key, problem);
    }
}
