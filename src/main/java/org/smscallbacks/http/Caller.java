package org.smscallbacks.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.smscallbacks.config.AddressRanges;
import org.smscallbacks.mapping.FormFields;

/** What a request says of its caller, as far as that can be believed. */
final class Caller {

    private static final String TOKEN_PARAMETER = "token=";
    private static final Pattern SECOND_QUESTION_MARK = Pattern.compile("((?:^|&)token=[^&?]*)\\?");
    private static final Pattern SCHEME_AND_HOST = Pattern.compile("^(https?)://[^/:?]+");
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private final HttpServerRequest request;
    private final AddressRanges trustedProxies;
    private final List<String> parameters;

    Caller(HttpServerRequest request, AddressRanges trustedProxies) {
        this.request = request;
        this.trustedProxies = trustedProxies;
        this.parameters = parameters(request.query());
    }

    /** Who appends "?status=1" to a URL that ends with its token means another parameter. */
    private static List<String> parameters(String query) {
        if (query == null) {
            return List.of();
        }
        var parted = query.indexOf('?') < 0
                ? query
                : SECOND_QUESTION_MARK.matcher(query).replaceFirst("$1&");
        return List.of(parted.split("&"));
    }

    /** The token of the query, else of the header; empty for none. */
    String token() {
        for (var parameter : parameters) {
            if (parameter.startsWith(TOKEN_PARAMETER)) {
                return FormFields.decoded(parameter.substring(TOKEN_PARAMETER.length()));
            }
        }
        return authorization(BEARER);
    }

    /** <code>user:password</code>; empty for none. */
    String basic() {
        try {
            return new String(Base64.getDecoder().decode(authorization(BASIC)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private String authorization(String scheme) {
        var authorization = request.getHeader("Authorization");
        return authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length())
                ? authorization.substring(scheme.length()).strip()
                : "";
    }

    /** Where he calls from: the last address on the way that no trusted proxy vouches for. */
    InetAddress address() {
        var address = connectedAddress();
        var hops = String.join(",", request.headers().getAll("X-Forwarded-For")).split(",");
        for (int i = hops.length - 1; i >= 0 && trustedProxies.contains(address); i--) {
            if (!hops[i].isBlank()) {
                address = AddressRanges.addressOf(hops[i]);
            }
        }
        return address;
    }

    private InetAddress connectedAddress() {
        return AddressRanges.addressOf(request.remoteAddress().hostAddress());
    }

    /**
     * The URL he called, with its query.
     *
     * @param publicUrl its scheme and host; empty for what the request, or a trusted proxy, says
     */
    String url(String publicUrl) {
        var uri = ReceivedRequest.in(request).uriAsItCame();
        if (!publicUrl.isEmpty()) {
            return publicUrl + uri;
        }
        boolean isProxied = trustedProxies.contains(connectedAddress());
        var scheme = isProxied ? request.getHeader("X-Forwarded-Proto") : null;
        var host = isProxied ? request.getHeader("X-Forwarded-Host") : null;
        return (scheme == null ? "http" : scheme) + "://" + (host == null ? request.getHeader("Host") : host) + uri;
    }

    /** The URLs he can have called all the same, whoever names them: only to tell what is configured wrongly. */
    List<String> otherUrls() {
        var uri = ReceivedRequest.in(request).uriAsItCame();
        return Stream.of("Host", "X-Forwarded-Host")
                .map(request::getHeader)
                .filter(Objects::nonNull)
                .distinct()
                .flatMap(host -> Stream.of("https://" + host + uri, "http://" + host + uri))
                .toList();
    }

    /** The same URL with the port of its scheme where it has none, and without it where it has. */
    static String byDefaultPort(String url) {
        var parts = SCHEME_AND_HOST.matcher(url);
        if (!parts.find()) {
            return url;
        }
        var port = parts.group(1).equals("https") ? ":443" : ":80";
        var rest = url.substring(parts.end());
        return parts.group()
                + (rest.startsWith(port + "/")
                        ? rest.substring(port.length())
                        : rest.startsWith("/") ? port + rest : rest);
    }

    /** For the log: what follows can hold a token. */
    static String withoutQuery(String url) {
        int end = url.indexOf('?');
        return end < 0 ? url : url.substring(0, end) + "?…";
    }

    /** The raw query but for the token. */
    String queryWithoutToken() {
        return parameters.stream()
                .filter(parameter -> !parameter.startsWith(TOKEN_PARAMETER))
                .collect(Collectors.joining("&"));
    }
}
