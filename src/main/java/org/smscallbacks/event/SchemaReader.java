package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes rules of a JSON Schema, of as much of it as the event's schema uses: what it does not know it refuses, so that a schema that says
 * more is never held against events in part.
 */
final class SchemaReader {

    private static final Set<String> SAY_NOTHING = Set.of(
            "$schema",
            "$id",
            "$defs",
            "$comment",
            "title",
            "description",
            "examples",
            "default",
            "deprecated",
            "format");

    private final JsonNode document;
    private final Map<String, SchemaRule> referred = new HashMap<>();

    SchemaReader(JsonNode document) {
        this.document = document;
    }

    /** What the whole document demands. */
    SchemaRule read() {
        return read(document);
    }

    /** Null for what demands nothing. */
    private SchemaRule read(JsonNode schema) {
        if (schema.isBoolean() && schema.booleanValue()) {
            return null;
        }
        if (!schema.isObject()) {
            throw unknown(schema.toString());
        }
        var rule = new SchemaRule();
        boolean demands = false;
        for (var keyword : schema.properties()) {
            if (!SAY_NOTHING.contains(keyword.getKey())) {
                apply(rule, keyword.getKey(), keyword.getValue());
                demands = true;
            }
        }
        if (rule.all.size() == 1
                && schema.has("$ref")
                && schema.properties().stream()
                        .allMatch(
                                keyword -> keyword.getKey().equals("$ref") || SAY_NOTHING.contains(keyword.getKey()))) {
            return rule.all.get(0);
        }
        return demands ? rule : null;
    }

    private void apply(SchemaRule rule, String keyword, JsonNode value) {
        switch (keyword) {
            case "type" -> rule.type = SchemaRule.Type.valueOf(value.textValue().toUpperCase(Locale.ROOT));
            case "enum" -> allow(rule, elements(value));
            case "const" -> {
                allow(rule, List.of(value));
                rule.isConstant = true;
            }
            case "pattern" -> rule.shape = new TextShape(value.textValue());
            case "minLength" -> rule.minLength = value.intValue();
            case "minItems" -> rule.minItems = value.intValue();
            case "minProperties" -> rule.minProperties = value.intValue();
            case "minimum" -> rule.minimum = value;
            case "required" -> value.forEach(name -> rule.name(name.textValue(), null, true));
            case "properties" ->
                value.properties().forEach(property -> rule.name(property.getKey(), read(property.getValue()), false));
            case "additionalProperties" -> {
                rule.isClosed = value.isBoolean() && !value.booleanValue();
                rule.others = rule.isClosed ? null : read(value);
            }
            case "items" -> rule.items = read(value);
            case "allOf" -> rule.all = plus(rule.all, rules(value));
            case "oneOf" -> rule.one = rules(value);
            case "$ref" -> rule.all = plus(rule.all, List.of(referred(value.textValue())));
            case "if" -> rule.condition = part(value);
            case "then" -> rule.then = part(value);
            case "else" -> rule.otherwise = part(value);
            default -> throw unknown(keyword);
        }
    }

    private SchemaRule part(JsonNode schema) {
        var rule = read(schema);
        return rule == null ? new SchemaRule() : rule;
    }

    private static IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException("the schema says what no event is held against: " + what);
    }

    private static void allow(SchemaRule rule, List<JsonNode> values) {
        if (values.stream().anyMatch(value -> value.isNumber() || value.isContainerNode())) {
            // 1 and 1.0 are the same there, and not here
            throw unknown(values.toString());
        }
        rule.values = Set.copyOf(values);
        rule.texts = values.stream()
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .collect(Collectors.toUnmodifiableSet());
    }

    private SchemaRule referred(String pointer) {
        var rule = referred.get(pointer);
        if (rule == null) {
            rule = part(document.at(pointer.substring("#".length())));
            referred.put(pointer, rule);
        }
        return rule;
    }

    private List<SchemaRule> rules(JsonNode schemas) {
        return elements(schemas).stream().map(this::part).toList();
    }

    private static List<SchemaRule> plus(List<SchemaRule> some, List<SchemaRule> others) {
        var all = new ArrayList<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    private static List<JsonNode> elements(JsonNode array) {
        var elements = new ArrayList<JsonNode>();
        array.forEach(elements::add);
        return elements;
    }
}
