package org.smscallbacks.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.FileDeploymentManager;
import org.apache.activemq.artemis.core.config.impl.FileConfiguration;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Ports;
import org.smscallbacks.config.Settings;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What an operator writes for the embedded broker, in the configuration's folder: <code>broker.xml</code>,
 * <code>broker-users.properties</code> and <code>broker-roles.properties</code>. Every method throws a {@link ConfigurationException}
 * that names the file when it cannot be used.
 */
public final class BrokerFiles {

    private static final String USERS = "broker-users.properties";
    private static final String ROLES = "broker-roles.properties";

    /** The role of the gateway itself; it must be allowed to send, consume and create queues. */
    private static final String GATEWAY_ROLE = "gateway";

    private final Path folder;

    public BrokerFiles(Path folder) {
        this.folder = folder;
    }

    /** The broker's configuration. */
    public Path xml() {
        return folder.resolve("broker.xml");
    }

    /**
     * What is written in <code>broker.xml</code>.
     *
     * @throws ConfigurationException when it cannot be read, or is no XML; says in which line
     */
    public Document document() {
        var file = xml();
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            var builder = factory.newDocumentBuilder();
            // the parser's own would print on stderr, beside what is said here
            builder.setErrorHandler(new DefaultHandler());
            return builder.parse(file.toFile());
        } catch (SAXParseException e) {
            throw new ConfigurationException(file + " line " + e.getLineNumber() + ": " + e.getMessage());
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new ConfigurationException("cannot read " + file.toAbsolutePath());
        }
    }

    /** The addresses and queues that are named there. */
    public Set<String> queues() {
        var names = new TreeSet<String>();
        for (var element : List.of("address", "queue")) {
            var found = document().getElementsByTagNameNS("*", element);
            for (int i = 0; i < found.getLength(); i++) {
                names.add(((Element) found.item(i)).getAttribute("name"));
            }
        }
        return names;
    }

    /** The password of a user, or null when there is none of that name. */
    public String passwordOf(String user) {
        return properties(USERS).getProperty(user);
    }

    /** What is configured, with no demo password where others can log in. */
    FileConfiguration configuration() {
        var file = xml();
        if (!Files.isReadable(file)) {
            throw new ConfigurationException("cannot read " + file.toAbsolutePath());
        }
        document();
        var configuration = new FileConfiguration();
        try {
            var deployment = new FileDeploymentManager(file.toUri().toString());
            deployment.addDeployable(configuration);
            deployment.readConfiguration();
        } catch (Exception e) {
            throw new ConfigurationException(file + " is no broker configuration: " + e.getMessage());
        }
        // what Artemis reads again while it runs is only a part, and says nothing of it
        configuration.setConfigurationFileRefreshPeriod(-1);
        boolean hasDemoUsers = properties(USERS).containsValue(Settings.DEMO_SECRET);
        for (var acceptor : configuration.getAcceptorConfigurations()) {
            var host = acceptor.getParams().get(TransportConstants.HOST_PROP_NAME);
            if (host != null && hasDemoUsers && !isLoopback(host.toString())) {
                throw new ConfigurationException(file + ": acceptor " + acceptor.getName()
                        + " is not on loopback, and broker-users.properties still has the demo password, which everybody"
                        + " knows: choose passwords of your own");
            }
        }
        return configuration;
    }

    /** Artemis would only log it. */
    void refuseTakenPorts(Configuration configuration) {
        for (var acceptor : configuration.getAcceptorConfigurations()) {
            var host = acceptor.getParams().get(TransportConstants.HOST_PROP_NAME);
            var port = acceptor.getParams().get(TransportConstants.PORT_PROP_NAME);
            if (host != null && port != null && !Ports.isFree(host.toString(), Integer.parseInt(port.toString()))) {
                throw new ConfigurationException(xml() + ": acceptor " + acceptor.getName() + " cannot listen on "
                        + host + ":" + port + ": stop what uses the port, or choose another");
            }
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The users and their roles, the gateway's own among them. */
    SecurityConfiguration security(String gateway, String gatewayPassword) {
        var security = new SecurityConfiguration();
        properties(USERS).forEach((user, password) -> security.addUser(user.toString(), password.toString()));
        properties(ROLES).forEach((role, members) -> {
            for (var user : members.toString().split(",")) {
                security.addRole(user.strip(), role.toString());
            }
        });
        security.addUser(gateway, gatewayPassword);
        security.addRole(gateway, GATEWAY_ROLE);
        return security;
    }

    private Properties properties(String name) {
        var file = folder.resolve(name);
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return properties;
        } catch (IOException e) {
            throw new ConfigurationException("cannot read " + file.toAbsolutePath());
        }
    }
}
