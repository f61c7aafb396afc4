package org.smscallbacks.event;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.regex.Pattern;

/**
 * A pattern of the schema, asked of texts. Most are of a fixed length, an id or a time: these are looked at letter by letter, which takes
 * a tenth of a regular expression's time. For the others the last texts that did match are remembered: they are few, as an account's name.
 */
final class TextShape {

    private static final Pattern PART =
            Pattern.compile("(?:\\[([^\\]\\[\\\\^]+)]|\\\\([^A-Za-z0-9])|([A-Za-z0-9:/_-]))(?:\\{([0-9]{1,3})})?");
    private static final int REMEMBERED = 64;

    private final Pattern pattern;

    /** The letters that may stand at each place, each with a bit of the first or the second number; or null. */
    private final long[][] places;

    /** Any thread may put a text there at any time: whatever is read did match. */
    private final String[] matched = new String[REMEMBERED];

    TextShape(String pattern) {
        // where the end of a text is, Java and JSON Schema see differently before a line's end
        this.pattern = Pattern.compile(pattern.replaceFirst("(?<!\\\\)\\$$", "\\\\z"));
        this.places = placesOf(pattern);
    }

    private static long[][] placesOf(String pattern) {
        if (!pattern.startsWith("^") || !pattern.endsWith("$")) {
            return null;
        }
        var places = new ArrayList<long[]>();
        var rest = PART.matcher(pattern).region(1, pattern.length() - 1);
        while (rest.lookingAt()) {
            var letters = letters(
                    rest.group(1) != null ? rest.group(1) : rest.group(2) != null ? rest.group(2) : rest.group(3));
            int times = rest.group(4) == null ? 1 : Integer.parseInt(rest.group(4));
            for (int i = 0; i < times; i++) {
                places.add(letters);
            }
            rest.region(rest.end(), pattern.length() - 1);
        }
        return rest.regionStart() == pattern.length() - 1 ? places.toArray(long[][]::new) : null;
    }

    /** Those of a class such as <code>0-9a-f</code>. */
    private static long[] letters(String listed) {
        var letters = new BitSet(2 * Long.SIZE);
        // so that there are two numbers
        letters.set(2 * Long.SIZE);
        for (int i = 0; i < listed.length(); i++) {
            if (i + 2 < listed.length() && listed.charAt(i + 1) == '-') {
                letters.set(listed.charAt(i), listed.charAt(i + 2) + 1);
                i += 2;
            } else {
                letters.set(listed.charAt(i));
            }
        }
        return letters.toLongArray();
    }

    /** Whether the pattern is of a fixed length. */
    boolean isFixed() {
        return places != null;
    }

    boolean matches(String text) {
        if (places != null) {
            return matchesPlaces(text);
        }
        int slot = text.hashCode() & REMEMBERED - 1;
        if (text.equals(matched[slot])) {
            return true;
        }
        if (!pattern.matcher(text).find()) {
            return false;
        }
        matched[slot] = text;
        return true;
    }

    private boolean matchesPlaces(String text) {
        if (text.length() != places.length) {
            return false;
        }
        for (int i = 0; i < places.length; i++) {
            char letter = text.charAt(i);
            // a shift takes the last six bits of its number
            if (letter >= 2 * Long.SIZE || (places[i][letter >>> 6] >>> letter & 1) == 0) {
                return false;
            }
        }
        return true;
    }
}
