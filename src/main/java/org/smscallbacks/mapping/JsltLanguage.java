package org.smscallbacks.mapping;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.LanguageSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.event.Callback;
import org.smscallbacks.event.EventEnvelope;

/**
 * JSLT as a Camel language, on the Jackson tree in the body: <code>.status</code> in a route, or
 * <code>resource:infobip/delivery-report.jslt</code> for a file under the routes. A file is compiled once, when the route that
 * names it is built; one that does not compile stops the start and is named with the line.
 */
public final class JsltLanguage extends LanguageSupport {

    private static final Logger LOG = LoggerFactory.getLogger(JsltLanguage.class);

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);

    private final Path routes;
    private final Tables tables;
    private final List<Function> functions;
    private final Map<String, Mapping> mappings = new ConcurrentHashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();

    /**
     * @param routes the folder the mappings and tables are under
     * @throws ConfigurationException when a table cannot be read
     */
    public JsltLanguage(Path routes) {
        this.routes = routes;
        this.tables = new Tables(routes);
        this.functions = MappingFunctions.with(tables);
    }

    @Override
    public Expression createExpression(String text) {
        return mappings.computeIfAbsent(text.strip(), this::compile);
    }

    @Override
    public Predicate createPredicate(String text) {
        return (Predicate) createExpression(text);
    }

    private Mapping compile(String written) {
        var source = new MappingSource(routes, written);
        try {
            var text = source.text();
            var compiled = new Parser(new StringReader(text))
                    .withSource(source.source())
                    .withFunctions(functions)
                    .withResourceResolver(this::imported)
                    .withObjectFilter(JsltLanguage::saysSomething)
                    .compile();
            new Lookups(source.source(), text).expectIn(tables);
            if (source.isFile()) {
                problems.addAll(StatusWords.problemsIn(source.source(), text));
            }
            return new Mapping(source.name(), source.isFile(), compiled);
        } catch (JsltException e) {
            throw source.refused(e);
        } catch (StackOverflowError e) {
            throw source.refused("it is nested too deep to be read");
        }
    }

    /** A file that another one imports. */
    private Reader imported(String name) {
        var file = routes.resolve(name);
        try {
            var text = Files.readString(file);
            new Lookups(file.toString(), text).expectIn(tables);
            return new StringReader(text);
        } catch (IOException e) {
            throw new JsltException(MappingSource.unreadable(file));
        }
    }

    /** @throws ConfigurationException when a table has a row that no lookup of the mappings compiled so far can find */
    public void refuseRowsNeverFound() {
        tables.refuseRowsNeverFound();
    }

    /** Says in the log what the mappings compiled so far, and their tables, have in the place of a status that does not exist. */
    public void warnOfStatuses() {
        Stream.concat(problems.stream(), tables.problemsOfStatuses().stream())
                .forEach(problem -> LOG.warn("{}: what comes to it is not recognised", problem));
    }

    /** What the provider did not say is absent from the event: never null, never an empty string. */
    private static boolean saysSomething(JsonNode value) {
        // asked of every field of every event: instanceof is far cheaper than the kinds a node tells of itself
        if (value instanceof TextNode text) {
            return !text.textValue().isEmpty();
        }
        return !(value instanceof NullNode) && !(value instanceof ContainerNode<?> container && container.isEmpty());
    }

    private static final class Mapping extends ExpressionAdapter {

        private final String name;
        private final boolean isFile;
        private final com.schibsted.spt.data.jslt.Expression compiled;

        private Mapping(String name, boolean isFile, com.schibsted.spt.data.jslt.Expression compiled) {
            this.name = name;
            this.isFile = isFile;
            this.compiled = compiled;
        }

        @Override
        public Object evaluate(Exchange exchange) {
            var body = exchange.getMessage().getBody();
            var callback = Callback.of(exchange);
            if (isFile) {
                exchange.setProperty(EventEnvelope.MAPPING, name);
            }
            return compiled.apply(
                    callback == null ? Map.of() : callback.mappingVariables(exchange),
                    body instanceof JsonNode tree ? tree : read(body));
        }

        /** What comes out of a queue is text, or bytes; a body of any other kind must not be taken for an empty one. */
        private static JsonNode read(Object body) {
            try {
                if (body == null) {
                    return NullNode.instance;
                }
                if (body instanceof String text) {
                    return JSON.readTree(text);
                }
                if (body instanceof byte[] bytes) {
                    return JSON.readTree(bytes);
                }
            } catch (IOException e) {
                // said below; its words would quote the body
            }
            throw new IllegalArgumentException("the body is no JSON");
        }

        @Override
        public boolean matches(Exchange exchange) {
            var answer = (JsonNode) evaluate(exchange);
            return answer instanceof BooleanNode truth ? truth.booleanValue() : saysSomething(answer);
        }

        @Override
        public String toString() {
            return "jslt(" + name + ")";
        }
    }
}
