package org.smscallbacks.config;

/**
 * Where one value stands in a request: <code>header.NAME</code>, <code>query.NAME</code>, or <code>field.NAME</code>, which is in the query
 * of a GET, else in the body.
 */
record RequestPlace(Kind kind, String name) {

    enum Kind {
        HEADER("header."),
        QUERY("query."),
        FIELD("field.");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    /** @throws IllegalArgumentException for a text that is no place */
    static RequestPlace of(String text) {
        for (var kind : Kind.values()) {
            if (text.startsWith(kind.prefix) && text.length() > kind.prefix.length()) {
                return new RequestPlace(kind, text.substring(kind.prefix.length()));
            }
        }
        throw new IllegalArgumentException(
                text + " is no part of a request: write header.NAME, query.NAME or field.NAME"
                        + ", and in what is signed also body, body.sha256, body.sha256.bytes, url, url.sha256, url.without-query, query.sorted"
                        + ", form.sorted or fields.joined");
    }

    /**
     * The value that stands there, or null.
     *
     * @throws UnreadableContentException when it is a field, and the body has none
     */
    String in(SignedRequest request) {
        return switch (kind) {
            case HEADER -> request.header().apply(name);
            case QUERY -> SignedRequest.first(request.query(), name);
            case FIELD -> SignedRequest.first(request.fields(), name);
        };
    }
}
