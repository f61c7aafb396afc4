package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NumericNode;

/** Numbers as a schema sees them, whatever class they are of; also those that are none, which a calculation in a mapping can give. */
final class SchemaNumbers {

    private SchemaNumbers() {}

    /** Whether it is a whole number, as 1.0 is. */
    static boolean isWhole(NumericNode number) {
        if (number.isDouble() || number.isFloat()) {
            double value = number.doubleValue();
            return !Double.isInfinite(value) && value == Math.rint(value);
        }
        return number.isIntegralNumber()
                || number.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    static boolean isAtLeast(JsonNode minimum, NumericNode number) {
        return number.isDouble() || number.isFloat()
                ? number.doubleValue() >= minimum.doubleValue()
                : number.decimalValue().compareTo(minimum.decimalValue()) >= 0;
    }
}
