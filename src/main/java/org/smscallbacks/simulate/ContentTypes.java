package org.smscallbacks.simulate;

import java.util.Map;

/** How a callback says what it is, by the end of its file's name. */
final class ContentTypes {

    private static final String HEADER = "Content-Type";
    private static final Map<String, String> BY_KIND = Map.of(
            "json",
            "application/json",
            "xml",
            "text/xml",
            "form",
            "application/x-www-form-urlencoded",
            "text",
            "text/plain");

    private ContentTypes() {}

    /** The header; none for what has no body. */
    static Map<String, String> of(String kind) {
        return BY_KIND.containsKey(kind) ? Map.of(HEADER, BY_KIND.get(kind)) : Map.of();
    }
}
