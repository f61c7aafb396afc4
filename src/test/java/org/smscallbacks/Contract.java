package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/** A document the gateway keeps, and the schemas in it, with their references followed. */
record Contract(String name, JsonNode document) {

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    /** <code>name</code> is the path it is served at, without the slash. */
    static Contract read(String name) {
        try {
            return new Contract(
                    name, EventAssert.JSON.readTree(Contract.class.getResourceAsStream("/contracts/" + name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the document itself says it: the target of a reference, else the node. */
    JsonNode follow(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring("#".length())) : node;
    }

    /** The value is what the schema at this JSON pointer says. */
    void assertValid(String pointer, JsonNode value) {
        var schema = SCHEMAS.getSchema(SchemaLocation.of("classpath:contracts/" + name + "#" + pointer));
        assertEquals(Set.of(), schema.validate(value), () -> value + " against " + pointer + " of " + name);
    }

    /** A name as a part of a JSON pointer. */
    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
