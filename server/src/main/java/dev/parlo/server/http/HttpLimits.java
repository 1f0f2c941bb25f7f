package dev.parlo.server.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;

/**
 * What clients may take of the server before anything is computed for them.
 *
 * @param connections open at once; 0: as many as open files allow
 * @param headTime that the head of a request may take from its first byte on, and over which the
 *     rate of a body is measured: long enough for a pause in a network
 * @param slowestBytesPerSecond below which the sender of a body is given up; 0: none is
 * @param sendTime for which a client may read nothing of its answer
 * @param jsonBytes largest body of a route that takes no audio in it
 * @param audioBytes largest body of a route that takes audio within JSON or MessagePack
 * @param heldBytes of bodies and messages in memory, all together; 0: an eighth of the heap
 */
public record HttpLimits(
        int connections,
        Duration headTime,
        long slowestBytesPerSecond,
        Duration sendTime,
        long jsonBytes,
        long audioBytes,
        long heldBytes) {
    /** What the settings have unless they are given. */
    public static final HttpLimits USUAL =
            new HttpLimits(
                    0, Duration.ofSeconds(20), 256, Duration.ofSeconds(30), 2L << 20, 64L << 20, 0);

    private static final int MOST_CONNECTIONS = 8192;
    private static final int FEWEST_CONNECTIONS = 16;

    /** Below this not even one request would fit. */
    private static final long LEAST_BUDGET = 8L << 20;

    /** The budget that these limits ask for. */
    public MemoryBudget budget() {
        return new MemoryBudget(
                heldBytes > 0
                        ? heldBytes
                        : Math.max(LEAST_BUDGET, Runtime.getRuntime().maxMemory() / 8));
    }

    /** The number of connections, with 0 replaced. */
    int mostConnections() {
        if (connections > 0) {
            return connections;
        }
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof UnixOperatingSystemMXBean unix) {
            // A request needs a second file for its upload, and models and libraries need some:
            // beyond the limit of the process accept() itself fails and no client gets an answer.
            long free = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount();
            return (int) Math.clamp(free / 2, FEWEST_CONNECTIONS, MOST_CONNECTIONS);
        }
        return MOST_CONNECTIONS;
    }
}
