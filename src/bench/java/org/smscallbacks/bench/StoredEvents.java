package org.smscallbacks.bench;

import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;

/** Events as the gateway stores them, to fill queues with. */
final class StoredEvents {

    private StoredEvents() {}

    private static final String EVENT = """
            {"specversion":"1.0","id":"%s","source":"/callbacks/infobip/demo","type":"sms.delivery-report","subject":"%1$s",\
            "time":"2026-03-29T10:15:06.402Z","receivedat":"2026-03-29T10:15:07.001Z","datacontenttype":"application/json",\
            "dataschema":"/schemas/sms-event.v1.json","data":{"provider":"infobip","account":"demo","messageId":"%1$s",\
            "bulkId":"BULK-ID-123-xyz","to":"+385915550101","status":"delivered","final":true,\
            "providerStatus":{"code":"5","name":"DELIVERED_TO_HANDSET","group":"DELIVERED"},\
            "sentAt":"2026-03-29T10:15:02.118Z","doneAt":"2026-03-29T10:15:06.402Z","parts":1,"raw":%s}}""";

    /** With this id, of the event and of the message. */
    static TextMessage message(Session session, String id) throws JMSException {
        var raw = new String(new Reports(id, 1).body(0), StandardCharsets.UTF_8);
        var message = session.createTextMessage(EVENT.formatted(id, raw));
        message.setJMSType("sms.delivery-report");
        message.setJMSCorrelationID(id);
        message.setStringProperty("eventId", id);
        message.setStringProperty("eventType", "sms.delivery-report");
        message.setStringProperty("provider", "infobip");
        message.setStringProperty("account", "demo");
        message.setStringProperty("messageId", id);
        message.setStringProperty("status", "delivered");
        message.setBooleanProperty("final", true);
        return message;
    }
}
