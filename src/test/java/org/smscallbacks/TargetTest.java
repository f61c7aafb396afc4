package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.TestTarget.numbered;
import static org.smscallbacks.TestTarget.soon;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.Downstream.Answer;
import org.smscallbacks.Downstream.Call;

/** What reaches an HTTP target, and what its answers do. */
@Tag("targets")
@ParameterizedClass
@EnumSource
class TargetTest {

    @Parameter
    private TargetGateway.Way way;

    private static final Set<String> HEADERS = Set.of(
            "host",
            "connection",
            "user-agent",
            "content-type",
            "content-length",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature");

    private static final String QUERY = "/a%2Fb/c%20d?token=x%2By%26z&q=a+b%C4%8D&empty=";

    private static TargetGateway gateway;

    /** Lines of the log from before, with targets of the same names. */
    private static int before;

    @BeforeParameterizedClassInvocation
    static void start(TargetGateway.Way way) throws Exception {
        gateway = TargetGateway.taking(way);
        for (var name : List.of(
                "webhook",
                "signed-anew",
                "answers",
                "refusing",
                "asking",
                "asking-nonsense",
                "slow",
                "healthy",
                "large")) {
            gateway.add(name);
        }
        gateway.add("twin");
        gateway.add("twin-retry");
        gateway.add("steered").set("retry", "100ms");
        gateway.add("copied");
        gateway.copyRouteFile("webhook", "copied", text -> text);
        gateway.add("edited");
        gateway.copyRouteFile("webhook", "edited", TargetTest::withAnotherBody);
        gateway.add("in-two-steps");
        gateway.copyRouteFile(
                "webhook", "in-two-steps", text -> text.replace("name: call-target", "name: call-in-two-steps"));
        gateway.addRoutes("call-in-two-steps", "routing/deliver", TargetTest::inTwoSteps);
        gateway.add("as-it-is")
                .set("secret", TargetGateway.SECRET + "," + TargetGateway.OTHER_SECRET)
                .set("header.X-Tenant", "tenant 7")
                .set("basic", "gateway:" + TestGateway.PASSWORD);
        var asWritten = gateway.add("as-written").set("concurrency", "1");
        asWritten.set("url", asWritten.downstream().url().replace("/events", QUERY));
        gateway.add("patient").set("retry-interim", "1h");
        gateway.add("exhausting").set("retry", "100ms, 100ms").set("retry-interim", "100ms");
        gateway.add("trying-once").set("retry", "none");
        gateway.add("asking-too-little").set("retry", "1h");
        gateway.add("failing").set("retry", "2s, 100ms, 100ms, 100ms, 100ms, 100ms, 100ms");
        gateway.add("hanging").set("retry", "none");
        gateway.start();
        before = Home.CHOSEN.log().size();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    @AfterEach
    void drain() throws Exception {
        gateway.gateway().queues().drain();
    }

    private static List<String> logged(String words) throws IOException {
        return Home.CHOSEN.log().stream()
                .skip(before)
                .filter(line -> line.contains(words))
                .toList();
    }

    @Test
    void getsAgainWhatItCouldNotTake() throws Exception {
        var target = gateway.target("webhook");
        var downstream = target.downstream();
        downstream.answers(503, 503);
        target.report("taken-in-the-end");
        target.buffered("taken-in-the-end");
        soon().until(() -> downstream.calls().size() == 4);
        soon().until(target::isDone);
    }

    /** The request and the call as two steps, for those who have more between them. */
    private static String inTwoSteps(String routes) {
        var steps = """
                        - process:
                            id: call-target-request
                            ref: webhookRequest
                        - toD:
                            id: call-target-post
                            uri: http:${variable.target}?httpClientConfigurer=#client-${variable.target}&throwExceptionOnFailure=false&ignoreResponseBody=true
                """;
        var first = routes.substring(0, routes.indexOf("- route:\n    id: retry-event"));
        var edited = first.replaceFirst(
                " +- process:\n +id: call-target-post\n.*\n +ref: webhookCall\n", Matcher.quoteReplacement(steps));
        assertTrue(edited.contains("webhookRequest"), edited);
        return edited.replace("call-target", "call-in-two-steps");
    }

    private static String withAnotherBody(String routes) {
        var step = """
                        - setBody:
                            id: $1-body
                            expression:
                              language:
                                language: jslt
                                expression: '{"only": .data.messageId}'
                """;
        return routes.replaceAll("(?m)^ +- to:\n +id: (\\S+)-call$", step + "$0");
    }

    @Test
    void hasQueuesOfItsOwnWhateverOthersAreCalled() throws Exception {
        var target = gateway.target("twin");
        target.downstream().answers(503);
        target.report("of-the-twin");
        soon().until(() -> target.downstream().calls().size() == 2);
        soon().until(target::isDone);
        var other = gateway.target("twin-retry");
        other.report("of-the-other");
        soon().until(() -> other.downstream().calls().size() == 1);
        soon().until(other::isDone);
    }

    /** Who may send to the queues of the gateway still has no say in where it sends. */
    @Test
    void waitsAndDiesInItsOwnQueuesWhateverTheMessageSays() throws Exception {
        var target = gateway.target("steered");
        target.report("steered");
        soon().until(() -> target.downstream().calls().size() == 1);
        var message = gateway.gateway().queues().drain().get(0).message();
        target.downstream().answers(503, 503);
        var elsewhere = "sms.dead.of-somebody-else";
        target.sendAgain(
                message,
                target.queue(),
                Map.of(
                        "CamelJmsDestinationName", elsewhere,
                        "camelJmsDestinationName", elsewhere,
                        "CAMELJMSDESTINATIONNAME", elsewhere,
                        "CamelJmsDestination", elsewhere));
        soon().until(() -> target.browse(target.deadQueue()).size() == 1);
        target.take(target.deadQueue());
        assertEquals(3, target.downstream().calls().size());
        assertEquals(List.of(), target.browse(elsewhere));
    }

    /** As they were made before targets could do without. */
    @Test
    void canHaveACopyOfTheRouteFile() throws Exception {
        var target = gateway.target("copied");
        var downstream = target.downstream();
        downstream.answers(503, 503);
        target.report("by-a-copy");
        target.buffered("by-a-copy");
        soon().until(() -> downstream.calls().size() == 4);
        soon().until(target::isDone);
    }

    @Test
    void hasTheRoutesOfAFileOfItsName() throws Exception {
        var target = gateway.target("edited");
        var downstream = target.downstream();
        target.report("by-its-own-file");
        soon().until(() -> downstream.calls().size() == 1);
        soon().until(target::isDone);
        assertEquals(
                EventAssert.JSON.readTree("{\"only\":\"by-its-own-file\"}"),
                EventAssert.JSON.readTree(downstream.calls().get(0).body()));
    }

    @Test
    @Tag("home")
    void getsTheEventAsItIsInTheQueueWithHeadersOfItsOwn() throws Exception {
        var target = gateway.target("as-it-is");
        var downstream = target.downstream();
        target.report("as-it-is");
        target.buffered("as-it-is");
        soon().until(() -> downstream.calls().size() == 2);
        soon().until(target::isDone);

        var called = new HashMap<String, String>();
        for (var call : downstream.calls()) {
            assertEquals("POST", call.method());
            assertEquals("/events", call.path());
            assertEquals("application/cloudevents+json; charset=UTF-8", call.header("content-type"));
            assertEquals("sms-callback-routes", call.header("user-agent"));
            assertEquals("tenant 7", call.header("x-tenant"));
            assertTrue(call.header("authorization").startsWith("Basic "), "basic");
            var names = new TreeSet<>(HEADERS);
            names.addAll(Set.of("x-tenant", "authorization"));
            assertEquals(names, call.headers().keySet());
            var signatures = call.header("webhook-signature").split(" ");
            assertEquals(2, signatures.length);
            verify(TargetGateway.SECRET, call, signatures[0]);
            verify(TargetGateway.OTHER_SECRET, call, signatures[1]);
            assertThrows(
                    WebhookVerificationException.class, () -> verify(TargetGateway.OTHER_SECRET, call, signatures[0]));
            called.put(call.id(), call.body());
        }
        var stored = new HashMap<String, String>();
        for (var received : target.gateway().queues().drain()) {
            stored.put(EventAssert.eventIn(received).get("id").asText(), received.text());
        }
        assertEquals(stored, called);
    }

    private static void verify(String secret, Call call, String signature) throws WebhookVerificationException {
        var headers = new HashMap<>(call.headers());
        headers.put("webhook-signature", List.of(signature));
        new Webhook(secret).verify(call.body(), headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signed-anew", "in-two-steps"})
    void getsTheSameAgainSignedAnew(String name) throws Exception {
        var target = gateway.target(name);
        var downstream = target.downstream();
        downstream.answers(503).otherwise(call -> {
            if (downstream.calls().size() == 2) {
                // so that the attempt after this one cannot have its time
                long second = timestamp(call);
                soon().until(() -> Instant.now().getEpochSecond() > second);
                return Answer.of(500);
            }
            return Answer.of(200);
        });
        target.report("again");
        soon().until(() -> downstream.calls().size() == 3);
        soon().until(target::isDone);
        var calls = downstream.calls();
        for (var call : calls) {
            assertEquals(calls.get(0).id(), call.id());
            assertEquals(calls.get(0).body(), call.body());
            assertEquals(HEADERS, call.headers().keySet(), "nothing of the queues in the call");
            verify(TargetGateway.SECRET, call, call.header("webhook-signature"));
        }
        assertTrue(timestamp(calls.get(2)) > timestamp(calls.get(1)));
        assertNotEquals(calls.get(1).header("webhook-signature"), calls.get(2).header("webhook-signature"));
    }

    private static long timestamp(Call call) {
        return Long.parseLong(call.header("webhook-timestamp"));
    }

    @Test
    void isCalledAtItsUrlAsItIsWrittenOnConnectionsThatAreUsedAgain() throws Exception {
        var target = gateway.target("as-written");
        var downstream = target.downstream();
        for (int i = 0; i < 5; i++) {
            target.report("as-written-" + i);
        }
        soon().until(() -> downstream.calls().size() == 5);
        soon().until(target::isDone);
        assertEquals(Set.of(QUERY), downstream.calls().stream().map(Call::path).collect(Collectors.toSet()));
        assertEquals(
                1, downstream.calls().stream().map(Call::connection).distinct().count());
    }

    @Test
    void getsWhatItsPatternsSay() throws Exception {
        var patterns = Map.of(
                "of-all-types", "*",
                "of-default", "",
                "of-inbound", "sms.inbound-message",
                "of-undelivered", "sms.delivery-report:undelivered",
                "of-final", "*:final",
                "of-interim", "sms.delivery-report:interim",
                "of-provider", "*@infobip",
                "of-account", "sms.*@bulkgate/fix*",
                "of-several", "sms.link-click, *:buffered");
        try (var own = TargetGateway.taking(way);
                var downstream = new Downstream()) {
            for (var pattern : patterns.entrySet()) {
                var name = pattern.getKey();
                own.add(name, downstream.url().replace("events", name))
                        .set("events", pattern.getValue())
                        .set("concurrency", "1");
            }
            var gateway = own.start().gateway();
            gateway.post(
                    "bulkgate",
                    "[{\"status\":\"1\",\"smsID\":\"final\"},{\"status\":\"2\",\"smsID\":\"buffered\"},"
                            + "{\"status\":\"3\",\"smsID\":\"undelivered\"},{\"status\":\"10\",\"smsID\":\"inbound\","
                            + "\"from\":\"BANKA\",\"message\":\"a reply\"}]");
            gateway.post("webcom-mobi", "[{\"id_sms\":\"interim\",\"state\":\"send\"}]");
            gateway.post(
                    "infobip", "{\"notificationType\":\"CLICKED\",\"messageId\":\"click\",\"recipient\":\"SHOP\"}");
            gateway.post("infobip", "{\"odd\":\"unrecognised\"}");
            gateway.post(
                    gateway.uri("/callbacks/bulkgate/fixtures?token=" + TestGateway.TOKEN),
                    "[{\"status\":\"1\",\"smsID\":\"elsewhere\"}]".getBytes(StandardCharsets.UTF_8));

            var all = Set.of(
                    "final", "buffered", "undelivered", "inbound", "interim", "click", "unrecognised", "elsewhere");
            var understood = new TreeSet<>(all);
            understood.remove("unrecognised");
            var expected = Map.of(
                    "of-all-types", all,
                    "of-default", understood,
                    "of-inbound", Set.of("inbound"),
                    "of-undelivered", Set.of("undelivered"),
                    "of-final", Set.of("final", "undelivered", "elsewhere"),
                    "of-interim", Set.of("buffered", "interim"),
                    "of-provider", Set.of("click", "unrecognised"),
                    "of-account", Set.of("elsewhere"),
                    "of-several", Set.of("click", "buffered"));
            var most = expected.values().stream().mapToInt(Set::size).sum();
            soon().until(() -> downstream.calls().size() >= most);
            for (var name : patterns.keySet()) {
                soon().until(own.target(name)::isDone);
            }
            var got = new HashMap<String, Set<String>>();
            for (var call : downstream.calls()) {
                var data = EventAssert.JSON.readTree(call.body()).get("data");
                var id = data.path("messageId")
                        .asText(data.path("raw").path("odd").asText());
                got.computeIfAbsent(call.path().substring(1), path -> new TreeSet<>())
                        .add(id);
            }
            assertEquals(expected, got);
            assertEquals(most, downstream.calls().size(), "each once");
        }
    }

    @Test
    void decidesByItsAnswerWhatHappensNext() throws Exception {
        var target = gateway.target("answers");
        for (int status : new int[] {200, 201, 202, 204, 299}) {
            assertEquals(1, callsAnswered(target, status), () -> "called once with " + status);
        }
        for (int status : new int[] {408, 425, 429, 500, 502, 503, 504, 599}) {
            assertEquals(2, callsAnswered(target, status, 200), () -> "tried again after " + status);
            assertEquals(List.of(), logged("Target answers answers " + status));
        }
        for (int status : new int[] {401, 403, 404, 402, 405, 409, 418, 600}) {
            assertEquals(2, callsAnswered(target, status, 200), () -> "tried again after " + status);
            var warning = logged("Target answers answers " + status);
            assertEquals(1, warning.size(), () -> "a warning of " + status);
            assertTrue(warning.get(0).contains("WARN") && warning.get(0).contains("sms.target.answers.url"));
        }
        for (int status : new int[] {400, 413, 415, 422}) {
            assertEquals(2, callsAnswered(target, status, 200), () -> "once more after " + status);
        }
    }

    /** How many calls there are for one event, until it is delivered. */
    private static int callsAnswered(TestTarget target, int... statuses) throws Exception {
        var downstream = target.downstream();
        downstream.forget();
        downstream.answers(statuses);
        target.report("answered-" + statuses[0]);
        soon().until(() -> downstream.calls().size() >= statuses.length);
        soon().until(target::isDone);
        return downstream.calls().size();
    }

    @Test
    void leavesWhatItRefusesAsDeadLetters() throws Exception {
        var target = gateway.target("refusing");
        for (int status : new int[] {301, 302, 303, 304, 307, 308}) {
            var dead = deadAfter(target, status);
            assertEquals("redirected", dead.getStringProperty("reason"));
            assertEquals(1, dead.getIntProperty("attempts"));
            var hint = logged("Target refusing answers " + status + ", a redirect");
            assertTrue(hint.get(0).contains("WARN") && hint.get(0).contains("sms.target.refusing.url"));
        }
        for (int status : new int[] {400, 413, 415, 422}) {
            var dead = deadAfter(target, status, status);
            assertEquals("refused", dead.getStringProperty("reason"));
            assertEquals(2, dead.getIntProperty("attempts"));
        }
    }

    /** The dead letter of an event whose calls are answered so. */
    private static TextMessage deadAfter(TestTarget target, int... statuses) throws Exception {
        var downstream = target.downstream();
        downstream.forget();
        downstream.answers(statuses);
        var before = System.currentTimeMillis();
        target.report("dead-after-" + statuses[0]);
        soon().until(() -> target.browse(target.deadQueue()).size() == 1);
        assertEquals(statuses.length, downstream.calls().size());
        var dead = target.take(target.deadQueue()).get(0);
        assertEquals(String.valueOf(statuses[statuses.length - 1]), dead.getStringProperty("lastStatus"));
        keepsWhatTheContractSays(dead, before);
        assertEquals(target.retryQueue(), dead.getStringProperty("returnTo"));
        soon().until(target::isDone);
        return dead;
    }

    private static void keepsWhatTheContractSays(TextMessage dead, long before) throws Exception {
        assertEquals(
                Set.of(
                        "eventId",
                        "eventType",
                        "provider",
                        "account",
                        "status",
                        "final",
                        "messageId",
                        "attempts",
                        "firstFailedAt",
                        "lastFailedAt",
                        "lastStatus",
                        "returnTo",
                        "reason",
                        "deadAt"),
                TestTarget.propertiesOf(dead));
        assertTrue(dead.getObjectProperty("final") instanceof Boolean, "final");
        assertTrue(dead.getObjectProperty("attempts") instanceof Integer, "attempts");
        for (var time : new String[] {"firstFailedAt", "lastFailedAt", "deadAt"}) {
            assertTrue(dead.getObjectProperty(time) instanceof Long, time);
        }
        assertTrue(before <= dead.getLongProperty("firstFailedAt"), "firstFailedAt");
        assertTrue(dead.getLongProperty("firstFailedAt") <= dead.getLongProperty("lastFailedAt"), "lastFailedAt");
        assertTrue(dead.getLongProperty("lastFailedAt") <= dead.getLongProperty("deadAt"), "deadAt");
        assertEquals("sms.delivery-report", dead.getJMSType());
        assertEquals(dead.getStringProperty("messageId"), dead.getJMSCorrelationID());
        assertEquals(DeliveryMode.PERSISTENT, dead.getJMSDeliveryMode());
        assertEquals(0, dead.getJMSExpiration());
        var event = EventAssert.JSON.readTree(dead.getText());
        assertEquals(event.get("id").asText(), dead.getStringProperty("eventId"));
        assertEquals(event.get("data").get("status").asText(), dead.getStringProperty("status"));
    }

    @Test
    void waitsInTheOrderOfItsTimeHoweverUrgentItIs() throws Exception {
        var target = gateway.target("patient");
        var downstream = target.downstream();
        downstream.otherwise(call -> Answer.of(503));
        target.buffered("patient");
        soon().until(() -> target.browse("sms.retry.2h").size() == 1);
        // an urgent one that is not due yet would keep the others from being looked at
        assertEquals(4, priorityOf(target.take("sms.retry.2h").get(0)));
    }

    @Test
    void givesUpWhenTheScheduleIsOver() throws Exception {
        var target = gateway.target("exhausting");
        var downstream = target.downstream();
        downstream.otherwise(call -> Answer.of(503));
        var before = System.currentTimeMillis();
        target.report("exhausted");
        soon().until(() -> target.browse(target.deadQueue()).size() == 1);
        assertEquals(3, downstream.calls().size());
        // a success in between: this is not about a target that fails for long
        downstream.answers(200);
        target.report("between");
        soon().until(() -> downstream.calls().size() == 4);
        target.buffered("exhausted-sooner");
        soon().until(() -> target.browse(target.deadQueue()).size() == 2);
        assertEquals(6, downstream.calls().size());

        var dead = target.take(target.deadQueue());
        var last = dead.stream().filter(message -> priorityOf(message) == 4).findFirst();
        var interim = dead.stream().filter(message -> priorityOf(message) == 9).findFirst();
        for (var message : List.of(last.orElseThrow(), interim.orElseThrow())) {
            keepsWhatTheContractSays(message, before);
            assertEquals("exhausted", message.getStringProperty("reason"));
            assertEquals("503", message.getStringProperty("lastStatus"));
        }
        assertEquals(3, last.get().getIntProperty("attempts"));
        assertEquals(target.retryQueue(), last.get().getStringProperty("returnTo"));
        assertEquals(2, interim.get().getIntProperty("attempts"));
        assertEquals(target.urgentQueue(), interim.get().getStringProperty("returnTo"));
        assertEquals(2, logged("Target exhausting: event ").size());
        soon().until(target::isDone);
    }

    private static int priorityOf(Message message) {
        try {
            return message.getJMSPriority();
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void triesOnceWithoutASchedule() throws Exception {
        var target = gateway.target("trying-once");
        var downstream = target.downstream();
        downstream.answers(400);
        target.report("once");
        soon().until(() -> target.browse(target.deadQueue()).size() == 1);
        assertEquals("exhausted", target.take(target.deadQueue()).get(0).getStringProperty("reason"));
        assertEquals(1, downstream.calls().size());
    }

    @Test
    void waitsAsLongAsItAsksFor() throws Exception {
        var target = gateway.target("asking");
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
        var hour = Instant.now().plus(Duration.ofHours(1));
        asksFor(target, "60", Duration.ofSeconds(60), "sms.retry.2m");
        asksFor(target, "6000", Duration.ofSeconds(6000), "sms.retry.2h");
        asksFor(target, "86400", Duration.ofHours(12), "sms.retry.10h");
        asksFor(target, "99999999999999999999", Duration.ofHours(12), "sms.retry.10h");
        asksFor(target, date.format(Instant.now().plus(Duration.ofDays(400))), Duration.ofHours(12), "sms.retry.10h");
        var message = asked(target, date.format(hour), "sms.retry.2h");
        assertEquals(hour.getEpochSecond() * 1000, message.getLongProperty("dueAt"));
    }

    private static void asksFor(TestTarget target, String retryAfter, Duration wait, String queue) throws Exception {
        var before = System.currentTimeMillis();
        var message = asked(target, retryAfter, queue);
        long failedAt = message.getLongProperty("lastFailedAt");
        assertTrue(before <= failedAt);
        assertTrue(message.getLongProperty("dueAt") >= failedAt + wait.toMillis(), retryAfter);
        assertTrue(message.getLongProperty("dueAt") <= System.currentTimeMillis() + wait.toMillis(), retryAfter);
    }

    /** The event that waits there because of this answer. */
    private static TextMessage asked(TestTarget target, String retryAfter, String queue) throws Exception {
        var downstream = target.downstream();
        downstream.forget();
        downstream.answers(Answer.of(429).with("Retry-After", retryAfter));
        target.report("asked-" + retryAfter.hashCode());
        soon().until(() -> target.waiting().size() == 1);
        var message = target.take(queue).get(0);
        assertEquals(1, message.getIntProperty("attempts"));
        assertEquals("429", message.getStringProperty("lastStatus"));
        assertFalse(message.propertyExists("reason"));
        assertFalse(message.propertyExists("_AMQ_DUPL_ID"));
        assertEquals(1, downstream.calls().size());
        soon().until(target::isDone);
        return message;
    }

    @Test
    void waitsNoLessThanItsScheduleSays() throws Exception {
        var target = gateway.target("asking-too-little");
        var downstream = target.downstream();
        downstream.answers(Answer.of(503).with("Retry-After", "1"));
        target.report("too-little");
        soon().until(() -> target.waiting().size() == 1);
        var message = target.take("sms.retry.2h").get(0);
        assertTrue(message.getLongProperty("dueAt")
                >= message.getLongProperty("lastFailedAt") + Duration.ofHours(1).toMillis());
        soon().until(target::isDone);
    }

    @Test
    void takesNoNoticeOfARetryAfterThatMakesNoSense() throws Exception {
        var target = gateway.target("asking-nonsense");
        var downstream = target.downstream();
        for (var nonsense : new String[] {"banana", "-5", "1.5", "", "Sun, 06 Nov 1994 08:49:37 GMT", "P1D"}) {
            downstream.forget();
            downstream.answers(Answer.of(503).with("Retry-After", nonsense));
            target.report("nonsense-" + nonsense.hashCode());
            soon().until(() -> downstream.calls().size() == 2);
            soon().until(target::isDone);
        }
    }

    @Test
    @Tag("home")
    void getsABufferedReportWhileManyOthersWait() throws Exception {
        var target = gateway.target("slow");
        var downstream = target.downstream();
        var buffered = new CountDownLatch(1);
        downstream.otherwise(call -> {
            if (call.body().contains("\"buffered\"")) {
                buffered.countDown();
            } else {
                reached(buffered);
            }
            return Answer.of(200);
        });
        target.report(numbered("slow-", 40));
        soon().until(() -> downstream.calls().size() == 8);
        target.buffered("urgent");
        reached(buffered);
        soon().until(() -> downstream.calls().size() == 41);
        soon().until(target::isDone);
        assertEquals(41, new TreeSet<>(downstream.ids()).size(), "each once");
    }

    private static void reached(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS), "somebody waits for what never comes");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void isTriedByOneEventAtATimeWhileItFails() throws Exception {
        var target = gateway.target("failing");
        var downstream = target.downstream();
        downstream.otherwise(call -> Answer.of(503));
        target.report(numbered("failing-", 5));
        soon().until(() -> downstream.calls().size() >= 5);
        soon().until(() -> logged("Target failing failed 5 times in a row").size() == 1);
        downstream.mostAtOnce();
        int before = downstream.calls().size();
        downstream.otherwise(call -> {
            takeTime();
            return Answer.of(503);
        });
        target.report(numbered("failing-more-", 20));
        soon().until(() -> downstream.calls().size() >= before + 2);
        assertEquals(1, downstream.mostAtOnce());
        assertTrue(target.health().contains("failing: failing, one event at a time"), target.health());

        downstream.otherwise(call -> Answer.of(200));
        soon().until(target::isDone);
        assertEquals(25, new TreeSet<>(downstream.ids()).size());
        assertEquals(1, logged("Target failing answers again").size());
        assertTrue(target.health().contains("failing: delivering"), target.health());
    }

    /** So that another call would come meanwhile, if it could. */
    private static void takeTime() {
        LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    }

    @Test
    void isNotHurtByAnotherThatNeverAnswers() throws Exception {
        var hanging = gateway.target("hanging");
        var healthy = gateway.target("healthy");
        var end = new CountDownLatch(1);
        hanging.downstream().otherwise(call -> {
            reached(end);
            return Answer.of(200);
        });
        hanging.report(numbered("hanging-", 50));
        soon().until(() -> hanging.downstream().calls().size() == 8);
        healthy.report(numbered("healthy-", 50));
        soon().until(() -> healthy.downstream().calls().size() == 50);
        assertEquals(50, hanging.backlog(), "while nothing of these was delivered");
        end.countDown();
        soon().until(hanging::isDone);
        soon().until(healthy::isDone);
    }

    @Test
    void getsALargeEventAfterARetryAsWell() throws Exception {
        var target = gateway.target("large");
        var downstream = target.downstream();
        downstream.answers(503);
        var filler = "large ".repeat(60_000);
        target.post("[{\"status\":\"1\",\"smsID\":\"large\",\"filler\":\"" + filler + "\"}]");
        soon().until(() -> downstream.calls().size() == 2);
        soon().until(target::isDone);
        var stored = target.gateway().queues().drain().get(0).text();
        assertTrue(stored.contains(filler));
        assertEquals(
                List.of(stored, stored),
                downstream.calls().stream().map(Call::body).toList());
    }
}
