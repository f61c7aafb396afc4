package org.smscallbacks.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each keyword means what it means to a validator; what is not known is refused. */
class SchemaReaderTest {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1",
            "1.0",
            "1.5",
            "1e400",
            "'', 'a', 'ab'",
            "'abc'",
            "'2-b'",
            "'12-b'",
            "'😀'",
            "'a\u010d'",
            "[]",
            "['a']",
            "['a', 1]",
            "{}",
            "{'a': 1}",
            "{'a': 'x'}",
            "{'a': 'x', 'b': true}",
            "{'b': true}",
            "{'c': 'x'}",
            "{'a': 1, 'c': null}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'string'}",
                "{'type': 'object'}",
                "{'type': 'array'}",
                "{'type': 'boolean'}",
                "{'type': 'number'}",
                "{'type': 'integer'}",
                "{'type': 'null'}",
                "{'type': 'string', 'minLength': 2}",
                "{'type': 'integer', 'minimum': 0}",
                "{'minimum': 1.2}",
                "{'enum': ['a', 'ab', true]}",
                "{'const': 'abc'}",
                "{'const': true}",
                "{'pattern': '^[a-c0-9]{2}$'}",
                "{'pattern': '^[0-9]-b$'}",
                "{'pattern': '^[0-9]+-b$'}",
                "{'pattern': 'b'}",
                "{'minItems': 1, 'items': {'type': 'string'}}",
                "{'minProperties': 1}",
                "{'required': ['a']}",
                "{'required': ['a'], 'properties': {'a': {'type': 'integer'}}}",
                "{'properties': {'a': true, 'b': {'const': true}}, 'additionalProperties': false}",
                "{'properties': {'a': true}, 'additionalProperties': {'type': 'string'}}",
                "{'allOf': [{'type': 'string'}, {'minLength': 3}]}",
                "{'oneOf': [{'required': ['a']}, {'required': ['b']}]}",
                "{'if': {'required': ['a']}, 'then': {'required': ['b']}, 'else': {'type': 'object'}}",
                "{'$ref': '#/$defs/x', '$defs': {'x': {'type': 'string'}}}",
                "{'$ref': '#/$defs/x', 'minLength': 2, '$defs': {'x': {'type': 'string'}}}",
                "{'description': 'anything'}",
            })
    void meansWhatAValidatorTakesItFor(String written) throws Exception {
        var schema = json(written);
        var rule = new SchemaReader(schema).read();
        var validator =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
        for (var value : VALUES) {
            for (var node : json("[" + value + "]")) {
                boolean fits = rule == null || rule.fits(node);
                assertEquals(validator.validate(node).isEmpty(), fits, () -> node + " against " + schema);
                assertEquals(fits, SchemaMisfits.of(rule, node).isEmpty(), () -> node + " against " + schema);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'maxLength': 2}",
                "{'not': {}}",
                "{'enum': [1]}",
                "{'properties': {'a': false}}",
                "{'type': 'text'}"
            })
    void refusesWhatItDoesNotKnow(String schema) throws Exception {
        var reader = new SchemaReader(json(schema));
        assertThrows(IllegalArgumentException.class, reader::read);
    }

    @Test
    void takesNumbersThatAreNoneForNone() throws Exception {
        var whole = new SchemaReader(json("{'type': 'integer', 'minimum': 0}")).read();
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.5, -1.0}) {
            assertFalse(whole.fits(DoubleNode.valueOf(value)), "" + value);
        }
        assertTrue(whole.fits(DoubleNode.valueOf(2.0)));
        assertTrue(whole.fits(FloatNode.valueOf(2)));
    }

    @Test
    void looksAtPatternsOfAFixedLengthLetterByLetter() {
        assertTrue(new TextShape("^[0-9a-f]{32}$").isFixed());
        assertTrue(new TextShape("^[0-9]{4}-[0-9]{2}\\.[0-9]{3}Z$").isFixed());
        for (var pattern : List.of("^[^a]$", "^a|b$", "^a?$", "^(a)$", "^.$", "a$", "^\\d$", "^a+$", "^[a-z]{1,2}$")) {
            assertFalse(new TextShape(pattern).isFixed(), pattern);
        }
    }

    private static JsonNode json(String written) throws Exception {
        return JSON.readTree(written.replace("'", "\""));
    }
}
