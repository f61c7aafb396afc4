package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.gateway.Configuration;

/** A configuration that cannot be used is refused with the key, its place and what to do. */
class SettingsTest {

    private static final String SECRET = "a-secret-of-some-length";

    @TempDir
    private Path folder;

    @Test
    void readsTheShippedConfiguration() throws Exception {
        var settings = Settings.load(Path.of("config"), Map.of(), new Properties());
        assertEquals(BundleTest.providers(), settings.providers());
        assertEquals(settings.providers().size(), settings.accounts().size(), "a demo account each");
        assertTrue(settings.broker().isEmbedded());
        assertTrue(settings.http().isLoopback());
        assertEquals(8 << 20, settings.http().maxBody());
        assertTrue(Configuration.of(settings).targets().isEmpty());
        assertTrue(settings.warnings().isEmpty());
    }

    @Test
    void shipsEveryKeyItHasADefaultFor() throws Exception {
        var shipped = new Properties();
        try (var reader = Files.newBufferedReader(Path.of("config/application.properties"))) {
            shipped.load(reader);
        }
        Files.writeString(folder.resolve("application.properties"), "");
        var bare = Settings.load(folder, Map.of(), new Properties()).forCamel();
        for (var key : new TreeSet<>(bare.stringPropertyNames())) {
            assertEquals(bare.getProperty(key), shipped.getProperty(key), key);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sms.http.prot=8080 | line 1: sms.http.prot is not a known key: remove it or correct its name",
                "sms.http.port=eighty | line 1: sms.http.port is not a whole number from 1 to 65535",
                "sms.http.port=0 | sms.http.port is not a whole number",
                "sms.http.max-body=8 MB | sms.http.max-body is not a size: write 8MiB",
                "sms.http.max-body=0 | sms.http.max-body is not a size",
                "sms.http.host=no.such.host.invalid | sms.http.host is no address of this machine",
                "sms.http.trusted-proxies=10.0.0.0/40 | sms.http.trusted-proxies has a part that is no IP address or CIDR range",
                "sms.broker.commit-timeout=soon | sms.broker.commit-timeout is not a time: write 10s",
                "sms.queue.outbound=x | sms.queue.outbound is not a known key",
                "sms.queue.inbound= | sms.queue.inbound is no queue's name",
                "sms.queue.inbound=a b | sms.queue.inbound is no queue's name",
                "sms.queue.unrecognised=none | sms.queue.unrecognised cannot be none",
                "sms.queue.refused=none | sms.queue.refused cannot be none",
                "sms.queue.replay=none | sms.queue.replay cannot be none",
                "sms.queue.replay=sms.unrecognised | sms.queue.unrecognised is the same queue as sms.queue.replay",
                "sms.queue.inbound=sms.replay | sms.queue.replay is the same queue as sms.queue.inbound",
                "sms.queue.refused=sms.click | sms.queue.refused is the same queue as sms.queue.click",
                "sms.queue.refused=sms.replay | sms.queue.replay is the same queue as sms.queue.refused",
                "sms.queue.delivery.final=sms.unrecognised | sms.queue.unrecognised is the same queue as sms.queue.delivery.final",
                "camel.main.exchange-factory=pooled | must not be set: pooled exchanges lose acknowledged events",
                "camel.main.exchangeFactory=pooled | must not be set",
                "sms.routes=classpath:routes | sms.routes must start with file:",
                "sms.routes=file:nowhere | sms.routes names no folder",
                "sms.account.infobip.main.tokn=x | is not a known key: write sms.account.<provider>.<account>. and one of",
                "sms.account.infobip.token=x | is not a known key",
                "sms.account.nobody.main.token=x | names no provider: the folder routes has ",
                "sms.account.infobip.Main.token=a-secret-of-some-length | has an account name that is not lower-case",
                "sms.account.infobip.main.token= | sms.account.infobip.main has no credential",
                "sms.account.infobip.main.token=short | token is shorter than 16 bytes: make one with openssl rand -hex 24",
                "sms.account.infobip.main.token=a-secret-of-some-length,short | token is shorter than 16 bytes",
                "sms.account.infobip.main.basic=a-secret-of-some-length | basic is not user:password",
                "sms.account.infobip.main.basic=user:short | basic is shorter than 16 bytes",
                "sms.account.infobip.main.hmac.header=X | hmac.header stands alone: set sms.account.infobip.main.hmac.secret as well",
                "sms.account.infobip.main.hmac.secret=a-secret-of-some-length | hmac.header is missing",
                "sms.account.infobip.main.token=, | token has nothing between its commas",
                "sms.account.twilio.main.secret=a-secret-of-some-length | scheme is none of the provider's signature schemes: write one or several of form, json",
                "sms.target.crm.url.x=1 | is not a known key: write sms.target.<name>. and one of",
            })
    void refusesWhatItCannotUse(String line, String message) throws Exception {
        refuses(line, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "# note\\n\\nsms.http.port=8081\\nsecret-of-somebody | line 4: is no setting: a key begins with sms. or camel.,",
                "logging.level=debug | line 1: is no setting",
                "=8080 | line 1: is no setting",
                "sms.http.host=127.0.0.1\\nsms.http.port | line 2: sms.http.port has no value: write sms.http.port=",
                "sms.queue.click=a\\\\\\nb\\nsms.http.port | line 3: sms.http.port has no value",
                "sms.http.port=8081\\n#\\nsms.http.port=8082 | line 3: sms.http.port stands in line 1 as well",
                "sms.http.port=8081\\r\\nsms.http.\\\\\\r\\n  port : 8082 | line 2: sms.http.port stands in line 1",
                "sms.http.port=8081\\rsms.http.p\\\\u006frt 8082 | line 2: sms.http.port stands in line 1 as well",
                "sms.queue.click=C:\\\\users | line 1: has a \\\\u that four hexadecimal digits must follow",
                "\uFEFFsms.http.port | line 1: sms.http.port has no value",
            })
    void refusesALineThatIsNoSetting(String lines, String message) throws Exception {
        var text = lines.replace("\\\\", "\0")
                .replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\0", "\\");
        refuses(text, message.replace("\\\\", "\\"));
        var failure = assertThrows(ConfigurationException.class, () -> load(text, Map.of(), new Properties()));
        assertFalse(failure.getMessage().contains("secret-of-somebody"));
    }

    /** With the public key, which everybody may know, anybody could sign by the other scheme. */
    @Test
    void refusesAPublicKeyThatWouldBeASharedSecretToo() throws Exception {
        var provider = Files.createDirectories(folder.resolve("routes/acme"));
        Files.writeString(provider.resolve("acme.camel.yaml"), "[]");
        Files.writeString(provider.resolve("signatures.properties"), """
                old.signature=header.S
                old.signed=${body}
                new.algorithm=ED25519
                new.signature=header.S
                new.signed=${body}
                """);
        var key = Base64.getEncoder()
                .encodeToString(
                        HexFormat.of().parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
        var account = "sms.routes=file:" + folder.resolve("routes") + "\nsms.account.acme.main.secret=" + key + "\n";
        load(account + "sms.account.acme.main.scheme=new", Map.of(), new Properties());
        refuses(account + "sms.account.acme.main.scheme=old, new", "scheme names schemes with a public key and with");
    }

    @Test
    void refusesWhatItCannotUseOfAnAccount() throws Exception {
        var token = "sms.account.infobip.main.token=" + SECRET + "\n";
        refuses(
                token + "sms.account.infobip.main.allow-from=300.1.1.1",
                "line 2: sms.account.infobip.main.allow-from has a part");
        refuses(token + "sms.account.infobip.main.allow-from=,", "allow-from lists no address");
        refuses(token + "sms.account.infobip.main.time-zone=Prague", "time-zone is no time zone: write a name such as");
        refuses(
                token + "sms.account.infobip.main.reply-status=404",
                "reply-status is not a whole number from 200 to 299");
        refuses(token + "sms.account.infobip.main.reply-body=OK \\ud83d", "reply-body has half of a character");
        var hmac = "sms.account.infobip.main.hmac.secret=" + SECRET + "\nsms.account.infobip.main.hmac.header=X\n";
        refuses(hmac + "sms.account.infobip.main.hmac.algorithm=CRC32", "hmac.algorithm is not one of HMAC_SHA_256");
        refuses(hmac + "sms.account.infobip.main.hmac.encoding=base32", "hmac.encoding is neither hex nor base64");
        refuses(
                "sms.target.crm.url=http://127.0.0.1\nsms.target.crm.events=sms.outbound",
                "sms.target.crm.events has a pattern whose type matches nothing, sms.outbound: there are sms.delivery-report");
    }

    @Test
    void letsTheDemoSecretInOnLoopbackOnly() throws Exception {
        var demo = "sms.account.infobip.demo.token=" + Settings.DEMO_SECRET;
        assertEquals(1, load(demo, Map.of(), new Properties()).accounts().size());
        assertEquals(
                1,
                load("sms.http.host=localhost\n" + demo, Map.of(), new Properties())
                        .accounts()
                        .size());
        for (var host : new String[] {"0.0.0.0", "::", "192.0.2.1"}) {
            refuses("sms.http.host=" + host + "\n" + demo, "line 2: sms.account.infobip.demo.token is the demo secret");
        }
    }

    @Test
    void neverQuotesASecret() throws Exception {
        var failure = assertThrows(
                ConfigurationException.class,
                () -> load("sms.account.nobody.main.token=" + SECRET, Map.of(), new Properties()));
        assertFalse(failure.getMessage().contains(SECRET));
    }

    @Test
    void letsTheEnvironmentOverrideTheFileAndSystemPropertiesBoth() throws Exception {
        var system = new Properties();
        system.setProperty("sms.queue.inbound", "from.system");
        var settings = load(
                "sms.http.port=1\nsms.queue.inbound=from.file\nsms.queue.click=from.file\ncamel.management.port=2",
                Map.of(
                        "SMS_HTTP_PORT", "8081",
                        "SMS_HTTP_MAX_BODY", "1MiB",
                        "SMS_QUEUE_INBOUND", "from.environment",
                        "SMS_ACCOUNT_WEBCOM_MOBI_MAIN_OFFICE_TOKEN", SECRET,
                        "SMS_ACCOUNT_INFOBIP_MAIN_HMAC_SECRET", SECRET,
                        "SMS_ACCOUNT_INFOBIP_MAIN_HMAC_HEADER", "X-Signature",
                        "SMS_TARGET_FILE_URL", "file:events",
                        "CAMEL_MANAGEMENT_PORT", "9999"),
                system);
        var camel = Configuration.of(settings).forCamel();
        assertEquals(8081, settings.http().port());
        assertEquals(1 << 20, settings.http().maxBody());
        assertEquals("from.system", camel.getProperty("sms.queue.inbound"));
        assertEquals("from.file", camel.getProperty("sms.queue.click"));
        assertEquals("9999", camel.getProperty("camel.management.port"));
        assertEquals("file:events", camel.getProperty("sms.target.file.url"));
        var names = new TreeSet<String>();
        settings.accounts().forEach(account -> names.add(account.provider() + "/" + account.name()));
        assertEquals(new TreeSet<>(java.util.Set.of("infobip/main", "webcom-mobi/main-office")), names);
    }

    @Test
    void namesTheVariableThatIsWrong() {
        var failure = assertThrows(
                ConfigurationException.class, () -> load("", Map.of("SMS_HTTP_PORT", "none"), new Properties()));
        assertTrue(
                failure.getMessage().startsWith("environment variable SMS_HTTP_PORT: sms.http.port"),
                failure::getMessage);
    }

    @Test
    void refusesAnAccountsVariableThatIsNone() {
        var failure = assertThrows(
                ConfigurationException.class,
                () -> load("", Map.of("SMS_ACCOUNT_INFOBIP_MAIN_TOKN", SECRET), new Properties()));
        assertTrue(
                failure.getMessage().contains("SMS_ACCOUNT_INFOBIP_MAIN_TOKN is no key of an account"),
                failure::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SMS_ACCOUNT_INFOBIP_A__B_TOKEN",
                "SMS_ACCOUNT_INFOBIP_É_TOKEN",
                "SMS_TARGET__A_URL",
                "SMS_TARGET_A$1_URL"
            })
    void refusesAVariableWhoseNameIsNone(String variable) {
        var failure =
                assertThrows(ConfigurationException.class, () -> load("", Map.of(variable, SECRET), new Properties()));
        assertTrue(failure.getMessage().contains(variable + " names "), failure::getMessage);
    }

    @Test
    void onlyWarnsOfVariablesAPlatformInjects() throws Exception {
        var settings = load("", Map.of("SMS_PORT_8080_TCP", "tcp://10.0.0.1:8080"), new Properties());
        assertEquals(1, settings.warnings().size());
        assertTrue(settings.warnings().get(0).contains("SMS_PORT_8080_TCP"));
    }

    @Test
    void takesVariablesOfATargetThatIsOff() throws Exception {
        var environment = Map.of("SMS_TARGET_WEBHOOK_SECRET", SECRET, "SMS_TARGET_WEBHOOK_HEADER_X_URL", "x");
        var configuration = Configuration.of(Settings.load(Path.of("config"), environment, new Properties()));
        assertEquals(List.of(), configuration.settings().warnings());
        assertEquals(List.of(), configuration.targets());
    }

    @Test
    void tellsProvidersApartOfWhichOneBeginsLikeTheOther() throws Exception {
        for (var provider : List.of("webcom", "webcom-mobi")) {
            var route = folder.resolve("routes").resolve(provider).resolve(provider + ".camel.yaml");
            Files.createDirectories(route.getParent());
            Files.writeString(route, "[]");
        }
        var settings = load(
                "sms.routes=file:" + folder.resolve("routes"),
                Map.of("SMS_ACCOUNT_WEBCOM_MOBI_MAIN_TOKEN", SECRET, "SMS_ACCOUNT_WEBCOM_MAIN_TOKEN", SECRET),
                new Properties());
        assertEquals(
                List.of("webcom/main", "webcom-mobi/main"),
                settings.accounts().stream()
                        .map(account -> account.provider() + "/" + account.name())
                        .toList());
    }

    @Test
    void saysWhereItLooksForTheConfiguration() {
        var failure =
                assertThrows(ConfigurationException.class, () -> Settings.load(folder, Map.of(), new Properties()));
        assertTrue(failure.getMessage().contains("start in the folder that holds config/"), failure::getMessage);
    }

    private void refuses(String lines, String message) throws Exception {
        var failure = assertThrows(ConfigurationException.class, () -> load(lines, Map.of(), new Properties()));
        assertTrue(
                Pattern.compile(Pattern.quote(message))
                        .matcher(failure.getMessage())
                        .find(),
                () -> "said: " + failure.getMessage());
    }

    private Settings load(String lines, Map<String, String> environment, Properties system) throws Exception {
        Files.writeString(folder.resolve("application.properties"), lines);
        return Configuration.of(Settings.load(folder, environment, system)).settings();
    }
}
