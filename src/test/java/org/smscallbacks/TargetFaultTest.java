package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.TestGateway.logged;
import static org.smscallbacks.TestTarget.numbered;
import static org.smscallbacks.TestTarget.soon;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.Downstream.Answer;

/** Receivers, networks and brokers that fail in the middle: no event is lost, and each says in a word what was wrong. */
@Tag("targets")
class TargetFaultTest {

    static final String STORE_PASSWORD = "password-of-the-trust-store";

    private static final Set<String> EVENT_PROPERTIES =
            Set.of("eventId", "eventType", "provider", "account", "status", "final", "messageId", "_AMQ_DUPL_ID");

    private static final String HANDED_OVER = "sms.test.of-an-esb";

    /** What each of these targets says is wrong with its receiver. */
    private static final Map<String, String> WORDS = Map.of(
            "word-refused", "unreachable",
            "word-unknown", "unreachable",
            "word-mute", "timeout",
            "word-slow", "timeout",
            "word-resetting", "broken",
            "word-mail", "broken",
            "word-secure", "tls");

    private static final Map<String, OddDownstream> ODD = new HashMap<>();

    @TempDir
    private static Path stores;

    private static TargetGateway gateway;
    private static Downstream trusted;
    private static Downstream misnamed;
    private static Downstream ofNobody;
    private static OwnBroker otherBroker;
    private static int portOfComing;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start(@TempDir Path brokerFolder) throws Exception {
        gateway = TargetGateway.atTheSharedBroker();
        gateway.add(
                "word-refused", "http://127.0.0.1:" + TestGateway.freePort() + "/events?token=" + TestGateway.PASSWORD);
        gateway.add("word-unknown", "http://no-such-host.invalid/");
        addOdd("word-mute", OddDownstream.NEVER_ANSWERS).set("timeout", "1s");
        addOdd("word-slow", OddDownstream.NEVER_ENDS_THE_HEADERS).set("timeout", "1s");
        addOdd("word-resetting", OddDownstream.RESETS_IN_THE_HEADERS);
        addOdd("word-mail", OddDownstream.SPEAKS_SMTP);
        ofNobody = Downstream.withTls(tls(store("127.0.0.1", "of-nobody")));
        gateway.add("word-secure", ofNobody);
        for (var name : WORDS.keySet()) {
            gateway.target(name).set("retry", "none").set("concurrency", "1");
        }
        addOdd("trickling", OddDownstream.NEVER_ENDS_THE_BODY);
        addOdd("breaking", OddDownstream.BREAKS_THE_BODY);
        addOdd("flooding", OddDownstream.SENDS_100_MB);
        addOdd("hasty", OddDownstream.HANGS_UP).set("retry", times(9, "100ms"));
        portOfComing = TestGateway.freePort();
        gateway.add("coming", "http://127.0.0.1:" + portOfComing + "/").set("retry", times(100, "2s"));
        addTls();
        gateway.add("redirecting");
        gateway.addHandingOver("esb", "tcp://127.0.0.1:" + TestGateway.shared().brokerPort(), HANDED_OVER)
                .set("events", "sms.delivery-report:final@bulkgate/esb");
        otherBroker = new OwnBroker(brokerFolder);
        gateway.addHandingOver("esb-away", otherBroker.url(), "events.of-an-esb")
                .set("retry", times(100, "2s"));
        gateway.start();
    }

    private static TestTarget addOdd(String name, OddDownstream.Oddity oddity) throws Exception {
        ODD.put(name, new OddDownstream(oddity));
        return gateway.add(name, ODD.get(name).url());
    }

    private static void addTls() throws Exception {
        var store = store("127.0.0.1", "of-the-receiver");
        trusted = Downstream.withTls(tls(store));
        gateway.add("trusted", trusted)
                .set("trust-store", store.toString())
                .set("trust-store-password", STORE_PASSWORD);
        var elsewhere = store("127.0.0.2", "of-another-address");
        misnamed = Downstream.withTls(tls(elsewhere));
        gateway.add("misnamed", misnamed)
                .set("trust-store", elsewhere.toString())
                .set("trust-store-password", STORE_PASSWORD)
                .set("retry", "none");
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (var odd : ODD.values()) {
            odd.close();
        }
        ofNobody.close();
        trusted.close();
        misnamed.close();
        otherBroker.close();
    }

    @BeforeEach
    @AfterEach
    void drain() throws Exception {
        TestGateway.shared().queues().drain();
    }

    @Test
    void saysInAWordWhatWasWrong() throws Exception {
        for (var name : WORDS.keySet()) {
            gateway.target(name).report("word");
        }
        var said = new HashMap<String, String>();
        for (var name : WORDS.keySet()) {
            var target = gateway.target(name);
            soon().until(() -> target.browse(target.deadQueue()).size() == 1);
            var dead = target.take(target.deadQueue()).get(0);
            assertEquals("exhausted", dead.getStringProperty("reason"));
            said.put(name, dead.getStringProperty("lastStatus"));
        }
        assertEquals(WORDS, said);
        assertEquals(List.of(), ofNobody.calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"trickling", "breaking", "flooding"})
    void takesTheStatusForTheAnswerWhateverBecomesOfTheRest(String name) throws Exception {
        var target = gateway.target(name);
        var odd = ODD.get(name);
        target.report(numbered("rest-", 3));
        soon().until(() -> odd.ids().size() == 3);
        soon().until(target::isDone);
        assertEquals(3, odd.ids().size());
        assertEquals(3, new TreeSet<>(odd.ids()).size());
        // what the kernel takes from the receiver before it notices counts as well
        assertTrue(odd.written() < 3L * (50 << 20), () -> odd.written() + " bytes read");
    }

    @Test
    void deliversOverConnectionsThatAreClosedWithoutAWord() throws Exception {
        var target = gateway.target("hasty");
        target.report(numbered("hasty-", 30));
        soon().until(() -> new TreeSet<>(ODD.get("hasty").ids()).size() == 30);
        soon().until(target::isDone);
    }

    @Test
    void deliversWhenTheReceiverIsThereAgain() throws Exception {
        var target = gateway.target("coming");
        target.report("coming-1");
        soon().until(() ->
                target.waiting().stream().anyMatch(message -> "unreachable".equals(property(message, "lastStatus"))));
        try (var downstream = new Downstream(portOfComing)) {
            soon().until(() -> downstream.calls().size() == 1);
            soon().until(target::isDone);
        }
    }

    private static String times(int count, String delay) {
        return String.join(", ", Collections.nCopies(count, delay));
    }

    private static String property(Message message, String name) {
        try {
            return message.getStringProperty(name);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("home")
    void trustsWhoIsInTheTrustStoreUnderItsOwnNameOnly() throws Exception {
        gateway.target("trusted").report("trusted");
        soon().until(() -> trusted.calls().size() == 1);
        soon().until(gateway.target("trusted")::isDone);

        var target = gateway.target("misnamed");
        target.report("misnamed");
        soon().until(() -> target.browse(target.deadQueue()).size() == 1);
        assertEquals("tls", target.take(target.deadQueue()).get(0).getStringProperty("lastStatus"));
        assertEquals(List.of(), misnamed.calls());
    }

    @Test
    void followsNoRedirectNotEvenToItsOwnManagement() throws Exception {
        var target = gateway.target("redirecting");
        var downstream = target.downstream();
        try (var witness = new Downstream()) {
            var management = target.gateway().managementUri("/observe/metrics").toString();
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                for (var location : new String[] {witness.url(), management}) {
                    downstream.answers(Answer.of(status).with("Location", location));
                    target.report("redirected-" + status + location.length());
                    soon().until(() -> target.browse(target.deadQueue()).size() == 1);
                    assertEquals(
                            "redirected", target.take(target.deadQueue()).get(0).getStringProperty("reason"));
                }
            }
            assertEquals(10, downstream.calls().size());
            assertEquals(List.of(), witness.calls());
            soon().until(target::isDone);
        }
    }

    @Test
    void losesNothingWhenTheBrokerIsRestartedInTheMiddle() throws Exception {
        try (var broker = new OwnBroker(folder).start();
                var downstream = new Downstream()) {
            try (var own = TargetGateway.at(broker)) {
                var target = own.add("restarted", downstream).set("retry", times(20, "100ms"));
                own.start();
                downstream.otherwise(call -> Answer.of(downstream.calls().size() % 10 == 0 ? 503 : 200));
                target.report(numbered("restarted-", 300));
                soon().until(() -> downstream.calls().size() >= 50);
                broker.stop();
                broker.start();
                soon().until(() -> new TreeSet<>(downstream.ids()).size() == 300);
                soon().until(target::isDone);
                // a delivery whose end the broker did not see is made again
                assertTrue(
                        downstream.calls().size() <= 300 + 120,
                        () -> downstream.calls().size() + " calls");
            }
        }
    }

    @Test
    void triesAgainWhatCannotBePaused() throws Exception {
        try (var broker = new OwnBroker(folder)
                        .edit(
                                "<permission type=\"manage\" roles=\"gateway,operator\"/>",
                                "<permission type=\"manage\" roles=\"operator\"/>")
                        .start();
                var downstream = new Downstream()) {
            try (var own = TargetGateway.at(broker)) {
                var target = own.add("unpausable", downstream);
                own.start();
                downstream.answers(Answer.of(410));
                target.report("unpausable");
                soon().until(() -> downstream.calls().size() == 2);
                soon().until(target::isDone);
            }
        }
    }

    @Test
    void losesNothingWhenTheBrokerRefusesToKeepAFailedEvent() throws Exception {
        var forbidden = "<security-setting match=\"%s\"><permission type=\"send\" roles=\"operator\"/>"
                + "<permission type=\"consume\" roles=\"gateway,operator\"/>"
                + "<permission type=\"browse\" roles=\"gateway,operator\"/></security-setting>";
        try (var broker = new OwnBroker(folder)
                        .edit(
                                "<security-settings>",
                                "<security-settings>" + forbidden.formatted("sms.retry.#")
                                        + forbidden.formatted("sms.dead.#"))
                        .edit("<max-redelivery-delay>60000<", "<max-redelivery-delay>1000<")
                        .start();
                var downstream = new Downstream()) {
            try (var own = TargetGateway.at(broker)) {
                var target = own.add("forbidden", downstream);
                own.start();
                downstream.otherwise(call -> Answer.of(503));
                target.report(numbered("forbidden-", 3));
                soon().until(() -> downstream.calls().size() >= 6);
                downstream.otherwise(call -> Answer.of(302));
                soon().until(() -> downstream.calls().size() >= 9);
                soon().until(() -> target.backlog() == 3);
                assertEquals(
                        1, logged("Target forbidden failed 5 times in a row").size(), "it is left in peace");
                downstream.otherwise(call -> Answer.of(200));
                soon().until(() -> target.backlog() == 0);
                assertEquals(3, new TreeSet<>(downstream.ids()).size());
            }
        }
    }

    @Test
    void handsEventsOverToAnotherQueueOnceEach() throws Exception {
        var target = gateway.target("esb");
        target.report("esb-1", "esb-2");
        target.buffered("esb-3");
        soon().until(() -> target.browse(HANDED_OVER).size() == 2);
        soon().until(target::isDone);
        var handedOver = target.browse(HANDED_OVER);
        // as if the gateway had ended between the other broker's word and its own broker's
        var elsewhere = "sms.test.of-somebody-else";
        target.sendAgain(handedOver.get(0), target.queue(), Map.of("CAMELJMSDESTINATIONNAME", elsewhere));
        target.report("esb-4");
        soon().until(() -> target.count(HANDED_OVER) == 3);
        soon().until(target::isDone);
        assertEquals(List.of(), target.browse(elsewhere), "a message has no say in where it goes");
        var ids = new TreeSet<String>();
        for (var message : target.take(HANDED_OVER)) {
            assertTrue(ids.add(message.getStringProperty("eventId")), "twice");
            assertEquals(message.getJMSCorrelationID(), message.getStringProperty("messageId"));
            assertEquals("sms.delivery-report", message.getJMSType());
            assertEquals(
                    EventAssert.JSON.readTree(message.getText()).get("id").asText(),
                    message.getStringProperty("eventId"));
        }
        assertEquals(3, ids.size());
    }

    @Test
    void handsEventsOverToAnotherBrokerWhenItIsThereAgain() throws Exception {
        var target = gateway.target("esb-away");
        target.report(numbered("away-", 3));
        soon().until(() ->
                target.waiting().stream().anyMatch(message -> "unreachable".equals(property(message, "lastStatus"))));
        otherBroker.start();
        soon().until(() -> otherBroker.count("events.of-an-esb") == 3);
        soon().until(target::isDone);
        assertEquals(3, otherBroker.take("events.of-an-esb").size());
        otherBroker.stop();
        target.report(numbered("away-again-", 3));
        soon().until(() -> !target.waiting().isEmpty());
        otherBroker.start();
        soon().until(() -> otherBroker.count("events.of-an-esb") == 3);
        soon().until(target::isDone);
        var received = otherBroker.take("events.of-an-esb");
        var ids = new TreeSet<String>();
        for (var message : received) {
            ids.add(message.getStringProperty("eventId"));
            assertEquals(EVENT_PROPERTIES, TestTarget.propertiesOf(message), "nothing of the attempts before");
        }
        assertEquals(3, ids.size());
        assertEquals(3, received.size());
    }

    /** A key store with a certificate of that address, signed by itself. */
    private static Path store(String address, String name) throws Exception {
        var file = stores.resolve(name + ".p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        name,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:" + address,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .redirectErrorStream(true)
                .start();
        var said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, made.waitFor(), said);
        // a certificate that is trusted stands alone, without its key
        var keys = KeyStore.getInstance(file.toFile(), STORE_PASSWORD.toCharArray());
        keys.setCertificateEntry(name + "-trusted", keys.getCertificate(name));
        try (var out = Files.newOutputStream(file)) {
            keys.store(out, STORE_PASSWORD.toCharArray());
        }
        return file;
    }

    private static SSLContext tls(Path store) throws Exception {
        var password = STORE_PASSWORD.toCharArray();
        return SSLContexts.custom().loadKeyMaterial(store, password, password).build();
    }
}
