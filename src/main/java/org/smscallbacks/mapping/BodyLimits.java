package org.smscallbacks.mapping;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.math.BigDecimal;

/** What a body may be at most: beyond it would hurt. Reading ends at a limit, so that nobody holds more memory than it takes. */
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

    /** Has the mapper keep every digit of a decimal number, and end at the limits. */
    static <M extends ObjectMapper> M on(M mapper) {
        mapper.setNodeFactory(new LimitedNodes());
        mapper.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);
        return mapper;
    }

    /** Arrays end at the limit, and so do exponents. */
    private static final class LimitedNodes extends JsonNodeFactory {

        private static final long serialVersionUID = 1L;

        private LimitedNodes() {
            super(true);
        }

        @Override
        public ArrayNode arrayNode() {
            return new LimitedArray(this);
        }

        @Override
        public ArrayNode arrayNode(int capacity) {
            return arrayNode();
        }

        @Override
        public ValueNode numberNode(BigDecimal number) {
            if (number != null && Math.abs(number.scale()) > LARGEST_SCALE) {
                // written out it would fill the memory
                return textNode(number.toString());
            }
            return super.numberNode(number);
        }
    }

    private static final class LimitedArray extends ArrayNode {

        private static final long serialVersionUID = 1L;

        private LimitedArray(JsonNodeFactory factory) {
            super(factory);
        }

        @Override
        public ArrayNode add(JsonNode value) {
            if (size() >= MOST_ITEMS) {
                throw new TooManyItemsException("more than " + MOST_ITEMS + " items in an array");
            }
            return super.add(value);
        }
    }

    /** A body with more items than one can be asked to hold. */
    static final class TooManyItemsException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooManyItemsException(String message) {
            super(message, null, false, false);
        }
    }
}
