package org.smscallbacks.mapping;

import com.schibsted.spt.data.jslt.JsltException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.smscallbacks.config.ConfigurationException;

/** A mapping as it is written: a file under the routes, or an expression in a route. Says what is wrong with it, and where. */
final class MappingSource {

    private static final String RESOURCE = "resource:";
    private static final String INLINE = "inline";
    private static final Pattern PLACE = Pattern.compile(" at line (\\d+), column (\\d+)\\.?$");

    private final Path routes;
    private final String text;
    private final String name;
    private final boolean isFile;

    /** @param text the expression, or <code>resource:</code> and the file's name under the routes */
    MappingSource(Path routes, String text) {
        this.routes = routes;
        this.text = text;
        this.isFile = text.startsWith(RESOURCE);
        this.name = isFile ? text.substring(RESOURCE.length()) : text;
    }

    /** What it is called in the log. */
    String name() {
        return name;
    }

    boolean isFile() {
        return isFile;
    }

    /** What JSLT calls it where it says what is wrong. */
    String source() {
        return isFile ? routes.resolve(name).toString() : INLINE;
    }

    /** @throws InlineException when there is no such file: only the route knows where it names it */
    String text() {
        try {
            return isFile ? Files.readString(routes.resolve(name)) : text;
        } catch (IOException e) {
            throw new InlineException(text, unreadable(routes.resolve(name)));
        }
    }

    static String unreadable(Path file) {
        return "mapping " + file + " cannot be read: is there such a file, in UTF-8?";
    }

    /** The first line says it all; the others list the whole grammar. The parser's place is better than the one of JSLT. */
    RuntimeException refused(JsltException failure) {
        var problem = failure.getMessageWithoutLocation().lines().findFirst().orElse("");
        var source = failure.getSource() == null ? source() : failure.getSource();
        var place = PLACE.matcher(problem);
        if (place.find()) {
            var words = problem.substring(0, place.start());
            return refused(words + at(source, place.group(1), place.group(2)));
        }
        return refused(
                failure.getSource() == null
                        ? problem
                        : problem + at(source, "" + failure.getLine(), "" + failure.getColumn()));
    }

    private static String at(String source, String line, String column) {
        return source.equals(INLINE)
                ? " at line " + line + ", column " + column
                : " at " + source + ":" + line + ":" + column;
    }

    RuntimeException refused(String problem) {
        return isFile
                ? new ConfigurationException("mapping " + source() + ": " + problem)
                : new InlineException(text, problem);
    }
}
