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
    private static final int MOST_REFUSED = 64;

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
        return connections > 0 ? connections : mostConnections(freeDescriptors());
    }

    /**
     * Beyond the limit of the process accept() itself fails, and no client gets an answer: a
     * request needs a second file for its upload, and clients that are refused need theirs a moment
     * longer.
     */
    static int mostConnections(long freeDescriptors) {
        return (int)
                Math.clamp(
                        (freeDescriptors - mostRefused(freeDescriptors)) / 2,
                        FEWEST_CONNECTIONS,
                        MOST_CONNECTIONS);
    }

    /** Refused connections that may stay for a moment beside those that are served. */
    int mostRefused() {
        return mostRefused(freeDescriptors());
    }

    static int mostRefused(long freeDescriptors) {
        return (int) Math.clamp(freeDescriptors / 16, 1, MOST_REFUSED);
    }

    private static long freeDescriptors() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
