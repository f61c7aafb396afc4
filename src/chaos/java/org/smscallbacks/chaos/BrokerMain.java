package org.smscallbacks.chaos;

import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/** A broker in a process of its own, with a <code>broker.xml</code>, a user for each role, and its data under the current folder. */
public final class BrokerMain {

    private static final String PASSWORD = "demo-only-not-a-secret";

    private BrokerMain() {}

    /** @param arguments the file */
    public static void main(String[] arguments) throws Exception {
        var users = new SecurityConfiguration();
        for (var role : new String[] {"gateway", "operator", "consumer"}) {
            users.addUser(role, PASSWORD);
            users.addRole(role, role);
        }
        var broker = new EmbeddedActiveMQ();
        broker.setConfigResourcePath(Path.of(arguments[0]).toUri().toString());
        broker.setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users));
        broker.start();
    }
}
