package org.smscallbacks;

import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueRequestor;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.smscallbacks.broker.EmbeddedBroker;
import org.smscallbacks.config.Settings;

/** A broker beside the one the tests share, with the shipped configuration; it comes and goes. */
final class OwnBroker implements AutoCloseable {

    private static final String IN_VM = "<acceptor name=\"in-vm\">vm://0</acceptor>";
    private static final int MOST_LOOKS = 600;
    private static final long A_MOMENT = 100;

    private final Path folder;
    private final int port = TestGateway.freePort();
    private final AtomicInteger diskFailures = new AtomicInteger();
    private final Properties system = new Properties();
    private EmbeddedBroker broker;

    /** @param folder for its data and configuration */
    OwnBroker(Path folder) throws IOException {
        this.folder = folder;
        TestGateway.copyConfig(folder, port);
        // the in-VM acceptor belongs to the gateway the other tests share
        edit(IN_VM, "");
    }

    /** With a <code>broker.xml</code> of before, from the resources. */
    OwnBroker of(String resource) throws IOException {
        try (var file = OwnBroker.class.getResourceAsStream("/" + resource)) {
            var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(folder.resolve("broker.xml"), text.replace("61616", String.valueOf(port)));
        }
        return edit(IN_VM, "");
    }

    OwnBroker edit(String old, String now) throws IOException {
        var file = folder.resolve("broker.xml");
        var text = Files.readString(file);
        if (!text.contains(old)) {
            throw new IllegalArgumentException("broker.xml has no " + old);
        }
        Files.writeString(file, text.replace(old, now));
        return this;
    }

    OwnBroker set(String key, String value) {
        system.setProperty(key, value);
        return this;
    }

    OwnBroker start() {
        system.putIfAbsent("sms.broker.data", folder.resolve("data").toString());
        system.setProperty("sms.broker.password", TestGateway.BROKER_PASSWORD);
        broker = EmbeddedBroker.start(Settings.load(folder, Map.of(), system), diskFailures::incrementAndGet);
        return this;
    }

    void stop() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }

    /** The broker, while it runs. */
    EmbeddedBroker broker() {
        return broker;
    }

    /** How often its disk has failed. */
    int diskFailures() {
        return diskFailures.get();
    }

    int port() {
        return port;
    }

    String url() {
        return "tcp://127.0.0.1:" + port;
    }

    /** How many messages are in a queue. */
    int count(String queue) throws JMSException {
        try (var factory = operator();
                var context = factory.createContext();
                var browser = context.createBrowser(context.createQueue(queue))) {
            return Collections.list(browser.getEnumeration()).size();
        } catch (InvalidDestinationException e) {
            return 0;
        }
    }

    /** What is in a queue, and stays there; nothing when there is none. */
    List<Message> browse(String queue) throws JMSException {
        try (var factory = operator();
                var context = factory.createContext();
                var browser = context.createBrowser(context.createQueue(queue))) {
            var messages = new ArrayList<Message>();
            browser.getEnumeration().asIterator().forEachRemaining(message -> messages.add((Message) message));
            return messages;
        } catch (InvalidDestinationException e) {
            return List.of();
        }
    }

    /** How many connections others have to it. */
    long connections() throws Exception {
        try (var factory = operator();
                var connection = factory.createQueueConnection()) {
            connection.start();
            var session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            var request = session.createMessage();
            JMSManagementHelper.putAttribute(request, ResourceNames.BROKER, "connectionCount");
            var reply = new QueueRequestor(session, session.createQueue("activemq.management")).request(request);
            return ((Number) JMSManagementHelper.getResult(reply)).longValue() - 1;
        }
    }

    /** Takes all that is in a queue. */
    List<TextMessage> take(String queue) {
        try (var factory = operator();
                var context = factory.createContext();
                var consumer = context.createConsumer(context.createQueue(queue))) {
            var taken = new ArrayList<TextMessage>();
            for (int looks = 0; looks < MOST_LOOKS; ) {
                var message = waitsIn(queue) ? consumer.receive(A_MOMENT) : consumer.receiveNoWait();
                if (message != null) {
                    taken.add((TextMessage) message);
                } else if (waitsIn(queue)) {
                    // it was given back, and is given again after a while
                    looks++;
                } else {
                    break;
                }
            }
            return taken;
        }
    }

    private boolean waitsIn(String queue) {
        var name = queue.substring(queue.lastIndexOf(':') + 1);
        var located = broker.server().locateQueue(name);
        return located != null && located.getMessageCount() > 0;
    }

    ActiveMQConnectionFactory operator() {
        return new ActiveMQConnectionFactory(url(), "operator", Settings.DEMO_SECRET);
    }

    @Override
    public void close() {
        stop();
    }
}
