package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of Infobip's status table, posted as reports that name the status in full, by its id only and by its name only. */
class InfobipStatusTest {

    private static final Map<String, String> GROUPS = Map.of(
            "0", "ACCEPTED", "1", "PENDING", "2", "UNDELIVERABLE", "3", "DELIVERED", "4", "EXPIRED", "5", "REJECTED");

    private static final Map<String, JsonNode> EVENTS = new HashMap<>();

    /**
     * A line of the table.
     *
     * @param number its place in the file; ids and names come more than once
     */
    record Row(int number, String id, String name, String groupId, String group, String status, String isFinal) {

        ObjectNode inFull() {
            return byId().put("groupName", group).put("name", name);
        }

        ObjectNode byId() {
            return EventAssert.JSON
                    .createObjectNode()
                    .put("groupId", Integer.parseInt(groupId))
                    .put("id", Integer.parseInt(id));
        }

        ObjectNode byName() {
            return EventAssert.JSON.createObjectNode().put("groupName", group).put("name", name);
        }

        String messageId(String how) {
            return "msg-status-row-" + number + "-" + how;
        }

        @Override
        public String toString() {
            return "line " + number + ": " + id + " " + name + " in " + group;
        }
    }

    static List<Row> rows() throws IOException {
        try (MappingIterator<Map<String, String>> lines = new CsvMapper()
                .readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(BundleTest.ROUTES.resolve("infobip/statuses.csv").toFile())) {
            var rows = new ArrayList<Row>();
            while (lines.hasNext()) {
                var line = lines.next();
                rows.add(new Row(
                        rows.size() + 2,
                        line.get("id"),
                        line.get("name"),
                        line.get("group_id"),
                        line.get("group_name"),
                        line.get("status"),
                        line.get("final")));
            }
            return rows;
        }
    }

    @BeforeAll
    static void postsAllRowsAtOnce() throws Exception {
        var gateway = TestGateway.shared();
        gateway.queues().drain();
        var callback = EventAssert.JSON.createObjectNode();
        for (var row : rows()) {
            addReport(callback, row.messageId("in-full"), row.inFull());
            addReport(callback, row.messageId("by-id"), row.byId());
            addReport(callback, row.messageId("by-name"), row.byName());
        }
        assertEquals(200, gateway.post("infobip", callback.toString()).statusCode());
        for (var received : gateway.queues().drain()) {
            var event = EventAssert.eventIn(received);
            EVENTS.put(event.path("subject").asText(), event.get("data"));
        }
    }

    private static void addReport(ObjectNode callback, String messageId, ObjectNode status) {
        callback.withArray("results").addObject().put("messageId", messageId).set("status", status);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void meansWhatItsRowSays(Row row) {
        assertAll(List.of("in-full", "by-id", "by-name").stream().map(how -> () -> {
            var data = EVENTS.get(row.messageId(how));
            assertEquals(row.status(), data.get("status").asText(), how);
            assertEquals(row.isFinal().equals("yes"), data.get("final").asBoolean(), how);
            assertFalse(data.has("problems"), () -> how + ": " + data.get("problems"));
        }));
    }

    @Test
    void theTableHoldsOnlyKnownWords() throws IOException {
        var statuses = new HashSet<String>();
        EventAssert.JSON
                .readTree(getClass().getResourceAsStream("/contracts/schemas/sms-event.v1.json"))
                .at("/$defs/status/enum")
                .forEach(word -> statuses.add(word.asText()));
        assertFalse(rows().isEmpty());
        for (var row : rows()) {
            assertTrue(statuses.contains(row.status()), () -> row + ": " + row.status());
            assertTrue(Set.of("yes", "no").contains(row.isFinal()), () -> row + ": " + row.isFinal());
            assertEquals(GROUPS.get(row.groupId()), row.group(), row::toString);
        }
    }
}
