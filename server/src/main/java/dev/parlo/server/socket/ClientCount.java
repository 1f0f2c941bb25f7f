package dev.parlo.server.socket;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many connections each client address has open. Thread-safe. */
public final class ClientCount {
    /** The part of an IPv6 address that names a network: one client has all addresses in it. */
    private static final int NETWORK_BYTES = 8;

    private final ConcurrentMap<String, Integer> open = new ConcurrentHashMap<>();
    private final int most;

    /**
     * @param most of one client; 0 for no limit
     */
    public ClientCount(int most) {
        this.most = most;
    }

    boolean isFull(String client) {
        return most > 0 && open.getOrDefault(client, 0) >= most;
    }

    /** Counts one more; false, and nothing is counted, where the limit is reached. */
    public boolean enter(String client) {
        boolean[] entered = new boolean[1];
        open.compute(
                client,
                (key, count) -> {
                    int now = count == null ? 0 : count;
                    entered[0] = most == 0 || now < most;
                    return entered[0] ? Integer.valueOf(now + 1) : count;
                });
        return entered[0];
    }

    public void leave(String client) {
        open.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Where a connection comes from, as one client. */
    public static String of(SocketAddress address) {
        return address instanceof InetSocketAddress internet && internet.getAddress() != null
                ? of(internet.getAddress())
                : address.toString();
    }

    private static String of(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES))
                : address.getHostAddress();
    }
}
