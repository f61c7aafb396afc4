package org.smscallbacks.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where callbacks arrive.
 *
 * @param host the address that is listened on
 * @param port the port
 * @param maxBody the largest body read, in bytes
 * @param trustedProxies whose X-Forwarded-For is believed
 */
public record HttpSettings(String host, int port, long maxBody, AddressRanges trustedProxies) {

    /** Whether only this machine can call. */
    public boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Host and port, as in a URL. */
    public String address() {
        return host + ":" + port;
    }
}
