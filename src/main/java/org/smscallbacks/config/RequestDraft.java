package org.smscallbacks.config;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A request while what it has to show is added to it. */
final class RequestDraft {

    private static final byte[] NOTHING = {};

    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private final List<Map.Entry<String, String>> query = new ArrayList<>();
    private final List<Map.Entry<String, String>> fields = new ArrayList<>();
    private SignedRequest request;

    RequestDraft(SignedRequest request) {
        this.request = request;
    }

    /** Another one with the same in it, to which something else can be added. */
    RequestDraft copy() {
        var copy = new RequestDraft(request);
        copy.headers.addAll(headers);
        copy.query.addAll(query);
        copy.fields.addAll(fields);
        return copy;
    }

    /** The request with all that was added. */
    SignedRequest request() {
        return request;
    }

    /**
     * Adds a value, unless there is one in its place.
     *
     * @throws UnreadableContentException when it is to be a field, and the body has none
     */
    void add(RequestPlace place, String value) {
        if (place.in(request) != null) {
            return;
        }
        var added = Map.entry(place.name(), value);
        switch (place.kind()) {
            case HEADER -> addHeader(added);
            case QUERY -> addToQuery(added);
            case FIELD -> {
                if (request.isGet()) {
                    addToQuery(added);
                } else {
                    addToBody(added);
                }
            }
        }
    }

    private void addHeader(Map.Entry<String, String> added) {
        headers.add(added);
        var others = request.header();
        UnaryOperator<String> header =
                name -> name.equalsIgnoreCase(added.getKey()) ? added.getValue() : others.apply(name);
        request = new SignedRequest(
                request.isGet(), header, request.url(), request.query(), request.content(), request.body());
    }

    private void addToQuery(Map.Entry<String, String> added) {
        query.add(added);
        var url = request.url() + (request.url().contains("?") ? "&" : "?") + asParameter(added);
        var body = request.isGet() ? bytes(url.substring(url.indexOf('?') + 1)) : request.body();
        request = new SignedRequest(
                request.isGet(), request.header(), url, with(request.query(), added), request.content(), body);
    }

    private void addToBody(Map.Entry<String, String> added) {
        fields.add(added);
        var content = with(request.form(), added);
        request = new SignedRequest(
                false, request.header(), request.url(), request.query(), () -> content, bodyWith(added));
    }

    /** The fields were read, so it is an object of JSON, or a form. */
    private byte[] bodyWith(Map.Entry<String, String> added) {
        var body = new String(request.body(), StandardCharsets.ISO_8859_1);
        int brace = body.lastIndexOf('}');
        boolean isJson = body.stripLeading().startsWith("{") && brace >= 0;
        int end = isJson ? brace : body.stripTrailing().length();
        var before = body.substring(0, end).strip();
        var bytes = new ByteArrayOutputStream();
        bytes.write(request.body(), 0, end);
        if (isJson) {
            bytes.writeBytes(
                    bytes((before.endsWith("{") ? "" : ",") + quoted(added.getKey()) + ":" + quoted(added.getValue())));
        } else {
            bytes.writeBytes(bytes((before.isEmpty() ? "" : "&") + asParameter(added)));
        }
        bytes.write(request.body(), end, request.body().length - end);
        return bytes.toByteArray();
    }

    /** With all that was added. */
    AuthorisedRequest authorised(String unsigned) {
        return new AuthorisedRequest(
                List.copyOf(headers),
                List.copyOf(query),
                List.copyOf(fields),
                request.url(),
                request.isGet() ? NOTHING : request.body(),
                unsigned);
    }

    private static List<Map.Entry<String, String>> with(
            List<Map.Entry<String, String>> parameters, Map.Entry<String, String> added) {
        var all = new ArrayList<>(parameters);
        all.add(added);
        return all;
    }

    private static String asParameter(Map.Entry<String, String> parameter) {
        return URLEncoder.encode(parameter.getKey(), StandardCharsets.UTF_8) + "="
                + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
