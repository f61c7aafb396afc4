package org.smscallbacks.chaos;

import jakarta.jms.QueueRequestor;
import jakarta.jms.Session;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** Asks a live broker, as an operator would, whether another has all that it has. */
final class Replica {

    private Replica() {}

    /** @return true, false, or what is in the way of an answer */
    static Object of(BrokerProcess live) {
        var url = "tcp://" + live.address() + "?callTimeout=5000";
        try (var factory = new ActiveMQConnectionFactory(url, Reader.USER, Reader.PASSWORD);
                var connection = factory.createQueueConnection()) {
            connection.start();
            var session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            var request = session.createMessage();
            JMSManagementHelper.putAttribute(request, ResourceNames.BROKER, "replicaSync");
            var reply = new QueueRequestor(session, session.createQueue("activemq.management")).request(request);
            return JMSManagementHelper.getResult(reply);
        } catch (Exception e) {
            return e;
        }
    }
}
