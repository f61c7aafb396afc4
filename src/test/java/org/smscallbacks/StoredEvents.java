package org.smscallbacks;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.smscallbacks.broker.QueueControl;

/** Puts events into queues as the gateway does, and takes them out again. */
final class StoredEvents implements AutoCloseable {

    static final long DIED = 1_774_780_000_000L;
    static final String NUMBER = "+385915550102";

    private final ActiveMQConnectionFactory connections;
    private final Connection connection;
    private final Session session;
    private final MessageProducer producer;

    StoredEvents(ActiveMQConnectionFactory connections) throws JMSException {
        this.connections = connections;
        connection = connections.createConnection();
        session = connection.createSession(true, Session.SESSION_TRANSACTED);
        producer = session.createProducer(null);
        connection.start();
    }

    static String id(int number) {
        return "%032x".formatted(number);
    }

    static String text(int number) {
        return """
                {"specversion":"1.0","id":"%s","source":"/callbacks/infobip/main","type":"sms.delivery-report","subject":"385000000%03d",\
                "time":"2026-03-29T10:15:04.900Z","receivedat":"2026-03-29T10:15:05.000Z","datacontenttype":"application/json",\
                "dataschema":"/schemas/sms-event.v1.json","data":{"provider":"infobip","account":"main","messageId":"385000000%03d",\
                "to":"%s","from":"Šalter","text":"call 0915550199 or 091 555 01-98 at 2026-03-29T10:15:04Z","status":"expired",\
                "final":true,"price":{"amount":"0.0001000000"},"raw":{"messageId":"385000000%03d","to":385915550102,\
                "text":"(385915550102)","at":"2026-03-29T10:15:04.900Z","385915550102":[1.50,{"385915550103":7}]}}}""".formatted(id(number), number, number, NUMBER, number);
    }

    /** A dead event; what is not said is usual. */
    void dead(String target, int number, String lastStatus, String returnTo) throws JMSException {
        var message = event(text(number), number, "sms.delivery-report");
        message.setStringProperty("messageId", "385000000%03d".formatted(number));
        message.setJMSCorrelationID("385000000%03d".formatted(number));
        message.setStringProperty("status", "expired");
        message.setBooleanProperty("final", true);
        message.setStringProperty("_AMQ_DUPL_ID", UUID.randomUUID().toString());
        message.setIntProperty("attempts", 3);
        message.setLongProperty("firstFailedAt", DIED - 60_000);
        message.setLongProperty("lastFailedAt", DIED);
        message.setLongProperty("deadAt", DIED + number * 1_000L);
        message.setStringProperty("lastStatus", lastStatus);
        message.setStringProperty("reason", lastStatus.equals("422") ? "refused" : "exhausted");
        message.setStringProperty("returnTo", returnTo);
        producer.send(session.createQueue("sms.dead." + target), message, 2, returnTo.endsWith(".urgent") ? 9 : 4, 0);
    }

    /** An event nobody understood, as the gateway keeps it. */
    void unrecognised(int number, String provider, String reason, String raw) throws JMSException {
        var text = """
                {"id":"%s","type":"sms.unrecognised","receivedat":"2026-03-29T10:15:05.000Z","data":{"provider":"%s","account":"main",\
                "reason":"%s",%s}}""".formatted(id(number), provider, reason, raw);
        var message = event(text, number, "sms.unrecognised");
        message.setStringProperty("provider", provider);
        message.setStringProperty("_AMQ_DUPL_ID", UUID.randomUUID().toString());
        producer.send(session.createQueue("sms.unrecognised"), message, 2, 4, 0);
    }

    /**
     * Takes what comes into a queue, as a gateway does, until it has ended and nothing is left, and puts some of it into another.
     *
     * @param every puts back each so-manieth
     */
    void putBack(String from, String to, int every, Map<String, Object> properties, BooleanSupplier ended)
            throws JMSException {
        try (var consumer = session.createConsumer(session.createQueue(from))) {
            int count = 0;
            while (true) {
                boolean last = ended.getAsBoolean();
                if (consumer.receive(50) instanceof TextMessage taken) {
                    if (++count % every == 0) {
                        var message = session.createTextMessage(taken.getText());
                        message.setStringProperty("eventId", taken.getStringProperty("eventId"));
                        for (var property : properties.entrySet()) {
                            message.setObjectProperty(property.getKey(), property.getValue());
                        }
                        producer.send(session.createQueue(to), message);
                    }
                    session.commit();
                } else if (last) {
                    return;
                }
            }
        }
    }

    private TextMessage event(String text, int number, String type) throws JMSException {
        var message = session.createTextMessage(text);
        message.setJMSType(type);
        message.setStringProperty("eventId", id(number));
        message.setStringProperty("eventType", type);
        message.setStringProperty("provider", "infobip");
        message.setStringProperty("account", "main");
        return message;
    }

    void commit() throws JMSException {
        session.commit();
    }

    /** How many events there are to see in a queue: just committed ones come into sight a moment later. */
    int visible(String queue) throws JMSException {
        try (var browser = session.createBrowser(session.createQueue(queue))) {
            return Collections.list(browser.getEnumeration()).size();
        }
    }

    /** Takes everything there is in these queues. */
    List<TextMessage> take(String... queues) throws JMSException {
        var control = new QueueControl(connections);
        var taken = new ArrayList<TextMessage>();
        for (var queue : queues) {
            try (var consumer = session.createConsumer(session.createQueue(queue))) {
                do {
                    for (var message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
                        taken.add((TextMessage) message);
                        // a paged queue hands out only so much before it is committed
                        if (taken.size() % 100 == 0) {
                            session.commit();
                        }
                    }
                    session.commit();
                } while (control.queue(queue).messages() > 0);
            }
        }
        return taken;
    }

    @Override
    public void close() throws JMSException {
        connection.close();
        connections.close();
    }
}
