package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.TargetGateway.numbered;
import static org.smscallbacks.TargetGateway.soon;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smscallbacks.Downstream.Answer;
import org.smscallbacks.config.Settings;

/** Receivers, networks and brokers that fail in the middle: no event is lost, and each says in a word what was wrong. */
class TargetFaultTest {

    static final String STORE_PASSWORD = "password-of-the-trust-store";

    private static final Set<String> EVENT_PROPERTIES =
            Set.of("eventId", "eventType", "provider", "account", "status", "final", "messageId", "_AMQ_DUPL_ID");

    @TempDir
    private Path folder;

    private Path routes;

    @BeforeEach
    void makeRoom() throws Exception {
        routes = Files.createDirectory(folder.resolve("routes"));
        TestGateway.shared().queues().drain();
    }

    @AfterEach
    void drain() throws Exception {
        TestGateway.shared().queues().drain();
    }

    @Test
    void saysInAWordWhatWasWrong() throws Exception {
        var nobody = "http://127.0.0.1:" + TestGateway.freePort() + "/events?token=" + TestGateway.PASSWORD;
        try (var mute = new OddDownstream(OddDownstream.NEVER_ANSWERS);
                var slow = new OddDownstream(OddDownstream.NEVER_ENDS_THE_HEADERS);
                var resetting = new OddDownstream(OddDownstream.RESETS_IN_THE_HEADERS);
                var mail = new OddDownstream(OddDownstream.SPEAKS_SMTP);
                var secure = Downstream.withTls(tls(store("127.0.0.1", "of-nobody")))) {
            var words = new HashMap<String, String>();
            words.put("word-refused", "unreachable");
            words.put("word-unknown", "unreachable");
            words.put("word-mute", "timeout");
            words.put("word-slow", "timeout");
            words.put("word-resetting", "broken");
            words.put("word-mail", "broken");
            words.put("word-secure", "tls");
            try (var target = TargetGateway.of(routes, "word-refused", nobody)
                    .withTarget("word-unknown", "http://no-such-host.invalid/")
                    .withTarget("word-mute", mute.url())
                    .withTarget("word-slow", slow.url())
                    .withTarget("word-resetting", resetting.url())
                    .withTarget("word-mail", mail.url())
                    .withTarget("word-secure", secure.url())) {
                for (var name : words.keySet()) {
                    target.gateway()
                            .set("sms.target." + name + ".retry", "none")
                            .set("sms.target." + name + ".concurrency", "1");
                    if (words.get(name).equals("timeout")) {
                        target.gateway().set("sms.target." + name + ".timeout", "1s");
                    }
                }
                target.start();
                target.report("word");
                var said = new HashMap<String, String>();
                for (var name : words.keySet()) {
                    soon().until(() -> target.browse("sms.dead." + name).size() == 1);
                    var dead = target.take("sms.dead." + name).get(0);
                    assertEquals("exhausted", dead.getStringProperty("reason"));
                    said.put(name, dead.getStringProperty("lastStatus"));
                }
                assertEquals(words, said);
                assertEquals(List.of(), secure.calls());
            }
        }
    }

    @Test
    void takesTheStatusForTheAnswerWhateverBecomesOfTheRest() throws Exception {
        try (var trickling = new OddDownstream(OddDownstream.NEVER_ENDS_THE_BODY);
                var breaking = new OddDownstream(OddDownstream.BREAKS_THE_BODY);
                var flooding = new OddDownstream(OddDownstream.SENDS_100_MB)) {
            try (var target = TargetGateway.of(routes, "trickling", trickling.url())
                    .withTarget("breaking", breaking.url())
                    .withTarget("flooding", flooding.url())
                    .start()) {
                target.report(numbered("rest-", 3));
                for (var name : new String[] {"trickling", "breaking", "flooding"}) {
                    soon().until(() -> target.count("sms.target." + name) == 0);
                }
                soon().until(target::isDone);
                for (var odd : List.of(trickling, breaking, flooding)) {
                    assertEquals(3, odd.ids().size());
                    assertEquals(3, new TreeSet<>(odd.ids()).size());
                }
                // what the kernel takes from the receiver before it notices counts as well
                assertTrue(flooding.written() < 3L * (50 << 20), () -> flooding.written() + " bytes read");
            }
        }
    }

    @Test
    void deliversOverConnectionsThatAreClosedWithoutAWord() throws Exception {
        try (var hasty = new OddDownstream(OddDownstream.HANGS_UP);
                var target = TargetGateway.of(routes, "hasty", hasty.url())
                        .set("retry", "100ms, 100ms, 100ms, 100ms, 100ms, 100ms, 100ms, 100ms, 100ms")
                        .start()) {
            target.report(numbered("hasty-", 30));
            soon().until(() -> new TreeSet<>(hasty.ids()).size() == 30);
            soon().until(target::isDone);
        }
    }

    @Test
    void deliversWhenTheReceiverIsThereAgain() throws Exception {
        int port = TestGateway.freePort();
        try (var target = TargetGateway.of(routes, "coming", "http://127.0.0.1:" + port + "/")
                .set("retry", times(100, "2s"))
                .start()) {
            target.report("coming-1");
            soon().until(() -> target.waiting().stream()
                    .anyMatch(message -> "unreachable".equals(property(message, "lastStatus"))));
            try (var downstream = new Downstream(port)) {
                soon().until(() -> downstream.calls().size() == 1);
                soon().until(target::isDone);
            }
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
    void trustsWhoIsInTheTrustStoreUnderItsOwnNameOnly() throws Exception {
        var store = store("127.0.0.1", "of-the-receiver");
        var elsewhere = store("127.0.0.2", "of-another-address");
        try (var downstream = Downstream.withTls(tls(store));
                var impostor = Downstream.withTls(tls(elsewhere));
                var target = TargetGateway.of(routes, "trusted", downstream.url())
                        .set("trust-store", store.toString())
                        .set("trust-store-password", STORE_PASSWORD)
                        .withTarget("misnamed", impostor.url())) {
            target.gateway()
                    .set("sms.target.misnamed.trust-store", elsewhere.toString())
                    .set("sms.target.misnamed.trust-store-password", STORE_PASSWORD)
                    .set("sms.target.misnamed.retry", "none");
            target.start();
            target.report("trusted");
            soon().until(() -> downstream.calls().size() == 1);
            soon().until(() -> target.browse("sms.dead.misnamed").size() == 1);
            assertEquals("tls", target.take("sms.dead.misnamed").get(0).getStringProperty("lastStatus"));
            assertEquals(List.of(), impostor.calls());
            soon().until(target::isDone);
        }
    }

    @Test
    void followsNoRedirectNotEvenToItsOwnManagement() throws Exception {
        try (var witness = new Downstream();
                var downstream = new Downstream()) {
            try (var target =
                    TargetGateway.of(routes, "redirecting", downstream.url()).start()) {
                var management =
                        target.gateway().managementUri("/observe/metrics").toString();
                for (int status : new int[] {301, 302, 303, 307, 308}) {
                    for (var location : new String[] {witness.url(), management}) {
                        downstream.answers(Answer.of(status).with("Location", location));
                        target.report("redirected-" + status + location.length());
                        soon().until(() -> target.browse(target.deadQueue()).size() == 1);
                        assertEquals(
                                "redirected",
                                target.take(target.deadQueue()).get(0).getStringProperty("reason"));
                    }
                }
                assertEquals(10, downstream.calls().size());
                assertEquals(List.of(), witness.calls());
                soon().until(target::isDone);
            }
        }
    }

    @Test
    void losesNothingWhenTheBrokerIsRestartedInTheMiddle() throws Exception {
        try (var broker = new OwnBroker(folder).start();
                var downstream = new Downstream()) {
            try (var target = TargetGateway.of(routes, "restarted", downstream.url(), broker)
                    .set("retry", times(20, "100ms"))
                    .start()) {
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
            try (var target = TargetGateway.of(routes, "unpausable", downstream.url(), broker)
                    .start()) {
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
            try (var target = TargetGateway.of(routes, "forbidden", downstream.url(), broker)
                    .start()) {
                downstream.otherwise(call -> Answer.of(503));
                target.report(numbered("forbidden-", 3));
                soon().until(() -> downstream.calls().size() >= 6);
                downstream.otherwise(call -> Answer.of(302));
                soon().until(() -> downstream.calls().size() >= 12);
                soon().until(() -> target.backlog() == 3);
                downstream.otherwise(call -> Answer.of(200));
                soon().until(() -> target.backlog() == 0);
                assertEquals(3, new TreeSet<>(downstream.ids()).size());
            }
        }
    }

    @Test
    void handsEventsOverToAnotherQueueOnceEach() throws Exception {
        var broker = TestGateway.shared();
        try (var target = TargetGateway.shipped(routes, "esb", "tcp://127.0.0.1:" + broker.brokerPort())
                .set("basic", "operator:" + Settings.DEMO_SECRET)
                .set("queue", "sms.test.of-an-esb")
                .set("events", "sms.delivery-report:final")) {
            target.start();
            target.report("esb-1", "esb-2");
            target.buffered("esb-3");
            soon().until(() -> target.browse("sms.test.of-an-esb").size() == 2);
            soon().until(target::isDone);
            var handedOver = target.browse("sms.test.of-an-esb");
            // as if the gateway had ended between the other broker's word and its own broker's
            target.sendAgain(handedOver.get(0), target.queue());
            target.report("esb-4");
            soon().until(() -> target.count("sms.test.of-an-esb") == 3);
            soon().until(target::isDone);
            var ids = new TreeSet<String>();
            for (var message : target.take("sms.test.of-an-esb")) {
                assertTrue(ids.add(message.getStringProperty("eventId")), "twice");
                assertEquals(message.getJMSCorrelationID(), message.getStringProperty("messageId"));
                assertEquals("sms.delivery-report", message.getJMSType());
                assertEquals(
                        EventAssert.JSON.readTree(message.getText()).get("id").asText(),
                        message.getStringProperty("eventId"));
            }
            assertEquals(3, ids.size());
        }
    }

    @Test
    void handsEventsOverToAnotherBrokerWhenItIsThereAgain() throws Exception {
        try (var other = new OwnBroker(folder)) {
            try (var target = TargetGateway.shipped(routes, "esb", other.url())
                    .set("retry", times(100, "2s"))
                    .set("basic", "operator:" + Settings.DEMO_SECRET)
                    .set("queue", "events.of-an-esb")) {
                target.start();
                target.report(numbered("away-", 3));
                soon().until(() -> target.waiting().stream()
                        .anyMatch(message -> "unreachable".equals(property(message, "lastStatus"))));
                other.start();
                soon().until(() -> other.count("events.of-an-esb") == 3);
                soon().until(target::isDone);
                assertEquals(3, other.take("events.of-an-esb").size());
                other.stop();
                target.report(numbered("away-again-", 3));
                soon().until(() -> !target.waiting().isEmpty());
                other.start();
                soon().until(() -> other.count("events.of-an-esb") == 3);
                soon().until(target::isDone);
                var received = other.take("events.of-an-esb");
                var ids = new TreeSet<String>();
                for (var message : received) {
                    ids.add(message.getStringProperty("eventId"));
                    assertEquals(
                            EVENT_PROPERTIES, TargetGateway.propertiesOf(message), "nothing of the attempts before");
                }
                assertEquals(3, ids.size());
                assertEquals(3, received.size());
            }
        }
    }

    /** A key store with a certificate of that address, signed by itself. */
    private Path store(String address, String name) throws Exception {
        var file = folder.resolve(name + ".p12");
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
