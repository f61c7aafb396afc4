package org.smscallbacks.mapping;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** What a body may be at most: beyond it would hurt. */
final class BodyLimits {

    static final int DEEPEST = 64;
    static final int LONGEST_TEXT = 1 << 20;

    /** Names and values in one body: what 10 000 items of the longest kind have. */
    static final int MOST_TOKENS = 1_000_000;

    static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST)
            .maxStringLength(LONGEST_TEXT)
            .maxNameLength(LONGEST_TEXT)
            .maxTokenCount(MOST_TOKENS)
            .build();

    private static final int MOST_ITEMS = 10_000;
    private static final int LARGEST_SCALE = 1_000;

    private BodyLimits() {}

    /** Has the mapper keep every digit of a decimal number. */
    static <M extends ObjectMapper> M exact(M mapper) {
        mapper.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);
        return mapper;
    }

    /**
     * Makes text of each number that would fill the memory if it were written out.
     *
     * @throws TooManyItemsException when an array is too long
     */
    static void apply(JsonNode node) {
        if (node instanceof ArrayNode array) {
            if (array.size() > MOST_ITEMS) {
                throw new TooManyItemsException();
            }
            for (int i = 0; i < array.size(); i++) {
                var element = array.get(i);
                if (isTooLarge(element)) {
                    array.set(i, TextNode.valueOf(element.decimalValue().toString()));
                } else {
                    apply(element);
                }
            }
        } else if (node instanceof ObjectNode object) {
            for (var field : object.properties()) {
                if (isTooLarge(field.getValue())) {
                    field.setValue(
                            TextNode.valueOf(field.getValue().decimalValue().toString()));
                } else {
                    apply(field.getValue());
                }
            }
        }
    }

    private static boolean isTooLarge(JsonNode node) {
        return node.isBigDecimal() && Math.abs(node.decimalValue().scale()) > LARGEST_SCALE;
    }

    /** A body with more items than one can be asked to hold. */
    static final class TooManyItemsException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private TooManyItemsException() {
            super("more than " + MOST_ITEMS + " items in an array", null, false, false);
        }
    }
}
