package org.smscallbacks.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.smscallbacks.config.ConfigurationException;

/**
 * A case of two files: a callback, <code>&lt;provider&gt;/&lt;case&gt;.in.json</code> (or <code>.in.xml</code>, <code>.in.form</code>,
 * <code>.in.text</code>; <code>.in.query</code> for a GET), and what becomes of it, <code>&lt;case&gt;.out.json</code>:
 *
 * <pre>{"answer": {"status": 200, "body": "OK"}, "events": [{"queue": …, "type": …, "subject": …, "time": …, "data": …}]}</pre>
 *
 * <code>answer</code> may be left out when it is that. <code>time</code> is "received" for the time of reception. Of <code>data</code>,
 * what is the same in all events of the account is left out; so may <code>raw</code> be, in a JSON case, where it is an item of the input.
 */
public final class Twin {

    /** As consumers read events: no number is rounded. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private static final ObjectWriter PRETTY =
            JSON.writer().with(SerializationFeature.INDENT_OUTPUT).with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

    private static final ObjectWriter WRITTEN = JSON.writer(new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE));

    private static final long LARGEST = 64L << 20;
    private static final String IN = ".in.";
    private static final Pattern INPUT = Pattern.compile(".+\\.in\\.(json|xml|form|text|query)");
    private static final Set<String> FIELDS = Set.of("answer", "events");
    private static final Set<String> OF_THE_ACCOUNT = Set.of("provider", "account", "rank");
    private static final JsonNode USUAL_ANSWER = answer(200, "OK");

    private final Path input;
    private final byte[] content;
    private final JsonNode output;

    /** @throws ConfigurationException when there is no such output, or it is none, or one of the two is too large to be read */
    public Twin(Path input) throws IOException {
        this(input, read(output(input)));
    }

    private Twin(Path input, JsonNode output) throws IOException {
        this.input = input;
        this.content = bytesOf(input);
        this.output = output;
    }

    /** One whose output is not written yet. */
    public static Twin unwritten(Path input) throws IOException {
        if (!INPUT.matcher(input.getFileName().toString()).matches()) {
            throw new ConfigurationException(
                    input.getFileName() + " is no case: call it <case>.in.json (.xml, .form, .text, .query)");
        }
        return new Twin(input, outputOf(JsonNodeFactory.instance.arrayNode()));
    }

    private static byte[] bytesOf(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new ConfigurationException(
                    file.getFileName() + " has more than " + (LARGEST >> 20) + " MiB: that is no case");
        }
        return Files.readAllBytes(file);
    }

    private static JsonNode read(Path output) throws IOException {
        if (Files.notExists(output)) {
            throw new ConfigurationException("it has no twin " + output.getFileName());
        }
        try {
            var read = JSON.readTree(bytesOf(output));
            for (var field : read.properties()) {
                if (!FIELDS.contains(field.getKey())) {
                    throw new ConfigurationException(
                            output.getFileName() + " has a field that nobody reads: " + field.getKey());
                }
            }
            if (!read.path("events").isArray()) {
                throw new ConfigurationException(output.getFileName() + " has no array events");
            }
            return read;
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            throw new ConfigurationException(output.getFileName() + " is no JSON: line " + place.getLineNr()
                    + ", column " + place.getColumnNr());
        }
    }

    /** The inputs in this folder, and in those under it. */
    public static List<Path> inputs(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> INPUT.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    /** The file that says what becomes of an input. */
    public static Path output(Path input) {
        var name = input.getFileName().toString();
        return input.resolveSibling(name.substring(0, name.indexOf(IN)) + ".out.json");
    }

    /** The provider whose folder it is in. */
    public String provider() {
        return input.toAbsolutePath().getParent().getFileName().toString();
    }

    private boolean isQuery() {
        return input.toString().endsWith(".query");
    }

    private static ObjectNode outputOf(ArrayNode events) {
        return JSON.createObjectNode().set("events", events);
    }

    /** An event and the queue it went to. */
    public record Stored(String queue, String event) {}

    /** The text of the output by which it has become what it has to. */
    public String written(int status, String body, List<Stored> events) throws IOException {
        var shown = shown(events);
        // as soon as one needs its raw, all have it
        var all = list(shown).stream().anyMatch(Twin::hasRaw) ? new Twin(input, outputOf(shown)).shown(events) : shown;
        var written = JSON.createObjectNode();
        var answer = answer(status, body);
        if (!answer.equals(USUAL_ANSWER)) {
            written.set("answer", answer);
        }
        return WRITTEN.writeValueAsString(written.set("events", all)) + "\n";
    }

    private ArrayNode shown(List<Stored> events) throws IOException {
        var shown = JSON.createArrayNode();
        for (var event : events) {
            shown.add(event(event.queue, event.event));
        }
        return shown;
    }

    private static boolean hasRaw(JsonNode event) {
        return event.path("data").has("raw") || event.path("data").has("rawBase64");
    }

    /** The callback, for an account, as {@link TrialRequest} has it. */
    public TrialRequest request(String account) {
        return request(provider(), account);
    }

    /** The same, of a provider whose folder it need not be in. */
    public TrialRequest request(String provider, String account) {
        var query = isQuery() ? new String(content, StandardCharsets.UTF_8).strip() : "";
        return new TrialRequest(provider, account, isQuery(), query, Map.of(), isQuery() ? new byte[0] : content);
    }

    /** What is to become of it, as text that can be compared. */
    public String expected() {
        return text(output.has("answer") ? output.get("answer") : USUAL_ANSWER, list(output.get("events")));
    }

    /**
     * What became of it, as text of the same form.
     *
     * @param events each as {@link #event} gives it
     */
    public String actual(int status, String body, Collection<JsonNode> events) {
        return text(answer(status, body), events);
    }

    /** An event as the twin shows it. */
    public JsonNode event(String queue, String event) throws IOException {
        var whole = JSON.readTree(event);
        var data = (ObjectNode) whole.path("data");
        data.remove(OF_THE_ACCOUNT);
        // of what is no text there is none
        if (data.has("raw") && !showsRaw() && input.toString().endsWith(".json") && items().contains(data.get("raw"))) {
            data.remove("raw");
        }
        var shown = JSON.createObjectNode().put("queue", queue);
        shown.set("type", whole.get("type"));
        if (whole.has("subject")) {
            shown.set("subject", whole.get("subject"));
        }
        boolean isReception = whole.path("time").equals(whole.path("receivedat"));
        shown.put("time", isReception ? "received" : whole.path("time").asText());
        return shown.set("data", data);
    }

    private boolean showsRaw() {
        return list(output.get("events")).stream().anyMatch(Twin::hasRaw);
    }

    /** What can be an item: the whole, what is in it, and what is in a field of an envelope. */
    private Set<JsonNode> items() throws IOException {
        JsonNode body;
        try {
            // as bytes: a byte order mark belongs to the encoding, not to the text
            body = JSON.readTree(content);
        } catch (JsonProcessingException e) {
            return Set.of();
        }
        var items = new HashSet<JsonNode>(Set.of(body));
        for (var field : body) {
            items.add(field);
            if (field.isContainerNode()) {
                field.forEach(items::add);
            }
        }
        return items;
    }

    private static JsonNode answer(int status, String body) {
        return JSON.createObjectNode().put("status", status).put("body", body);
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** Both sides in one order of events and of fields. */
    private static String text(JsonNode answer, Collection<JsonNode> events) {
        var texts = events.stream().map(Twin::pretty).sorted();
        return Stream.concat(Stream.of(pretty(answer)), texts).collect(Collectors.joining("\n"));
    }

    private static String pretty(JsonNode node) {
        try {
            return PRETTY.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
