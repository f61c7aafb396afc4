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

    static final Path ROUTES = Path.of("routes");

    private static final List<String> HEADINGS = List.of("Callbacks", "Settings", "Statuses", "Quirks", "Source");
    private static final Pattern MAPPING = Pattern.compile("resource:(\\S+\\.jslt)");
    private static final Pattern DIRECT = Pattern.compile("[a-z]+(-[a-z]+)*");

    private static final JsonSchema CAMEL_YAML = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
            .getSchema(BundleTest.class.getResourceAsStream("/schema/camelYamlDsl.json"));

    /** The folders are the list. */
    static Set<String> providers() throws IOException {
        try (var folders = Files.list(ROUTES)) {
            return folders.filter(folder -> Files.exists(folder.resolve(folder.getFileName() + ".camel.yaml")))
                    .map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    static List<Path> routeFiles() throws IOException {
        return filesEndingWith(".camel.yaml");
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void isValidCamelYaml(Path file) throws IOException {
        assertEquals(Set.of(), CAMEL_YAML.validate(read(file)));
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void hasAnIdOnEveryStepAndADescriptionOnEveryRoute(Path file) throws IOException {
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
        var ids = new ArrayList<String>();
        for (var file : routeFiles()) {
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
        var named = new TreeSet<String>();
        for (var file : routeFiles()) {
            MAPPING.matcher(Files.readString(file)).results().forEach(match -> named.add(match.group(1)));
        }
        var imported = Pattern.compile("import \"([^\"]+)\"");
        for (var file : filesEndingWith(".jslt")) {
            imported.matcher(Files.readString(file)).results().forEach(match -> named.add(match.group(1)));
        }
        var existing = filesEndingWith(".jslt").stream()
                .map(file -> ROUTES.relativize(file).toString())
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
        var folder = ROUTES.resolve(provider);
        var route = Files.readString(folder.resolve(provider + ".camel.yaml"));
        assertTrue(route.contains("id: " + provider + "-callback\n"), "the route's id");
        assertTrue(route.contains("path: /callbacks/" + provider + "/{account}"), "the URL");
        try (var files = Files.list(folder)) {
            assertTrue(files.anyMatch(file -> file.getFileName().toString().startsWith("sample.")), "a sample to try");
        }
        assertTrue(Files.exists(folder.resolve("items.jslt")), "items.jslt");
        assertTrue(Files.exists(folder.resolve("delivery-report.jslt")), "delivery-report.jslt");
        assertTrue(Files.isDirectory(Path.of("src/test/resources/fixtures", provider)), "fixtures");
        assertTrue(
                Files.readString(Path.of("config/application.properties"))
                        .contains("sms.account." + provider + ".demo.token="),
                "a demo account");
        assertTrue(
                Files.readString(Path.of("README.md")).contains("](routes/" + provider + "/README.md)"),
                "a README row");
    }

    @ParameterizedTest
    @MethodSource("providers")
    void saysTheSameThingsAboutEachProvider(String provider) throws IOException {
        var headings = Files.readString(ROUTES.resolve(provider).resolve("README.md"))
                .lines()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();
        assertEquals(HEADINGS, headings);
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

    private static List<Path> filesEndingWith(String end) throws IOException {
        try (var files = Files.walk(ROUTES)) {
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
