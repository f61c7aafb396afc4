package org.smscallbacks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.smscallbacks.config.Settings;

/**
 * A gateway with targets of its own, which need no more than a URL. Each has an account of its own, whose events it gets, so that the
 * tests of a class can share the gateway.
 */
final class TargetGateway implements AutoCloseable {

    static final String SECRET = secret("of the target that tests");
    static final String OTHER_SECRET = secret("which takes over after it");
    static final String QUICK = "100ms, 100ms, 100ms";

    private final TestGateway gateway;
    private final ActiveMQConnectionFactory operator;
    private final RoutesCopy routes;
    private final Map<String, TestTarget> targets = new HashMap<>();
    private final List<Downstream> downstreams = new ArrayList<>();

    private TargetGateway(TestGateway gateway, ActiveMQConnectionFactory operator) throws IOException {
        this.gateway = gateway;
        this.operator = operator;
        this.routes = RoutesCopy.in(gateway.folder().resolve("routes"));
        gateway.set("sms.routes", "file:" + routes.folder());
    }

    /** How its routes take from their queues. */
    enum Way {
        /** From its own embedded broker, without a client. */
        IN_PROCESS,
        /** From a broker that is not its own, with a client of JMS. */
        JMS
    }

    /** One that takes this way. */
    static TargetGateway taking(Way way) throws Exception {
        return way == Way.JMS ? atTheSharedBroker() : withItsOwnBroker();
    }

    private static TargetGateway withItsOwnBroker() throws Exception {
        var gateway = TestGateway.embedded();
        return new TargetGateway(gateway, gateway.operator());
    }

    /** At the broker that all tests share: no other test has a target of the same name. */
    static TargetGateway atTheSharedBroker() throws Exception {
        var shared = TestGateway.shared();
        return new TargetGateway(TestGateway.withBrokerAt(shared.brokerPort()), shared.operator());
    }

    /** At a broker of its own. */
    static TargetGateway at(OwnBroker broker) throws Exception {
        return new TargetGateway(TestGateway.withBrokerAt(broker.port()), broker.operator());
    }

    private static String secret(String words) {
        return "whsec_" + Base64.getEncoder().encodeToString(words.getBytes(StandardCharsets.UTF_8));
    }

    /** One more target, with a receiver of its own. */
    TestTarget add(String name) throws IOException {
        var downstream = new Downstream();
        downstreams.add(downstream);
        return add(name, downstream);
    }

    /** One more target, whose receiver is the caller's. */
    TestTarget add(String name, Downstream downstream) {
        return addWebhook(name, downstream.url(), downstream);
    }

    /** One more target, with a receiver that is no {@link Downstream}, or none. */
    TestTarget add(String name, String url) {
        return addWebhook(name, url, null);
    }

    private TestTarget addWebhook(String name, String url, Downstream downstream) {
        return add(name, url, downstream)
                .set("secret", SECRET)
                .set("retry-interim", "100ms")
                .set("timeout", "2m");
    }

    /** One more target that hands over to the queue of a broker, which needs a route file. */
    TestTarget addHandingOver(String name, String brokerUrl, String queue) throws IOException {
        copyRouteFile("esb", name, text -> text);
        return add(name, brokerUrl, (Downstream) null)
                .set("basic", "operator:" + Settings.DEMO_SECRET)
                .set("queue", queue);
    }

    /** Gives a target a route file of its own, made as a user makes one: a copy of a shipped one with the name replaced. */
    void copyRouteFile(String shipped, String name, UnaryOperator<String> change) throws IOException {
        var file = routes.folder().resolve("targets/" + shipped + ".camel.yaml");
        var text = change.apply(Files.readString(file));
        Files.writeString(file.resolveSibling(name + ".camel.yaml"), text.replace(shipped, name));
    }

    /** Gives the routes one more file, made of a shipped one. */
    void addRoutes(String name, String shipped, UnaryOperator<String> change) throws IOException {
        var text = Files.readString(routes.folder().resolve(shipped + ".camel.yaml"));
        Files.writeString(routes.folder().resolve(name + ".camel.yaml"), change.apply(text));
    }

    private TestTarget add(String name, String url, Downstream downstream) {
        gateway.set("sms.account." + TestTarget.PROVIDER + "." + name + ".token", TestGateway.TOKEN);
        var target = new TestTarget(name, gateway, operator, downstream);
        targets.put(name, target);
        return target.set("url", url)
                .set("events", "sms.delivery-report@" + TestTarget.PROVIDER + "/" + name)
                .set("retry", QUICK);
    }

    /** One that was added. */
    TestTarget target(String name) {
        return targets.get(name);
    }

    TargetGateway start() throws Exception {
        gateway.start();
        return this;
    }

    TestGateway gateway() {
        return gateway;
    }

    @Override
    public void close() {
        gateway.close();
        operator.close();
        downstreams.forEach(Downstream::close);
    }
}
