package org.smscallbacks.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.smscallbacks.event.Misfit.Kind;

/** Where an event that does not fit differs from the schema, and how. */
final class SchemaMisfits {

    /** What may stand in a log: a field's name, and not a number or an address that somebody made the name of a field. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z_-]{0,40}[0-9]{0,2}");

    private static final String ANY = "/*";

    private final Set<Misfit> found = new LinkedHashSet<>();

    /** All of them. */
    static Set<Misfit> of(SchemaRule rule, JsonNode event) {
        var misfits = new SchemaMisfits();
        misfits.explain(rule, event, "");
        return misfits.found;
    }

    private void explain(SchemaRule rule, JsonNode node, String place) {
        if (rule == null) {
            return;
        }
        if (!rule.hasType(node)) {
            add(place, Kind.TYPE);
            return;
        }
        if (!rule.fitsAsValue(node)) {
            add(place, Kind.VALUE);
        }
        if (node instanceof ObjectNode object) {
            explainObject(rule, object, place);
        }
        if (node instanceof ArrayNode array) {
            if (array.size() < rule.minItems) {
                add(place, Kind.VALUE);
            }
            array.forEach(item -> explain(rule.items, item, place + ANY));
        }
        rule.all.forEach(part -> explain(part, node, place));
        explain(rule.following(node), node, place);
        if (!rule.one.isEmpty() && !rule.isOne(node)) {
            explainBranch(rule, node, place);
        }
    }

    private void explainObject(SchemaRule rule, ObjectNode object, String place) {
        if (object.size() < rule.minProperties) {
            add(place, Kind.VALUE);
        }
        rule.fields.forEach((name, field) -> {
            if (field.isRequired() && !object.has(name)) {
                add(place + "/" + name, Kind.MISSING);
            }
        });
        for (var entry : object.properties()) {
            var name = entry.getKey();
            var field = rule.fields.get(name);
            if (field != null) {
                explain(field.rule(), entry.getValue(), place + "/" + name);
            } else if (rule.isClosed) {
                add(place + (NAME.matcher(name).matches() ? "/" + name : ANY), Kind.UNKNOWN);
            } else {
                explain(rule.others, entry.getValue(), place + ANY);
            }
        }
    }

    /** The branch that is meant is the one whose constants the node has. */
    private void explainBranch(SchemaRule rule, JsonNode node, String place) {
        int before = found.size();
        rule.one.stream()
                .filter(branch -> hasConstants(branch, node))
                .findFirst()
                .ifPresent(branch -> explain(branch, node, place));
        if (found.isEmpty() || found.size() == before && place.length() > 0) {
            add(place, Kind.VALUE);
        }
    }

    private static boolean hasConstants(SchemaRule branch, JsonNode node) {
        return branch.fields.entrySet().stream().allMatch(field -> {
            var rule = field.getValue().rule();
            return rule == null || !rule.isConstant || rule.fits(node.path(field.getKey()));
        });
    }

    private void add(String place, Kind kind) {
        found.add(new Misfit(place, kind));
    }
}
