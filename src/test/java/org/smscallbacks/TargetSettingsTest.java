package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.standardwebhooks.Webhook;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.gateway.Configuration;

/** A target that cannot be called is refused at the start, by its key, and no message gives a secret away. */
class TargetSettingsTest {

    private static final String ACCOUNT = "sms.account.infobip.main.token=" + TestGateway.TOKEN + "\n";
    private static final String URL =
            "sms.target.crm.url=https://127.0.0.1/events?token=" + TestGateway.PASSWORD + "\n";
    private static final String GOOD = ACCOUNT + URL + "sms.target.crm.secret=" + TargetGateway.SECRET + "\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secret= | secret is missing: every call is signed with it; make one with: echo whsec_",
                "secret=, | secret is missing",
                "secret=not base64! | secret is not the base64 of 24 to 64 bytes: make one with: echo whsec_",
                "secret=whsec_not*base64 | secret is not the base64 of",
                "secret=whsec_c2hvcnQtc2VjcmV0 | secret is not the base64 of",
                "secret=whsec_ | secret is not the base64 of",
                "url=https://127.0.0.1/even ts | url is no URL",
                "url=https://127.0.0.1/?token=basic-password-0123456789\"x | url is no URL",
                "url=https:///events | url is no",
                "url=https://no_such_host/events | url is no complete URL: write https://host/path",
                "url=https://127.0.0.1/events#part | url is no complete URL",
                "url=https://user:basic-password-0123456789@127.0.0.1/ | url has credentials in it: use sms.target.crm.basic",
                "url=https:events | url is no complete URL",
                "events=sms.outbound | events has a pattern whose type matches nothing, sms.outbound: there are sms.delivery-report",
                "events=*:arrived | events has a pattern whose status matches nothing, *:arrived: there are accepted",
                "events=*@nobody | events has a pattern whose account matches nothing, *@nobody: there are infobip/main",
                "events=*@infobip/mian | events has a pattern whose account matches nothing",
                "events=sms delivery | events has a pattern that is not type:status@provider/account",
                "events=*:final:x | events has a pattern that is not",
                "retry=5s; 30s | retry has a wait that is no time up to 24h, 5s; 30s: write 5s, 30s",
                "retry=25h | retry has a wait that is no time up to 24h, 25h",
                "retry=5s, none | retry has a wait that is no time up to 24h, none",
                "retry=-5s | retry has a wait that is no time",
                "retry-interim=soon | retry-interim has a wait that is no time up to 24h, soon",
                "concurrency=0 | concurrency is not a whole number from 1 to 256",
                "concurrency=257 | concurrency is not a whole number",
                "concurrency=many | concurrency is not a whole number",
                "timeout=15 | timeout is not a time up to 5m: write 15s, 500ms or 1m",
                "basic=basic-password-0123456789 | basic is not user:password",
                "basic=:basic-password-0123456789 | basic is not user:password",
                "header.Webhook-Id=x | header.Webhook-Id is a header the gateway sets itself: remove it",
                "header.webhook-signature=x | header.webhook-signature is a header the gateway sets itself",
                "header.Content-Type=x | header.Content-Type is a header the gateway sets itself",
                "header.Host=x | header.Host is a header the gateway sets itself",
                "header.Content-Length=1 | header.Content-Length is a header the gateway sets itself",
                "header.X-Name=\u010d | header.X-Name has characters that no HTTP header may hold",
                "header.X-Name=a\\r\\nB: c | header.X-Name has characters that no HTTP header may hold",
                "bearer=a\u0001b | bearer has characters that no HTTP header may hold",
                "header.X(Y)=1 | is not a known key: write sms.target.<name>. and one of",
                "timeout=30d | timeout is not a time up to 5m",
                "trust-store=no-such-file.p12 | trust-store names no file that can be read",
                "url=data/events | url is no URL: it begins with",
                "trust-store=pom.xml | trust-store cannot be read as a key store",
                "trust-store=. | trust-store cannot be read as a key store",
                "ulr=x | sms.target.crm.ulr is not a known key",
            })
    void refusesATargetThatCannotBeCalled(String line, String message) throws Exception {
        var key = "sms.target.crm." + line.split("=", 2)[0];
        var others = GOOD.lines().filter(good -> !good.startsWith(key + "=")).collect(Collectors.joining("\n"));
        var failure = refuses(others + "\nsms.target.crm." + line);
        assertTrue(failure.contains("sms.target.crm."), failure);
        assertTrue(failure.contains(message), failure);
        assertFalse(failure.contains(TargetGateway.SECRET.substring(6)), failure);
        assertFalse(failure.contains(TestGateway.PASSWORD), failure);
        var value = line.substring(line.indexOf('=') + 1);
        assertTrue(!line.startsWith("secret") || value.length() < 10 || !failure.contains(value), failure);
    }

    @Test
    void refusesTwoAuthorizations() {
        var failure = refuses(GOOD + "sms.target.crm.basic=user:" + TestGateway.PASSWORD + "\nsms.target.crm.bearer="
                + TestGateway.TOKEN);
        assertTrue(failure.contains("line 5: sms.target.crm.bearer cannot stand beside sms.target.crm.basic"), failure);
        failure = refuses(GOOD + "sms.target.crm.header.authorization=x\nsms.target.crm.bearer=" + TestGateway.TOKEN);
        assertTrue(failure.contains("cannot stand beside sms.target.crm.basic or bearer"), failure);
        assertFalse(failure.contains(TestGateway.TOKEN), failure);
        assertFalse(failure.contains(TestGateway.PASSWORD), failure);
    }

    @Test
    void readsATargetWithAllItCanHave() throws Exception {
        var target = load(GOOD
                        + "sms.target.crm.bearer=" + TestGateway.TOKEN
                        + "\nsms.target.crm.header.X-Tenant=7"
                        + "\nsms.target.crm.timeout=500ms"
                        + "\nsms.target.crm.concurrency=3"
                        + "\nsms.target.crm.retry=1s,2m , 24h"
                        + "\nsms.target.crm.retry-interim=none")
                .targets()
                .get(0);
        assertEquals("crm", target.name());
        assertEquals(
                Map.of("X-Tenant", "7", "Authorization", "Bearer " + TestGateway.TOKEN),
                target.receiver().headers());
        assertEquals(Duration.ofMillis(500), target.receiver().timeout());
        assertEquals(
                List.of(Duration.ofSeconds(1), Duration.ofMinutes(2), Duration.ofHours(24)),
                target.retry().waits());
        assertEquals(List.of(), target.retryInterim().waits());
        assertEquals(
                new Webhook(TargetGateway.SECRET).sign("id", 1, "body"),
                target.receiver().signers().get(0).sign("id", 1, "body"));
    }

    @Test
    void keepsTheDefaultsOfWhatIsEmpty() throws Exception {
        var target = load(GOOD
                        + "sms.target.crm.events=\nsms.target.crm.retry=\nsms.target.crm.retry-interim=\n"
                        + "sms.target.crm.timeout=\nsms.target.crm.concurrency=\nsms.target.crm.trust-store=\n")
                .targets()
                .get(0);
        assertEquals(11, target.retry().waits().size());
        assertEquals(5, target.retryInterim().waits().size());
        assertEquals(Duration.ofSeconds(15), target.receiver().timeout());
        assertNotNull(target.receiver().url());
    }

    @Test
    void leavesToTheRoutesWhatNobodyHasSet() throws Exception {
        var camel = load(GOOD + "sms.target.esb.queue=of-a-target-that-is-off").forCamel();
        assertEquals("of-a-target-that-is-off", camel.getProperty("sms.target.esb.queue"));
        assertFalse(camel.containsKey("sms.target.crm.concurrency"), "a route's own default");
    }

    @Test
    void checksOfABrokerOnlyWhatItUses() throws Exception {
        var broker = load("sms.target.esb.url=tcp://127.0.0.1:1\nsms.target.esb.basic=user\n"
                + "sms.target.esb.secret=x\nsms.target.esb.timeout=10m\nsms.target.esb.bearer=\u00e9");
        assertEquals("user", broker.targets().get(0).login());
    }

    @Test
    void keepsTheSecretsFromCamel() throws Exception {
        var seen = load(GOOD + "sms.target.crm.header.X-Key=" + TestGateway.SIGNING_KEY + "\nsms.target.crm.basic=user:"
                        + TestGateway.PASSWORD + "\nsms.target.crm.trust-store-password=" + TestGateway.SIGNING_KEY)
                .forCamel();
        for (var key : seen.stringPropertyNames()) {
            var value = seen.getProperty(key);
            assertFalse(value.contains(TargetGateway.SECRET) || value.contains(TestGateway.SIGNING_KEY), key);
            assertFalse(!key.endsWith(".url") && value.contains(TestGateway.PASSWORD), key);
        }
    }

    @Test
    void refusesAUrlThatIsNotHttpForARouteThatCallsOverHttp() throws Exception {
        var gateway = TestGateway.withRoutes(BundleTest.ROUTES)
                .set("sms.target.webhook.url", "htp://127.0.0.1/events?token=" + TestGateway.PASSWORD)
                .set("sms.target.webhook.secret", TargetGateway.SECRET);
        refusesToStart(gateway, "sms.target.webhook.url is no URL of HTTP: write https://host/path");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka:events?password=basic-password-0123456789 | write an https:// URL, or a route of your own in routes/targets/nobodys.camel.yaml",
                "tcp://127.0.0.1:1?password=basic-password-0123456789 | copy routes/targets/esb.camel.yaml to routes/targets/nobodys.camel.yaml and replace esb by nobodys",
            })
    void refusesATargetThatNoRouteDeliversTo(String url, String advice) throws Exception {
        var gateway = TestGateway.withRoutes(BundleTest.ROUTES).set("sms.target.nobodys.url", url);
        refusesToStart(gateway, "sms.target.nobodys.url switches a target on that no route delivers to", advice);
    }

    @Test
    void refusesATargetWithoutAFileWhereTheOneItWouldHaveIsGone(@TempDir Path routes) throws Exception {
        RoutesCopy.in(routes);
        Files.delete(routes.resolve("targets/webhook.camel.yaml"));
        var gateway = TestGateway.withRoutes(routes)
                .set("sms.target.crm.url", "https://127.0.0.1/events")
                .set("sms.target.crm.secret", TargetGateway.SECRET);
        refusesToStart(gateway, "target crm has no route file", "targets/webhook.camel.yaml", "is not there");
    }

    @Test
    void refusesATargetWhoseFileDeliversNothing(@TempDir Path routes) throws Exception {
        RoutesCopy.in(routes);
        Files.writeString(routes.resolve("targets/crm.camel.yaml"), "[]");
        var gateway = TestGateway.withRoutes(routes)
                .set("sms.target.crm.url", "https://127.0.0.1/events")
                .set("sms.target.crm.secret", TargetGateway.SECRET);
        refusesToStart(
                gateway, "routes/targets/crm.camel.yaml takes nothing from sms.target.crm: correct it, or remove it");
    }

    @Test
    void refusesARouteThatDeliversWithoutWaitingItsTurn(@TempDir Path routes) throws Exception {
        RoutesCopy.in(routes);
        var file = routes.resolve("targets/webhook.camel.yaml");
        Files.writeString(
                file,
                Files.readString(file).replaceFirst("        - process:\n.*\n.*\n            ref: targetTurn\n", ""));
        var gateway = TestGateway.withRoutes(routes)
                .set("sms.target.webhook.url", "https://127.0.0.1/events")
                .set("sms.target.webhook.secret", TargetGateway.SECRET);
        refusesToStart(
                gateway, "route target-webhook delivers to a target: its first step must be process: targetTurn");
    }

    @Test
    void refusesARouteThatDeliversToNobody(@TempDir Path routes) throws Exception {
        RoutesCopy.in(routes);
        var file = routes.resolve("targets/webhook.camel.yaml");
        Files.writeString(file, Files.readString(file).replaceAll("    precondition:.*\n", ""));
        refusesToStart(
                TestGateway.withRoutes(routes),
                "route target-webhook delivers from sms.target.webhook",
                "the queue of no target that is switched on");
    }

    private static void refusesToStart(TestGateway gateway, String... words) {
        try (gateway) {
            var failure = assertThrows(ConfigurationException.class, gateway::start);
            for (var word : words) {
                assertTrue(failure.getMessage().contains(word), failure::getMessage);
            }
            assertFalse(failure.getMessage().contains(TestGateway.PASSWORD), failure::getMessage);
        }
    }

    private String refuses(String lines) {
        return assertThrows(ConfigurationException.class, () -> load(lines)).getMessage();
    }

    private Configuration load(String lines) throws Exception {
        Files.writeString(folder.resolve("application.properties"), lines);
        return Configuration.of(Settings.load(folder, Map.of(), new Properties()));
    }
}
