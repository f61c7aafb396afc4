package org.smscallbacks.mapping;

import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.impl.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The calls of <code>lookup</code> in the text of a mapping, as far as the text says what they ask for: JSLT would find out with the
 * first item only that there is no such table or column.
 */
final class Lookups {

    /** Comments, texts, names, and any other sign alone. */
    static final Pattern PART = Pattern.compile("//[^\n]*|\"(?:[^\"\\\\]++|\\\\.)*+\"|[\\w-]+|\\S");

    private static final String NAME = "lookup";

    private record Part(String text, int start) {

        boolean isString() {
            return text.startsWith("\"");
        }

        String string() {
            return text.substring(1, text.length() - 1);
        }
    }

    private final String source;
    private final String mapping;
    private final List<Part> parts;

    /** @param source what the mapping is called where something is wrong with it */
    Lookups(String source, String mapping) {
        this.source = source;
        this.mapping = mapping;
        this.parts = PART.matcher(mapping)
                .results()
                .map(part -> new Part(part.group(), part.start()))
                .filter(part -> !part.text.startsWith("//"))
                .toList();
    }

    /**
     * Has the tables expect them.
     *
     * @throws JsltException when there is no such table or column
     */
    void expectIn(Tables tables) {
        for (int i = 0; i + 2 < parts.size(); i++) {
            if (is(i, NAME) && is(i + 1, "(") && !(i > 0 && is(i - 1, "def"))) {
                expect(tables, i);
            }
        }
    }

    private void expect(Tables tables, int place) {
        var table = parts.get(place + 2);
        boolean isLiteral = table.isString() && is(place + 3, ",");
        try {
            tables.expect(isLiteral ? table.string() : null, isLiteral ? columns(place + 4) : null);
        } catch (JsltException e) {
            int line =
                    (int) mapping.substring(0, parts.get(place).start).lines().count();
            int column = parts.get(place).start - mapping.lastIndexOf('\n', parts.get(place).start - 1);
            throw new JsltException(e.getMessageWithoutLocation(), new Location(source, Math.max(1, line), column));
        }
    }

    /** The keys of the object that begins here, or null when not all of them are written there. */
    private List<String> columns(int place) {
        if (!is(place, "{")) {
            return null;
        }
        var columns = new ArrayList<String>();
        int depth = 0;
        for (int i = place; i < parts.size(); i++) {
            var text = parts.get(i).text;
            depth += text.matches("[{(\\[]") ? 1 : text.matches("[})\\]]") ? -1 : 0;
            if (depth == 0) {
                return columns;
            }
            if (depth == 1 && (is(i, "{") || is(i, ",")) && !is(i + 1, "}")) {
                if (i + 2 >= parts.size() || !parts.get(i + 1).isString() || !is(i + 2, ":")) {
                    return null;
                }
                columns.add(parts.get(i + 1).string());
            }
        }
        return null;
    }

    private boolean is(int place, String text) {
        return place < parts.size() && parts.get(place).text.equals(text);
    }
}
