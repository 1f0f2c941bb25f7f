package dev.parlo.engine.admission;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for a turn, and who of them is next: the one who has had the fewest, among equals
 * interactive requests first, then the order of asking. Guarded by the admission's lock.
 */
final class WaitingLine {
    /** How often the one that waits longest lets others pass that came later. */
    static final int PATIENCE = 4;

    /** In the order of asking. */
    private final Set<Waiter> waiting = new LinkedHashSet<>();

    /** How often the one that waits longest has been passed since it did. */
    private int passed;

    /** One thread that waits for a turn. */
    static final class Waiter {
        final Priority priority;
        final Share share;
        final Condition called;
        boolean hasTurn;
        boolean isUrgent;

        Waiter(Priority priority, Share share, Condition called) {
            this.priority = priority;
            this.share = share;
            this.called = called;
        }

        private boolean isBefore(Waiter other) {
            int levels = Integer.compare(share.level(), other.share.level());
            return (levels != 0 ? levels : priority.compareTo(other.priority)) < 0;
        }
    }

    void add(Waiter waiter) {
        waiting.add(waiter);
    }

    int size() {
        return waiting.size();
    }

    /** One gives up waiting. */
    void leave(Waiter waiter) {
        if (!waiting.isEmpty() && waiting.iterator().next() == waiter) {
            passed = 0;
        }
        waiting.remove(waiter);
    }

    /**
     * Takes the next one out of the line; null where nobody may have a turn now.
     *
     * @param free turns that nobody has
     * @param parallel turns that there are
     */
    @Nullable Waiter next(int free, int parallel) {
        if (free <= 0) {
            return null;
        }
        Waiter longest = null;
        Waiter first = null;
        for (Waiter waiter : waiting) {
            if (waiter.share.held() > 0 && free <= keptFree(parallel)) {
                continue;
            }
            longest = longest == null ? waiter : longest;
            first = first == null || waiter.isBefore(first) ? waiter : first;
        }
        // The one that waits longest is due when it was passed often enough: without that a steady
        // stream of short requests would keep a long one waiting for ever.
        if (passed >= PATIENCE) {
            first = longest;
        }
        passed = first == longest ? 0 : passed + 1;
        if (first != null) {
            waiting.remove(first);
        }
        return first;
    }

    /**
     * Takes the next one out of the line of those that need little; null where there are none. Who
     * waits for a turn among all is not passed by that.
     */
    @Nullable Waiter nextShort() {
        Waiter first = null;
        for (Waiter waiter : waiting) {
            if (waiter.share.isShort() && (first == null || waiter.isBefore(first))) {
                first = waiter;
            }
        }
        if (first != null) {
            leave(first);
        }
        return first;
    }

    /** Turns that a request which has some already leaves to those that have none. */
    private static int keptFree(int parallel) {
        return (parallel + 3) / 4;
    }
}
