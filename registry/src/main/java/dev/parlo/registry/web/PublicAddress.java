package dev.parlo.registry.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Tells addresses that anybody on the Internet has from those that only this machine or its network
 * reaches. What is not known to be public is not.
 */
final class PublicAddress {
    private record Range(byte[] start, int bits) {
        static Range of(String text) {
            String[] parts = text.split("/", 2);
            return new Range(
                    InetAddress.ofLiteral(parts[0]).getAddress(), Integer.parseInt(parts[1]));
        }

        boolean contains(byte[] address) {
            if (address.length != start.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (start[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Of IPv4, from IANA's registry of special-purpose addresses. */
    private static final List<Range> SPECIAL_4 =
            ranges(
                    "0.0.0.0/8", // this network
                    "10.0.0.0/8",
                    "100.64.0.0/10", // carriers' NAT; a cloud's metadata too
                    "127.0.0.0/8",
                    "168.63.129.16/32", // a cloud's own service at an address of the Internet
                    "169.254.0.0/16", // link-local, where clouds have their metadata
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.31.196.0/24",
                    "192.52.193.0/24",
                    "192.88.99.0/24", // relays of 6to4
                    "192.168.0.0/16",
                    "192.175.48.0/24",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4"); // reserved, broadcast

    /** All that is routed of IPv6: NAT64, mapped, local and multicast addresses lie outside. */
    private static final List<Range> GLOBAL_6 = ranges("2000::/3");

    /** Within it: protocols (Teredo among them), documentation, and 6to4, which hold IPv4. */
    private static final List<Range> SPECIAL_6 =
            ranges("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

    private PublicAddress() {}

    private static List<Range> ranges(String... texts) {
        return List.of(texts).stream().map(Range::of).toList();
    }

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            return within(GLOBAL_6, bytes) && !within(SPECIAL_6, bytes);
        }
        return !within(SPECIAL_4, bytes);
    }

    private static boolean within(List<Range> ranges, byte[] address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }
}
