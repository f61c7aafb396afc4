package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The target that shows events as they arrive. */
class FileTargetTest {

    private static final String BODY =
            "[{\"id_sms\":\"to-file-1\",\"state\":\"deliver\"},{\"id_sms\":\"to-file-2\",\"state\":\"send\"},{\"odd\":1}]";

    @TempDir
    private Path folder;

    @Test
    void appendsEachEventAsALineAndLeavesTheQueuesAsTheyAre() throws Exception {
        var shared = TestGateway.shared();
        shared.queues().drain();
        try (var gateway = TestGateway.withRoutes(BundleTest.ROUTES)
                .set("sms.target.file.url", "file:" + folder)
                .set("sms.target.file.events", "sms.delivery-report")
                .start()) {
            gateway.post("webcom-mobi", BODY);
            gateway.post("webcom-mobi", BODY);
            await().until(() -> lines().size() == 2);
            var events = new ArrayList<String>();
            for (var received : gateway.queues().drain()) {
                EventAssert.eventIn(received);
                events.add(received.text());
            }
            assertEquals(3, events.size());
            assertEquals(events.subList(0, 2), lines());
            sendSteering(shared, events.get(0));
            await().until(() -> lines().size() == 3);
            try (var files = Files.list(folder)) {
                assertEquals(
                        List.of(),
                        files.filter(file -> file.endsWith("elsewhere")).toList());
            }
        }
    }

    /** Who may send to the queues of the gateway still has no say in where it writes. */
    private static void sendSteering(TestGateway gateway, String event) {
        try (var operator = gateway.operator();
                var context = operator.createContext()) {
            var producer = context.createProducer();
            for (var name : new String[] {"CamelOverruleFileName", "camelOverruleFileName", "CAMELOVERRULEFILENAME"}) {
                producer.setProperty(name, "elsewhere");
            }
            producer.send(context.createQueue("sms.target.file"), event);
        }
    }

    private List<String> lines() throws Exception {
        var lines = new ArrayList<String>();
        try (var files = Files.list(folder)) {
            for (var file : files.sorted().toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
