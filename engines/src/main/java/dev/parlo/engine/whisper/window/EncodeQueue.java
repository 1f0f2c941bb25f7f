package dev.parlo.engine.whisper.window;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.admission.Priority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Windows that wait for the encoder and for a slot: interactive ones first, then in the order in
 * which they came. Thread-safe.
 */
final class EncodeQueue {
    private final Map<Priority, Deque<EncodeTask>> waiting = new EnumMap<>(Priority.class);
    private final Slots slots;
    private boolean closed;

    /** A window with the slot that it may fill. */
    record Turn(EncodeTask task, int slot) {}

    EncodeQueue(int slots) {
        this.slots = new Slots(slots);
        for (Priority priority : Priority.values()) {
            waiting.put(priority, new ArrayDeque<>());
        }
    }

    /**
     * @throws EngineException of category CANCELLED once the queue is closed
     */
    synchronized void check() {
        if (closed) {
            throw closing();
        }
    }

    synchronized void add(EncodeTask task) {
        check();
        of(task.priority()).add(task);
        notifyAll();
    }

    /** Takes a window back that nobody waits for any more. */
    synchronized void remove(EncodeTask task) {
        of(task.priority()).remove(task);
    }

    /** Waits for a window and a slot; null once the queue is closed. */
    synchronized @Nullable Turn next() throws InterruptedException {
        while (!closed) {
            EncodeTask first = slots.isFull() ? null : poll();
            if (first != null) {
                return new Turn(first, slots.take());
            }
            wait();
        }
        return null;
    }

    synchronized int size() {
        return waiting.values().stream().mapToInt(Deque::size).sum();
    }

    synchronized void free(int slot) {
        slots.free(slot);
        notifyAll();
    }

    /** Refuses every window that waits and every further one. */
    void close() {
        Deque<EncodeTask> refused = new ArrayDeque<>();
        synchronized (this) {
            closed = true;
            waiting.values()
                    .forEach(tasks -> {
                        refused.addAll(tasks);
                        tasks.clear();
                    });
            notifyAll();
        }
        refused.forEach(task -> task.encoded().completeExceptionally(closing()));
    }

    private @Nullable EncodeTask poll() {
        for (Deque<EncodeTask> tasks : waiting.values()) {
            EncodeTask task = tasks.poll();
            if (task != null) {
                return task;
            }
        }
        return null;
    }

    private Deque<EncodeTask> of(Priority priority) {
        Deque<EncodeTask> tasks = waiting.get(priority);
        if (tasks == null) {
            throw new IllegalStateException("no queue for " + priority);
        }
        return tasks;
    }

    static EngineException closing() {
        return new EngineException(
                EngineException.Category.CANCELLED, "The model is being unloaded.");
    }
}
