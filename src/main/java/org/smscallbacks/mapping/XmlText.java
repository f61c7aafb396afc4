package org.smscallbacks.mapping;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an XML body that a parser refuses for a character of it: scripts write references to half a character, and subscribers
 * characters that XML has no way to hold. It costs no more than that character.
 */
final class XmlText {

    /** References, and characters that must not be there. */
    private static final Pattern SUSPECT =
            Pattern.compile("&#(x?)([0-9A-Fa-f]{1,7});|[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]");

    private static final String REPLACEMENT = "\uFFFD";

    private XmlText() {}

    /**
     * The text with each such character replaced, or null when there is none and the bytes are UTF-8.
     *
     * @param charset of the bytes where they are not UTF-8, or null
     */
    static String mended(byte[] bytes, int start, Charset charset) {
        var utf8 = decoded(bytes, start, StandardCharsets.UTF_8);
        var text = utf8 != null ? utf8 : charset == null ? null : decoded(bytes, start, charset);
        if (text == null) {
            return null;
        }
        var mended = mended(text);
        return utf8 != null && mended.equals(text) ? null : mended;
    }

    private static String mended(String text) {
        var mended = new StringBuilder(text.length());
        var suspects = SUSPECT.matcher(text);
        int end = 0;
        while (suspects.find()) {
            mended.append(text, end, suspects.start());
            end = suspects.end();
            int character = number(suspects);
            int other = isFirstHalf(character) && suspects.find() && suspects.start() == end ? number(suspects) : -1;
            if (isSecondHalf(other)) {
                end = suspects.end();
                mended.appendCodePoint(Character.toCodePoint((char) character, (char) other));
            } else {
                mended.append(reference(character));
                suspects.region(end, text.length());
            }
        }
        return mended.append(text, end, text.length()).toString();
    }

    private static String decoded(byte[] bytes, int start, Charset charset) {
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, bytes.length - start))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Of a reference; -1 for anything else. */
    private static int number(Matcher suspect) {
        if (suspect.group(2) == null) {
            return -1;
        }
        try {
            return Integer.parseInt(suspect.group(2), suspect.group(1).isEmpty() ? 10 : 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static boolean isFirstHalf(int character) {
        return character >= Character.MIN_HIGH_SURROGATE && character <= Character.MAX_HIGH_SURROGATE;
    }

    private static boolean isSecondHalf(int character) {
        return character >= Character.MIN_LOW_SURROGATE && character <= Character.MAX_LOW_SURROGATE;
    }

    private static String reference(int character) {
        return isAllowed(character) ? "&#" + character + ";" : REPLACEMENT;
    }

    /** XML 1.0, section 2.2. */
    private static boolean isAllowed(int character) {
        return character == '\t'
                || character == '\n'
                || character == '\r'
                || character >= 0x20 && character <= 0xD7FF
                || character >= 0xE000 && character <= 0xFFFD
                || character >= 0x10000 && character <= Character.MAX_CODE_POINT;
    }
}
