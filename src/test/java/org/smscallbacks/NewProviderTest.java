package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.util.FileUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider is added as docs/adding-a-provider.md says, in a copy of the project: no step needs Java, and whatever is forgotten is named. */
class NewProviderTest {

    private static final String OLD = "bulkgate";
    private static final String NEW = "new-provider-of-a-test";

    @TempDir
    private Path folder;

    private Project copy;

    @BeforeEach
    void copyTheProject() throws Exception {
        copy = new Project(folder);
        RoutesCopy.in(copy.routes());
        copy(Project.THIS.configuration(), copy.configuration());
        copy(Project.THIS.readme(), copy.readme());
        copy(Project.THIS.openApi(), copy.openApi());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
    }

    @Test
    void isCompleteAfterTheStepsAndTakesCallbacks() throws Exception {
        for (var step : List.<Step>of(
                this::copyTheFolder, this::openADemoAccount, this::addARow, this::copyTheFixtures, this::addThePath)) {
            step.take();
        }
        assertTrue(copy.providers().contains(NEW));
        for (var provider : copy.providers()) {
            if (!provider.equals(NEW)) {
                FileUtil.removeDir(copy.fixtures().resolve(provider).toFile());
            }
        }
        assertEquals(List.of(), copy.missing(NEW));
        for (var file : BundleTest.routeFiles(copy)) {
            BundleTest.assertIsValid(file);
            BundleTest.assertHasIdsThatBeginWithTheirRoute(file);
        }
        BundleTest.assertGivesEveryIdOnce(copy);
        BundleTest.assertNamesOnlyMappingsThatExistAndUsesAll(copy);
        ContractsTest.assertHasEveryRouteAndNoOther(copy);
        try (var gateway = TestGateway.withRoutes(copy.routes())
                .set("sms.account." + NEW + ".fixtures.token", TestGateway.TOKEN)
                .start()) {
            for (var input : copy.cases()) {
                FixtureTest.assertBecomesTheEventsItsTwinSays(gateway, input);
            }
        }
    }

    @Test
    void isToldWhatWasForgotten() throws Exception {
        var folder = Files.createDirectories(copy.routes().resolve(NEW));
        Files.writeString(folder.resolve(NEW + ".camel.yaml"), "[]");
        Files.createDirectories(copy.fixtures().resolve(NEW));
        Files.writeString(copy.fixtures().resolve(NEW).resolve("alone.in.json"), "{}");
        var missing = String.join("\n", copy.missing(NEW));
        for (var words : new String[] {
            "has no route with the id %s-callback",
            "has no path: /callbacks/%s/{account}",
            "routes/%s/items.jslt is missing",
            "routes/%s/delivery-report.jslt is missing",
            "routes/%s/sample.json (or sample.xml) is missing",
            "routes/%s/README.md has no heading ## Quirks",
            "no demo account: sms.account.%s.demo.token",
            "README.md has no row for it",
            "alone.in.json has no twin alone.out.json",
            "openapi.json has no path /callbacks/%s/{account}"
        }) {
            assertTrue(missing.contains(words.replace("%s", NEW)), missing);
        }
    }

    /** The handshake in docs/adding-a-provider.md, put where it says. */
    @Test
    void answersAHandshake() throws Exception {
        copyTheFolder();
        var blocks = Files.readString(Path.of("docs/adding-a-provider.md"))
                .split("### A handshake")[1]
                .replace("acme", NEW)
                .split("```(yaml)?\n");
        var file = copy.routes().resolve(NEW).resolve(NEW + ".camel.yaml");
        var route = Files.readString(file);
        int split = route.indexOf("        - split:");
        Files.writeString(file, route.substring(0, split) + blocks[1] + route.substring(split) + blocks[3]);
        BundleTest.assertIsValid(file);
        try (var gateway = TestGateway.withRoutes(copy.routes())
                .set("sms.account." + NEW + ".main.token", TestGateway.TOKEN)
                .start()) {
            var http = HttpClient.newHttpClient();
            var path = "/callbacks/" + NEW + "/main?token=";
            var question = HttpRequest.newBuilder(gateway.uri(path + TestGateway.TOKEN))
                    .POST(HttpRequest.BodyPublishers.ofString("[{\"data\":{\"validationCode\":\"code-1\"}}]"))
                    .build();
            var answer = http.send(question, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            assertEquals("{\"validationResponse\":\"code-1\"}", answer.body());
            assertEquals(
                    "application/json",
                    answer.headers().firstValue("Content-Type").orElseThrow());
            assertEquals(0, gateway.queues().drain().size(), "no event");

            for (var token : List.of(TestGateway.TOKEN, "wrong")) {
                var options = http.send(
                        HttpRequest.newBuilder(gateway.uri(path + token))
                                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                                .header("WebHook-Request-Origin", "eventgrid.azure.net")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                boolean right = token.equals(TestGateway.TOKEN);
                assertEquals(right ? 200 : 401, options.statusCode());
                assertEquals(
                        right ? "eventgrid.azure.net" : "",
                        options.headers().firstValue("WebHook-Allowed-Origin").orElse(""));
            }
        }
    }

    private interface Step {
        void take() throws Exception;
    }

    private void copyTheFolder() throws IOException {
        copyRenamed(copy.routes().resolve(OLD), copy.routes().resolve(NEW));
    }

    private void openADemoAccount() throws IOException {
        append(copy.configuration(), "\nsms.account." + NEW + ".demo.token=demo-only-not-a-secret\n");
    }

    private void addARow() throws IOException {
        append(copy.readme(), "\n| New | an array | [README](routes/" + NEW + "/README.md) |\n");
    }

    private void copyTheFixtures() throws IOException {
        copyRenamed(Project.THIS.fixtures().resolve(OLD), copy.fixtures().resolve(NEW));
    }

    private void addThePath() throws IOException {
        var document = (ObjectNode) EventAssert.JSON.readTree(Files.readString(copy.openApi()));
        var paths = (ObjectNode) document.get("paths");
        var path = "/callbacks/" + OLD + "/{account}";
        paths.set(
                renamed(path), EventAssert.JSON.readTree(renamed(paths.get(path).toString())));
        Files.writeString(copy.openApi(), document.toString());
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, Files.readString(file) + text);
    }

    private static void copyRenamed(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.write(
                        to.resolve(renamed(file.getFileName().toString())),
                        renamed(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static String renamed(String text) {
        return text.replace(OLD, NEW);
    }
}
