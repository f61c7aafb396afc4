package org.smscallbacks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.smscallbacks.gateway.Twin;

/** A project on the disk: the one that is tested, or a copy of it. Knows what must be there of each provider. */
record Project(Path folder) {

    static final Project THIS = new Project(Path.of(""));

    private static final List<String> HEADINGS = List.of("Callbacks", "Settings", "Statuses", "Quirks", "Source");

    Path routes() {
        return folder.resolve("routes");
    }

    Path configuration() {
        return folder.resolve("config/application.properties");
    }

    Path readme() {
        return folder.resolve("README.md");
    }

    Path openApi() {
        return folder.resolve("src/main/resources/contracts/openapi.json");
    }

    Path fixtures() {
        return folder.resolve("src/test/resources/fixtures");
    }

    /** The folders are the list. */
    Set<String> providers() throws IOException {
        try (var folders = Files.list(routes())) {
            return folders.filter(route -> Files.exists(route.resolve(route.getFileName() + ".camel.yaml")))
                    .map(route -> route.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The inputs of the fixtures, of all providers. */
    List<Path> cases() throws IOException {
        return Twin.inputs(fixtures());
    }

    /** What a provider lacks, in words that say what to add and where; empty when it is complete. */
    List<String> missing(String provider) throws IOException {
        var missing = new ArrayList<String>();
        var own = routes().resolve(provider);
        var name = "routes/" + provider + "/";
        var route = textOf(own.resolve(provider + ".camel.yaml"));
        if (!route.contains("id: " + provider + "-callback\n")) {
            missing.add(name + provider + ".camel.yaml has no route with the id " + provider + "-callback");
        }
        if (!route.contains("path: /callbacks/" + provider + "/{account}")) {
            missing.add(name + provider + ".camel.yaml has no path: /callbacks/" + provider + "/{account}");
        }
        for (var mapping : new String[] {"items.jslt", "delivery-report.jslt"}) {
            if (!Files.exists(own.resolve(mapping))) {
                missing.add(name + mapping + " is missing");
            }
        }
        if (sample(provider) == null) {
            missing.add(name + "sample.json (or sample.xml) is missing: a callback to try");
        }
        for (var heading : HEADINGS) {
            if (!textOf(own.resolve("README.md")).contains("\n## " + heading + "\n")) {
                missing.add(name + "README.md has no heading ## " + heading);
            }
        }
        if (!textOf(configuration()).contains("\nsms.account." + provider + ".demo.token=")) {
            missing.add("config/application.properties has no demo account: sms.account." + provider + ".demo.token");
        }
        if (!textOf(readme()).contains("](routes/" + provider + "/README.md)")) {
            missing.add("README.md has no row for it in the table of providers");
        }
        addMissingFixtures(provider, missing);
        addMissingContract(provider, missing);
        return missing;
    }

    private void addMissingFixtures(String provider, List<String> missing) throws IOException {
        var name = "src/test/resources/fixtures/" + provider + "/";
        var cases = Files.exists(fixtures())
                ? cases().stream()
                        .filter(input -> input.getParent().endsWith(provider))
                        .toList()
                : List.<Path>of();
        if (cases.isEmpty()) {
            missing.add(name + " has no case: <case>.in.json and <case>.out.json");
        }
        for (var input : cases) {
            if (!Files.exists(Twin.output(input))) {
                missing.add(name + input.getFileName() + " has no twin "
                        + Twin.output(input).getFileName());
            }
        }
    }

    private void addMissingContract(String provider, List<String> missing) throws IOException {
        var path = "/callbacks/" + provider + "/{account}";
        var document = EventAssert.JSON.readTree(Files.readString(openApi()));
        var operations = document.at("/paths").path(path);
        if (operations.isMissingNode()) {
            missing.add("openapi.json has no path " + path + ": copy that of another provider");
            return;
        }
        var sample = sample(provider);
        if (sample != null && !shows(operations, sample)) {
            missing.add(
                    "openapi.json does not show " + sample.getFileName() + " as the example named sample of " + path);
        }
        var readme = textOf(routes().resolve(provider).resolve("README.md"));
        for (var operation : operations) {
            var url = operation.at("/externalDocs/url").asText();
            if (!url.isEmpty() && !readme.contains("<" + url + ">")) {
                missing.add(
                        "routes/" + provider + "/README.md does not name the document that openapi.json names: " + url);
            }
        }
        if (!document.toString().contains("routes/" + provider + "/README.md")) {
            missing.add("openapi.json does not point to routes/" + provider + "/README.md");
        }
    }

    private static boolean shows(JsonNode operations, Path sample) throws IOException {
        var text = Files.readString(sample);
        boolean isJson = sample.toString().endsWith(".json");
        var example = isJson ? EventAssert.JSON.readTree(text) : TextNode.valueOf(text);
        return operations.findValues("sample").stream()
                .anyMatch(shown -> shown.path("value").equals(example));
    }

    /** A callback to try, or null. */
    private Path sample(String provider) throws IOException {
        try (var files = Files.list(routes().resolve(provider))) {
            return files.filter(file -> file.getFileName().toString().startsWith("sample."))
                    .findFirst()
                    .orElse(null);
        }
    }

    private static String textOf(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
