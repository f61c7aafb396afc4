package org.smscallbacks.broker;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.postoffice.Binding;
import org.apache.activemq.artemis.core.postoffice.impl.DivertBinding;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.AddressInfo;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;

/** The addresses of the embedded broker: what stands between a message and a queue there. */
final class BrokerAddresses {

    private final ActiveMQServer server;
    private final Map<String, SimpleString> addresses = new ConcurrentHashMap<>();

    BrokerAddresses(ActiveMQServer server) {
        this.server = server;
    }

    SimpleString address(String name) {
        return addresses.computeIfAbsent(name, SimpleString::of);
    }

    /** The queue of this name; it is made when there is none. */
    Queue queue(String name) throws Exception {
        var address = address(name);
        if (server.locateQueue(address) == null) {
            createQueue(address);
        }
        return server.locateQueue(address);
    }

    /**
     * Sees to it that there is room, and a queue wherever this message goes; true when it is none's fault that no queue has it: a divert
     * leaves nothing of it for its own address, or it is for subscribers, and there are none.
     */
    boolean prepareWay(CoreMessage message) throws Exception {
        var address = message.getAddressSimpleString();
        refuseIfFull(address);
        if (message.getRoutingType() == RoutingType.MULTICAST) {
            createTopic(address);
            return true;
        }
        boolean isDivertedAway = false;
        for (var binding : bindingsOf(address)) {
            if (binding instanceof DivertBinding divert) {
                for (var forward :
                        divert.getDivert().getForwardAddress().toString().split(",")) {
                    bindingsOf(address(forward.strip()));
                }
                var filter = divert.getFilter();
                isDivertedAway |= divert.isExclusive() && (filter == null || filter.match(message));
            }
        }
        return isDivertedAway;
    }

    private Collection<Binding> bindingsOf(SimpleString address) throws Exception {
        var bindings = server.getPostOffice().lookupBindingsForAddress(address);
        if (bindings == null || !bindings.hasLocalBinding()) {
            createQueue(address);
            bindings = server.getPostOffice().lookupBindingsForAddress(address);
        }
        return bindings.getBindings();
    }

    /** A client would be kept waiting, or its message dropped. */
    private void refuseIfFull(SimpleString address) throws Exception {
        var paging = server.getPagingManager();
        var store = paging.getPageStore(address);
        if (paging.isDiskFull()) {
            throw new IOException("the broker takes nothing more until its disk is less full than max-disk-usage in"
                    + " broker.xml says, which it looks at every "
                    + server.getConfiguration().getDiskScanPeriod() + " ms");
        }
        boolean pages = store.getAddressFullMessagePolicy() == AddressFullMessagePolicy.PAGE;
        if (store.isPageFull() || store.isFull() && !pages) {
            throw new IOException(
                    "the broker takes nothing more for " + address + ": a limit in broker.xml is reached");
        }
    }

    private void createQueue(SimpleString address) throws Exception {
        var settings = server.getAddressSettingsRepository().getMatch(address.toString());
        if (!settings.isAutoCreateAddresses() || !settings.isAutoCreateQueues()) {
            throw new ActiveMQException("there is no queue " + address + ", and broker.xml lets none be made");
        }
        server.createQueue(
                QueueConfiguration.of(address)
                        .setRoutingType(RoutingType.ANYCAST)
                        .setAutoCreated(true),
                true);
    }

    private void createTopic(SimpleString address) throws Exception {
        if (server.getAddressInfo(address) != null) {
            return;
        }
        if (!server.getAddressSettingsRepository().getMatch(address.toString()).isAutoCreateAddresses()) {
            throw new ActiveMQException("there is no topic " + address + ", and broker.xml lets none be made");
        }
        server.addOrUpdateAddressInfo(new AddressInfo(address, RoutingType.MULTICAST).setAutoCreated(true));
    }
}
