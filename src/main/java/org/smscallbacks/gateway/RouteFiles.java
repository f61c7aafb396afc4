package org.smscallbacks.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** The route files as text: finds the file and the line of what Camel, which reads them all at once, only names. */
final class RouteFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private static final int DEEPEST = 8;

    private final Path folder;

    RouteFiles(Path folder) {
        this.folder = folder;
    }

    /** Where a failure to read or to build the routes comes from, as <code>file line n: </code>, or nothing when it cannot be told. */
    String placeOf(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYamlEngineException problem) {
                return placeOfUnreadable(problem);
            }
            if (cause instanceof FailedToCreateRouteException unbuilt) {
                return placeOfRoute(unbuilt.getRouteId());
            }
        }
        return "";
    }

    /** Where the route begins. */
    String placeOfRoute(String id) {
        return placeOf(Pattern.compile("\\s*(- )?id: [\"']?" + Pattern.quote(id) + "[\"']?\\s*"));
    }

    /** Where something is sent to this <code>direct:</code> name. */
    String placeOfDirect(String name) {
        return placeOf(Pattern.compile(".*(direct:|name: [\"']?)" + Pattern.quote(name) + "[\"']?\\s*"));
    }

    private String placeOf(Pattern line) {
        for (var file : files()) {
            try {
                var lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (line.matcher(lines.get(i)).matches()) {
                        return file + " line " + (i + 1) + ": ";
                    }
                }
            } catch (IOException e) {
                LOG.debug("{} cannot be read", file, e);
            }
        }
        return "";
    }

    /** Reads them one by one: the exception says where in a file, but not in which. */
    private String placeOfUnreadable(MarkedYamlEngineException problem) {
        var line = problem.getProblemMark()
                .map(mark -> " line " + (mark.getLine() + 1))
                .orElse("");
        for (var file : files()) {
            try (var camel = new DefaultCamelContext()) {
                camel.build();
                PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveResource(camel, "file:" + file));
            } catch (Exception e) {
                return file + line + ": ";
            }
        }
        return "";
    }

    private List<Path> files() {
        try (var files = Files.find(
                folder, DEEPEST, (file, attributes) -> file.toString().endsWith(".camel.yaml"))) {
            return files.sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} cannot be looked at", folder, e);
            return List.of();
        }
    }
}
