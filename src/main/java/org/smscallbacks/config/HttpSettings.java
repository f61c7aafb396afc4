package org.smscallbacks.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * Where callbacks arrive.
 *
 * @param host the address that is listened on
 * @param port the port
 * @param maxBody the largest body read, in bytes
 * @param bodyTimeout how long a body may take to arrive and to be read
 * @param trustedProxies whose X-Forwarded-For is believed
 * @param publicUrl the scheme and host that providers call; empty for what a request says of itself
 */
public record HttpSettings(
        String host, int port, long maxBody, Duration bodyTimeout, AddressRanges trustedProxies, String publicUrl) {

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
