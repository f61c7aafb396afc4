package org.smscallbacks.operator;

import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.smscallbacks.broker.BrokerFiles;
import org.smscallbacks.config.BrokerKeys;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.w3c.dom.Element;

/**
 * Where an operator finds the gateway's broker, and as whom.
 *
 * @param url the broker's URL
 * @param user the user; it needs what the role <code>operator</code> may do in the shipped <code>broker.xml</code>
 * @param password the user's password
 * @param unrecognised the queue of unrecognised events
 * @param replay the queue in which such events are on their way through their provider's route again
 * @param refused the queue of what consumers have rejected
 */
public record BrokerAccess(
        String url, String user, String password, String unrecognised, String replay, String refused) {

    private static final String OPERATOR = "operator";
    private static final String TCP = "tcp://";

    /**
     * As the gateway's configuration says: the user <code>operator</code> at the first TCP acceptor of an embedded broker, the
     * gateway's own user at any other.
     *
     * @throws ConfigurationException when it does not say
     */
    public static BrokerAccess of(BrokerKeys configured) {
        var broker = configured.broker();
        if (!broker.isEmbedded()) {
            return at(broker.url(), broker.user(), broker.password(), configured.queues());
        }
        var files = new BrokerFiles(configured.folder());
        var password = files.passwordOf(OPERATOR);
        if (password == null) {
            throw new ConfigurationException(configured.folder().resolve("broker-users.properties") + " has no user "
                    + OPERATOR + ": add one, with its role in broker-roles.properties, or name another");
        }
        return at(acceptorIn(files), OPERATOR, password, configured.queues());
    }

    private static BrokerAccess at(String url, String user, String password, Settings.Queues queues) {
        return new BrokerAccess(url, user, password, queues.unrecognised(), queues.replay(), queues.refused());
    }

    /** Connections that fail soon instead of waiting for a broker that is not there. */
    public ActiveMQConnectionFactory connections() {
        var connections = new ActiveMQConnectionFactory(url, user, password);
        connections.setReconnectAttempts(0);
        return connections;
    }

    @Override
    public String toString() {
        return user + " at " + url;
    }

    private static String acceptorIn(BrokerFiles files) {
        var acceptors = files.document().getElementsByTagNameNS("*", "acceptor");
        for (int i = 0; i < acceptors.getLength(); i++) {
            var acceptor = ((Element) acceptors.item(i)).getTextContent().strip();
            if (acceptor.startsWith(TCP)) {
                return reachable(acceptor);
            }
        }
        throw new ConfigurationException(
                files.xml() + " has no acceptor that begins with " + TCP + ": add one on 127.0.0.1");
    }

    /** What the acceptor's options mean is the broker's business, but for TLS. */
    private static String reachable(String acceptor) {
        var question = acceptor.indexOf('?');
        var address = question < 0 ? acceptor : acceptor.substring(0, question);
        var url = address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
        return acceptor.contains("sslEnabled=true") ? url + "?sslEnabled=true" : url;
    }
}
