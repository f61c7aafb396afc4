package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smscallbacks.config.Settings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The routes as a bundle of text: valid, complete, and each thing with a name of its own. */
class BundleTest {

    static final Path ROUTES = Project.THIS.routes();

    private static final Pattern MAPPING = Pattern.compile("resource:(\\S+\\.jslt)");
    private static final Pattern DIRECT = Pattern.compile("[a-z]+(-[a-z]+)*");

    private static final JsonSchema CAMEL_YAML = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
            .getSchema(BundleTest.class.getResourceAsStream("/schema/camelYamlDsl.json"));

    static Set<String> providers() throws IOException {
        return Project.THIS.providers();
    }

    static List<Path> routeFiles() throws IOException {
        return routeFiles(Project.THIS);
    }

    static List<Path> routeFiles(Project project) throws IOException {
        return filesEndingWith(".camel.yaml", project);
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void isValidCamelYaml(Path file) throws IOException {
        assertIsValid(file);
    }

    static void assertIsValid(Path file) throws IOException {
        assertEquals(Set.of(), CAMEL_YAML.validate(read(file)));
        for (var entity : read(file)) {
            var route = entity.path("route");
            if (route.isObject()) {
                assertFalse(route.path("description").asText().isBlank(), "description of " + route.get("id"));
                assertTrue(route.path("from").hasNonNull("id"), "id of the from of " + route.get("id"));
            }
        }
        for (var step : stepsIn(read(file))) {
            assertTrue(step.getValue().isObject(), () -> "compact, not canonical: " + step);
            assertTrue(step.getValue().hasNonNull("id"), () -> "without id: " + step);
        }
    }

    @Test
    void givesEveryIdOnce() throws IOException {
        assertGivesEveryIdOnce(Project.THIS);
    }

    static void assertGivesEveryIdOnce(Project project) throws IOException {
        var ids = new ArrayList<String>();
        for (var file : routeFiles(project)) {
            read(file).findValues("id").forEach(id -> ids.add(id.asText()));
        }
        assertFalse(ids.isEmpty());
        var twice = ids.stream()
                .filter(id -> ids.indexOf(id) != ids.lastIndexOf(id))
                .collect(Collectors.toSet());
        assertEquals(Set.of(), twice);
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void startsStepIdsWithTheirRoute(Path file) throws IOException {
        assertHasIdsThatBeginWithTheirRoute(file);
    }

    static void assertHasIdsThatBeginWithTheirRoute(Path file) throws IOException {
        for (var entity : read(file)) {
            var route = entity.path("route");
            if (route.isObject()) {
                var id = route.get("id").asText();
                assertTrue(DIRECT.matcher(id).matches(), id);
                route.get("from")
                        .findValues("id")
                        .forEach(step -> assertTrue(step.asText().startsWith(id + "-"), () -> step + " in " + id));
            }
        }
    }

    @Test
    void namesOnlyMappingsThatExistAndUsesAll() throws IOException {
        assertNamesOnlyMappingsThatExistAndUsesAll(Project.THIS);
    }

    static void assertNamesOnlyMappingsThatExistAndUsesAll(Project project) throws IOException {
        var named = new TreeSet<String>();
        for (var file : routeFiles(project)) {
            MAPPING.matcher(Files.readString(file)).results().forEach(match -> named.add(match.group(1)));
        }
        var imported = Pattern.compile("import \"([^\"]+)\"");
        for (var file : filesEndingWith(".jslt", project)) {
            imported.matcher(Files.readString(file)).results().forEach(match -> named.add(match.group(1)));
        }
        var existing = filesEndingWith(".jslt", project).stream()
                .map(file -> project.routes().relativize(file).toString())
                .collect(Collectors.toCollection(TreeSet::new));
        assertFalse(existing.isEmpty());
        assertEquals(existing, named);
    }

    @Test
    void hasNoProviderFolderWithoutItsRoute() throws IOException {
        try (var folders = Files.list(ROUTES)) {
            var others = folders.map(folder -> folder.getFileName().toString()).collect(Collectors.toSet());
            others.removeAll(providers());
            assertEquals(Set.of("mapping", "routing", "targets"), others);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void isACompleteProvider(String provider) throws IOException {
        assertEquals(List.of(), Project.THIS.missing(provider));
    }

    @Test
    void keepsHostsSecretsAndQueuesOutOfTheRoutes() throws IOException {
        for (var file : routeFiles()) {
            var text = Files.readString(file);
            assertFalse(text.contains("://"), () -> "a host in " + file);
            assertFalse(text.contains(Settings.DEMO_SECRET), () -> "a secret in " + file);
            assertFalse(Pattern.compile("expression: \"?sms\\.").matcher(text).find(), () -> "a queue in " + file);
        }
    }

    private static List<Path> filesEndingWith(String end, Project project) throws IOException {
        try (var files = Files.walk(project.routes())) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    static JsonNode read(Path file) throws IOException {
        var yaml = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        return EventAssert.JSON.valueToTree(yaml);
    }

    /** Every step: an entry of a list named steps. */
    static List<Map.Entry<String, JsonNode>> stepsIn(JsonNode node) {
        var steps = new ArrayList<Map.Entry<String, JsonNode>>();
        for (var list : node.findValues("steps")) {
            for (var step : list) {
                var entries = new TreeMap<String, JsonNode>();
                step.fields().forEachRemaining(field -> entries.put(field.getKey(), field.getValue()));
                steps.addAll(entries.entrySet());
                steps.addAll(stepsIn(step));
            }
        }
        return steps;
    }
}
