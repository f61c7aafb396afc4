package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one place of a schema demands, asked of every event, and made for that: each field of an event is looked up once, and a node's
 * class tells its type sooner than the node itself. What is null or empty demands nothing.
 */
final class SchemaRule {

    /** The types of JSON Schema. */
    enum Type {
        STRING,
        OBJECT,
        ARRAY,
        BOOLEAN,
        NUMBER,
        INTEGER,
        NULL
    }

    /**
     * A named field of an object.
     *
     * @param rule null where anything goes
     */
    record Field(String name, SchemaRule rule, boolean isRequired) {}

    Type type;

    /** Those that are enumerated, or the only one; the texts among them apart. */
    Set<JsonNode> values;

    Set<String> texts;
    boolean isConstant;
    TextShape shape;
    int minLength;
    int minItems;
    int minProperties;
    JsonNode minimum;
    final Map<String, Field> fields = new HashMap<>();
    Field[] named = {};
    int requiredFields;

    /** Whether there may be no other fields. */
    boolean isClosed;

    /** What other fields must be. */
    SchemaRule others;

    SchemaRule items;
    List<SchemaRule> all = List.of();
    List<SchemaRule> one = List.of();

    /** Whether <code>then</code> is demanded, or <code>otherwise</code>. */
    SchemaRule condition;

    SchemaRule then;
    SchemaRule otherwise;

    boolean fits(JsonNode node) {
        return hasType(node)
                && fitsAsValue(node)
                && (!(node instanceof ObjectNode object) || fitsAsObject(object))
                && (!(node instanceof ArrayNode array) || fitsAsArray(array))
                && (all.isEmpty() || all.stream().allMatch(part -> part.fits(node)))
                && (one.isEmpty() || isOne(node))
                && (condition == null || fits(following(node), node));
    }

    private static boolean fits(SchemaRule rule, JsonNode node) {
        return rule == null || rule.fits(node);
    }

    /** What the condition leads to, or null. */
    SchemaRule following(JsonNode node) {
        return condition == null ? null : condition.fits(node) ? then : otherwise;
    }

    boolean hasType(JsonNode node) {
        return type == null
                || switch (type) {
                    // bytes are written as a text
                    case STRING -> node instanceof TextNode || node instanceof BinaryNode;
                    case OBJECT -> node instanceof ObjectNode;
                    case ARRAY -> node instanceof ArrayNode;
                    case BOOLEAN -> node instanceof BooleanNode;
                    case NUMBER -> node instanceof NumericNode;
                    case NULL -> node instanceof NullNode;
                    case INTEGER -> node instanceof NumericNode number && SchemaNumbers.isWhole(number);
                };
    }

    boolean fitsAsValue(JsonNode node) {
        if (node instanceof TextNode) {
            var text = node.textValue();
            return (texts == null || texts.contains(text))
                    && (minLength == 0 || isLong(text))
                    && (shape == null || shape.matches(text));
        }
        return (values == null || values.contains(node))
                && (minimum == null
                        || !(node instanceof NumericNode number)
                        || SchemaNumbers.isAtLeast(minimum, number));
    }

    private boolean isLong(String text) {
        // a letter is one char or two
        return text.length() >= minLength * 2
                || minLength == 1 && !text.isEmpty()
                || text.codePointCount(0, text.length()) >= minLength;
    }

    private boolean fitsAsObject(ObjectNode object) {
        if (object.size() < minProperties) {
            return false;
        }
        return isClosed || others != null ? allFieldsFit(object) : namedFieldsFit(object);
    }

    private boolean allFieldsFit(ObjectNode object) {
        int required = 0;
        for (var entry : object.properties()) {
            var field = fields.get(entry.getKey());
            if (field == null) {
                if (isClosed || !others.fits(entry.getValue())) {
                    return false;
                }
            } else {
                required += field.isRequired ? 1 : 0;
                if (!fits(field.rule, entry.getValue())) {
                    return false;
                }
            }
        }
        return required == requiredFields;
    }

    private boolean namedFieldsFit(ObjectNode object) {
        for (var field : named) {
            var value = object.get(field.name);
            if (value == null ? field.isRequired : !fits(field.rule, value)) {
                return false;
            }
        }
        return true;
    }

    private boolean fitsAsArray(ArrayNode array) {
        if (array.size() < minItems) {
            return false;
        }
        if (items != null) {
            for (var item : array) {
                if (!items.fits(item)) {
                    return false;
                }
            }
        }
        return true;
    }

    boolean isOne(JsonNode node) {
        int fitting = 0;
        for (int i = 0; i < one.size(); i++) {
            fitting += one.get(i).fits(node) ? 1 : 0;
        }
        return fitting == 1;
    }

    /** A field can be named twice: by what it is, and by being required. */
    void name(String name, SchemaRule rule, boolean isRequired) {
        var before = fields.get(name);
        var field = before == null
                ? new Field(name, rule, isRequired)
                : new Field(name, before.rule == null ? rule : before.rule, before.isRequired || isRequired);
        fields.put(name, field);
        var all = new ArrayList<>(List.of(named));
        all.remove(before);
        all.add(field);
        named = all.toArray(Field[]::new);
        requiredFields = (int) all.stream().filter(Field::isRequired).count();
    }
}
