package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/events-and-queues.md tells a consumer to do keeps the right status, in whatever order the reports of a message come. */
class LateReportTest {

    private static final Pattern PARAMETER = Pattern.compile(":([A-Za-z]+)");

    @Test
    void neverUndoesANewerOne() throws Exception {
        var gateway = TestGateway.shared();
        gateway.queues().drain();
        var reports = new ArrayList<String>();
        for (var status : List.of("submitted", "delivered", "read", "undeliverable", "nobody has seen it")) {
            reports.add("{\"message_uuid\":\"late-1\",\"to\":\"447700900197\",\"status\":\"" + status + "\"}");
        }
        gateway.post("vonage", reports.toString());
        var events = new ArrayList<JsonNode>();
        for (var received : gateway.queues().drain()) {
            events.add(EventAssert.eventIn(received).get("data"));
        }
        assertEquals(5, events.size());
        var update = Files.readString(Path.of("docs/events-and-queues.md"))
                .split("```sql\n")[1]
                .split("\n```")[0];
        try (var database = DriverManager.getConnection("jdbc:h2:mem:late")) {
            database.createStatement()
                    .execute("CREATE TABLE message (id VARCHAR PRIMARY KEY, status VARCHAR, final BOOLEAN, rank INT)");
            for (var order : ordersOf(events)) {
                for (int known = 1; known <= order.size(); known++) {
                    var seen = order.subList(0, known);
                    assertEquals(highest(seen), afterwards(database, update, seen), () -> "after " + seen);
                }
            }
        }
    }

    private static String highest(List<JsonNode> reports) {
        return reports.stream()
                .max(Comparator.comparingInt(report -> report.get("rank").asInt()))
                .orElseThrow()
                .get("status")
                .asText();
    }

    private static String afterwards(Connection database, String update, List<JsonNode> reports) throws SQLException {
        database.createStatement().execute("DELETE FROM message");
        database.createStatement().execute("INSERT INTO message VALUES ('late-1', 'none', FALSE, 0)");
        for (var report : reports) {
            try (var statement =
                    database.prepareStatement(PARAMETER.matcher(update).replaceAll("?"))) {
                var names = PARAMETER.matcher(update);
                for (int i = 1; names.find(); i++) {
                    var value = report.get(names.group(1));
                    statement.setObject(
                            i,
                            value.isBoolean()
                                    ? (Object) value.asBoolean()
                                    : value.isInt() ? (Object) value.asInt() : value.asText());
                }
                statement.executeUpdate();
            }
        }
        try (var rows = database.createStatement().executeQuery("SELECT status FROM message")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static List<List<JsonNode>> ordersOf(List<JsonNode> reports) {
        if (reports.isEmpty()) {
            return List.of(List.of());
        }
        var orders = new ArrayList<List<JsonNode>>();
        for (var first : reports) {
            var rest = new ArrayList<>(reports);
            rest.remove(first);
            for (var order : ordersOf(rest)) {
                var whole = new ArrayList<JsonNode>(List.of(first));
                whole.addAll(order);
                orders.add(whole);
            }
        }
        return orders;
    }
}
