package org.smscallbacks.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.delivery.Target;
import org.smscallbacks.event.QueueNames;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Reads the route files, one by one, so that whatever is wrong is said with the file it stands in. A target that is called over HTTP
 * needs none of its own: it has the routes of <code>targets/webhook.camel.yaml</code>, with its name in them.
 */
final class RouteLoader {

    private static final String FILE = ".camel.yaml";
    private static final String TEMPLATE = "targets/webhook" + FILE;
    private static final int DEEPEST = 8;

    private record Loaded(RouteDefinition route, Path file) {}

    private final CamelContext camel;
    private final Path folder;
    private final Map<String, Loaded> loaded = new HashMap<>();

    RouteLoader(CamelContext camel, Path folder) {
        this.camel = camel;
        this.folder = folder;
        camel.setSourceLocationEnabled(true);
    }

    /** @throws ConfigurationException when a file cannot be used; says which, and where in it */
    void load(List<Target> targets) throws Exception {
        var read = new LinkedHashMap<RoutesBuilder, Path>();
        for (var file : files()) {
            read.putAll(read(file, textOf(file)));
        }
        add(read);
        var consumed = consumedQueues();
        var made = new LinkedHashMap<RoutesBuilder, Path>();
        for (var target : targets) {
            if (target.receiver() != null && !consumed.contains(QueueNames.target(target.name())) && !hasFile(target)) {
                made.putAll(routesOf(target));
            }
        }
        add(made);
    }

    private List<Path> files() throws IOException {
        try (var files = Files.find(folder, DEEPEST, (file, attributes) -> Files.isRegularFile(file))) {
            return files.filter(file -> file.toString().endsWith(FILE))
                    .filter(file -> !isHidden(folder.relativize(file)))
                    .sorted()
                    .toList();
        }
    }

    /** Editors and containers leave files and folders beside ours whose names begin with a dot. */
    private static boolean isHidden(Path file) {
        for (var part : file) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static String textOf(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private boolean hasFile(Target target) {
        return Files.exists(folder.resolve("targets/" + target.name() + FILE));
    }

    private Map<RoutesBuilder, Path> routesOf(Target target) throws IOException {
        var template = folder.resolve(TEMPLATE);
        if (!Files.exists(template)) {
            throw new ConfigurationException("the routes cannot be used: target " + target.name()
                    + " has no route file, and " + template + ", whose routes it would have, is not there");
        }
        // crm's queue for retries is not the one of a target named crm-retry
        var text = textOf(template)
                .replaceAll("target-webhook-(urgent|retry)\\b", "target-" + target.name() + ".$1")
                .replaceAll("(target[.-])webhook\\b", "$1" + target.name());
        return read(template, text);
    }

    private Map<RoutesBuilder, Path> read(Path file, String text) {
        var resource = ResourceHelper.fromString("file:" + file, text);
        var read = new LinkedHashMap<RoutesBuilder, Path>();
        try {
            for (var routes : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(resource)) {
                read.put(routes, file);
            }
        } catch (Exception e) {
            throw refused(file, e);
        }
        return read;
    }

    /** What routes are configured with comes first. */
    private void add(Map<RoutesBuilder, Path> read) {
        read.forEach((routes, file) -> {
            try {
                if (routes instanceof RouteConfigurationsBuilder configurations) {
                    camel.addRoutesConfigurations(configurations);
                }
            } catch (Exception e) {
                throw refused(file, e);
            }
        });
        read.forEach((routes, file) -> {
            try {
                camel.addRoutes(routes);
            } catch (Exception e) {
                throw refused(file, e);
            }
            refuseIdsTwice(file);
        });
    }

    /** Camel would put a route in the place of another one with its id. */
    private void refuseIdsTwice(Path file) {
        for (var route : definitions()) {
            var before = loaded.putIfAbsent(String.valueOf(route.getRouteId()), new Loaded(route, file));
            if (before != null && before.route != route && route.getRouteId() != null) {
                throw new ConfigurationException("the routes cannot be used: " + file + ": route " + route.getRouteId()
                        + " stands in " + before.file + " as well; give it an id of its own, or remove one of them");
            }
        }
    }

    private List<RouteDefinition> definitions() {
        return camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions();
    }

    private static ConfigurationException refused(Path file, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYamlEngineException problem) {
                var line = problem.getProblemMark()
                        .map(mark -> " line " + (mark.getLine() + 1))
                        .orElse("");
                return RouteFailure.of(failure, file + line + ": ");
            }
        }
        return RouteFailure.of(failure, file + ": ");
    }

    /** The queues that routes take from. */
    Set<String> consumedQueues() {
        var queues = new TreeSet<String>();
        for (var route : definitions()) {
            var queue = route.getInput().getEndpointUri().replaceFirst("\\?.*", "");
            if (queue.startsWith("jms:") && isOn(route)) {
                queues.add(camel.resolvePropertyPlaceholders(queue.replaceFirst("jms:(//)?(queue:)?", "")));
            }
        }
        return queues;
    }

    private boolean isOn(RouteDefinition route) {
        if (route.getPrecondition() == null) {
            return true;
        }
        var condition = camel.resolveLanguage("simple")
                .createPredicate(camel.resolvePropertyPlaceholders(route.getPrecondition()));
        condition.initPredicate(camel);
        return condition.matches(new DefaultExchange(camel));
    }
}
