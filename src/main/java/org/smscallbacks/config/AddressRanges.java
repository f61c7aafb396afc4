package org.smscallbacks.config;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** A list of IP addresses and CIDR ranges, such as <code>203.0.113.0/24, 2001:db8::/32, 198.51.100.7</code>. */
public final class AddressRanges {

    private final List<IpSubnetFilterRule> rules;

    private AddressRanges(List<IpSubnetFilterRule> rules) {
        this.rules = rules;
    }

    /**
     * Reads a comma-separated list; empty text is an empty list.
     *
     * @throws IllegalArgumentException that names the first part that is no address or range
     */
    public static AddressRanges parse(String text) {
        var rules = new ArrayList<IpSubnetFilterRule>();
        for (var part : text.split(",")) {
            var range = part.strip();
            if (!range.isEmpty()) {
                rules.add(rule(range));
            }
        }
        if (rules.isEmpty() && !text.isBlank()) {
            throw new IllegalArgumentException("lists no address");
        }
        return new AddressRanges(List.copyOf(rules));
    }

    private static IpSubnetFilterRule rule(String range) {
        int slash = range.indexOf('/');
        var address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? range : range.substring(0, slash));
        if (address != null) {
            try {
                int bits = slash < 0 ? address.length * 8 : Integer.parseInt(range.substring(slash + 1));
                return new IpSubnetFilterRule(InetAddress.getByAddress(address), bits, IpFilterRuleType.ACCEPT);
            } catch (UnknownHostException | IllegalArgumentException e) {
                // said below
            }
        }
        throw new IllegalArgumentException("has a part that is no IP address or CIDR range: " + range);
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    public boolean contains(InetAddress address) {
        if (address == null) {
            return false;
        }
        var socket = new InetSocketAddress(address, 0);
        return rules.stream().anyMatch(rule -> rule.matches(socket));
    }

    /** The address written in the text, or null; never asks a name server. */
    public static InetAddress addressOf(String text) {
        var bytes = NetUtil.createByteArrayFromIpAddressString(text.strip());
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
