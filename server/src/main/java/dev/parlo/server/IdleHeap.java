package dev.parlo.server;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Gives the heap's garbage back to the system once nothing runs any more. The serial collector,
 * which the launcher chooses, lets the heap grow to its limit before it looks at large arrays, such
 * as those of long speech, and does nothing while nothing is allocated: a busy hour would be seen
 * in the size of the process for days. Asked at intervals, by one thread.
 */
final class IdleHeap implements Runnable {
    /** A heap of this size is nothing to free. */
    static final long SMALL = 256L << 20;

    private final IntSupplier running;
    private final LongSupplier committed;
    private final Runnable collector;
    private boolean wasIdle;

    /** After the last collection here; the next one is due when the heap has grown by a quarter. */
    private long left;

    /**
     * @param running how many requests and conversations are under way
     * @param committed bytes that the heap takes of the system
     * @param collector collects, and gives back what is free
     */
    IdleHeap(IntSupplier running, LongSupplier committed, Runnable collector) {
        this.running = running;
        this.committed = committed;
        this.collector = collector;
    }

    static IdleHeap of(IntSupplier running) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        return new IdleHeap(running, () -> memory.getHeapMemoryUsage().getCommitted(), memory::gc);
    }

    @Override
    public void run() {
        boolean idle = running.getAsInt() == 0;
        // Idle twice: between two requests of one client there is no need to pause.
        if (idle && wasIdle && committed.getAsLong() > Math.max(SMALL, left + left / 4)) {
            collector.run();
            left = committed.getAsLong();
        }
        wasIdle = idle;
    }
}
