package dev.parlo.engine.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A timer whose time stands still until a test moves it. */
final class ManualTimer implements PoolTimer {
    private record Due(Instant at, long order, Runnable task) {}

    private final List<Due> due = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long orders;

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized Alarm after(Duration delay, Runnable task) {
        Due entry = new Due(now.plus(delay), orders++, task);
        due.add(entry);
        return () -> {
            synchronized (this) {
                due.remove(entry);
            }
        };
    }

    /** Moves the time and runs what became due, each at its own time. */
    void advance(Duration by) {
        Instant end = now().plus(by);
        while (true) {
            Due next;
            synchronized (this) {
                next =
                        due.stream()
                                .filter(entry -> !entry.at.isAfter(end))
                                .min(Comparator.comparing(Due::at).thenComparing(Due::order))
                                .orElse(null);
                if (next == null) {
                    now = now.isAfter(end) ? now : end;
                    return;
                }
                due.remove(next);
                now = next.at.isAfter(now) ? next.at : now;
            }
            next.task.run();
        }
    }

    synchronized int pending() {
        return due.size();
    }
}
