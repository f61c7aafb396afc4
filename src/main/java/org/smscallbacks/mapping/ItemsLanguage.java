package org.smscallbacks.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.LanguageSupport;
import org.smscallbacks.event.Callback;

/**
 * JSLT that says which items are in a body, for a split. Whatever is no array of items, a body that could not be read among it,
 * is one item, and so is an item that is replayed: only an array that is really empty gives none, so no edit of a mapping makes a
 * callback vanish.
 */
public final class ItemsLanguage extends LanguageSupport {

    private final JsltLanguage jslt;

    public ItemsLanguage(JsltLanguage jslt) {
        this.jslt = jslt;
    }

    @Override
    public Expression createExpression(String text) {
        var mapping = jslt.createExpression(text);
        return new ExpressionAdapter() {
            @Override
            public Object evaluate(Exchange exchange) {
                var callback = Callback.of(exchange);
                var body = exchange.getMessage().getBody(JsonNode.class);
                if (body.isArray() && body.isEmpty()) {
                    return body;
                }
                var items = callback.unreadable() == null && !callback.isReplayedItem()
                        ? mapping.evaluate(exchange, JsonNode.class)
                        : null;
                return items != null && items.isArray()
                        ? items
                        : JsonNodeFactory.instance.arrayNode().add(body);
            }

            @Override
            public String toString() {
                return "items(" + text + ")";
            }
        };
    }

    @Override
    public Predicate createPredicate(String text) {
        throw new UnsupportedOperationException("items is a language for a split, not for a condition");
    }
}
