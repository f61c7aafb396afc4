package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** <code>sms check</code>, before a start and beside a gateway that runs. That it refuses each broken route is in {@link EditedRoutesTest}. */
class CheckTest {

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void copyConfig() throws Exception {
        TestGateway.copyConfig(folder, TestGateway.freePort());
        data = folder.resolve("data");
        set("sms.broker.data", data.toString());
    }

    @Test
    void takesWhatIsShippedAndTouchesNothing() throws Exception {
        // as beside a gateway that runs: its ports are taken
        TestGateway.copyConfig(folder, TestGateway.shared().brokerPort());
        set("sms.broker.data", data.toString());
        var checked = check();
        assertEquals(0, checked.code(), checked::toString);
        assertEquals("The gateway would start with this configuration.\n", checked.out());
        assertFalse(Files.exists(data), "no broker, no trail");
        assertEquals(
                "{\"ok\":true}\n",
                Terminal.with("--config", folder.toString())
                        .run("check", "--json")
                        .out());
    }

    @Test
    void saysWhatAStartWouldRefuse() throws Exception {
        set("sms.http.prot", "8080");
        refuses("sms.http.prot");
    }

    @Test
    void looksAtTheBrokersFiles() throws Exception {
        var file = folder.resolve("broker.xml");
        var text = Files.readString(file);
        Files.writeString(file, text.replace("<address-full-policy>PAGE", "<address-full-policy>DROP"));
        refuses("has DROP as address-full-policy");
        Files.writeString(file, text.replace("</core>", ""));
        refuses("broker.xml");
        Files.delete(file);
        refuses("broker.xml");
    }

    @Test
    void looksAtTheRoutes() throws Exception {
        var routes = RoutesCopy.in(folder.resolve("routes"));
        set("sms.routes", "file:" + routes.folder());
        assertEquals(0, check().code());
        routes.edit("webcom-mobi/delivery-report.jslt", "\"type\":", "\"type\"");
        refuses("webcom-mobi/delivery-report.jslt:");
    }

    @Test
    void looksAtTargets() throws Exception {
        set("sms.target.crm.url", "https://crm.example.com/events");
        set("sms.target.crm.events", "sms.no-such-type");
        refuses("sms.target.crm.events");
    }

    private void set(String key, String value) throws Exception {
        var setting = new Properties();
        setting.putAll(Map.of(key, value));
        TestGateway.write(setting, folder.resolve("application.properties"));
    }

    private void refuses(String words) {
        var checked = check();
        assertEquals(2, checked.code(), checked::toString);
        assertTrue(checked.err().startsWith("sms: ") && checked.err().contains(words), checked::toString);
        assertEquals(1, checked.err().lines().count(), checked::toString);
    }

    private Terminal.Output check() {
        return Terminal.with("--config", folder.toString()).run("check");
    }
}
