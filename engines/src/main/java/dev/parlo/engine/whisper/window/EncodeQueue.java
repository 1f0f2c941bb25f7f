package dev.parlo.engine.whisper.window;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.admission.Urgency;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Windows that wait for the encoder and for a slot: urgent ones first, then in the order in which
 * they came. While urgent windows are decoded, which the encoder would slow down, others wait, and
 * for a moment more, since a client that sends one clip after another will ask again; but for no
 * more than some runs of the encoder. Thread-safe.
 */
final class EncodeQueue {
    private final Deque<EncodeTask> urgent = new ArrayDeque<>();
    private final Deque<EncodeTask> others = new ArrayDeque<>();
    private final Slots slots;
    private final Urgency urgency;
    private final LongSupplier nanoTime;
    private boolean closed;

    /** Runs that others have waited for, and since when, while they could have had one. */
    private int passed;

    private long waitingSince;
    private long lastRunNanos;

    /** When the last urgent window was closed. */
    private long calmSince;

    /** Windows that have a slot and are not encoded yet. */
    private int encoding;

    private int encodingUrgent;

    /** A window with the slot that it may fill. */
    record Assignment(EncodeTask task, int slot) {}

    /**
     * @param nanoTime as {@link System#nanoTime}
     */
    EncodeQueue(int slots, Urgency urgency, LongSupplier nanoTime) {
        this.slots = new Slots(slots);
        this.urgency = urgency;
        this.nanoTime = nanoTime;
        calmSince = nanoTime.getAsLong();
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
        if (others.isEmpty()) {
            startWaiting();
        }
        (task.urgent() ? urgent : others).add(task);
        notifyAll();
    }

    /** Takes a window back whose request does not wait for it any more. */
    synchronized void remove(EncodeTask task) {
        (task.urgent() ? urgent : others).remove(task);
    }

    /**
     * Waits for a window and a slot; null once the queue is closed.
     *
     * @param idle is run when no slot is in use and none will be before it has ended
     */
    synchronized @Nullable Assignment next(Runnable idle) throws InterruptedException {
        while (!closed) {
            Assignment next = poll();
            if (next != null) {
                return next;
            }
            if (slots.isEmpty() && size() == 0) {
                idle.run();
            }
            if (others.isEmpty() || slots.isFull()) {
                wait();
            } else { // held back, but not for ever
                wait(1 + TimeUnit.NANOSECONDS.toMillis(heldBackFor()));
            }
        }
        return null;
    }

    /** What {@link #next} would give at once; null where it would wait. */
    synchronized @Nullable Assignment poll() {
        EncodeTask task = slots.isFull() ? null : choose();
        return task == null ? null : begun(task);
    }

    private Assignment begun(EncodeTask task) {
        encoding++;
        encodingUrgent += task.urgent() ? 1 : 0;
        return new Assignment(task, slots.take());
    }

    /** The encoder is done with a window, whatever became of it. */
    synchronized void ended(Assignment done) {
        encoding--;
        encodingUrgent -= done.task().urgent() ? 1 : 0;
    }

    /**
     * A window with those that one run of the encoder may have beside it: of the same urgency, in
     * the slots that follow.
     *
     * @param howMany windows of a run, of so many that there are
     */
    synchronized List<Assignment> together(Assignment first, IntUnaryOperator howMany) {
        List<Assignment> assigned = new ArrayList<>(List.of(first));
        Deque<EncodeTask> same = first.task().urgent() ? urgent : others;
        int beside = Math.min(same.size(), slots.following(first.slot() + 1));
        int count = howMany.applyAsInt(1 + beside);
        while (assigned.size() < count) {
            assigned.add(begun(same.remove()));
        }
        return assigned;
    }

    private @Nullable EncodeTask choose() {
        if (others.isEmpty()) {
            return urgent.poll();
        }
        boolean due = passed >= Urgency.PATIENCE || waited() >= Urgency.PATIENCE * lastRunNanos;
        if (!urgent.isEmpty() && !due) {
            passed++;
            return urgent.poll();
        }
        if (urgent.isEmpty() && !due && areHeldBack()) {
            return null;
        }
        startWaiting();
        return others.poll();
    }

    private boolean areHeldBack() {
        return urgency.isFelt() || calmFor() < moment();
    }

    private long heldBackFor() {
        long patience = Urgency.PATIENCE * lastRunNanos - waited();
        long calm = urgency.isFelt() ? Long.MAX_VALUE : moment() - calmFor();
        return Math.max(0, Math.min(patience, calm));
    }

    private long calmFor() {
        return nanoTime.getAsLong() - calmSince;
    }

    private long moment() {
        return lastRunNanos / 2;
    }

    private void startWaiting() {
        passed = 0;
        waitingSince = nanoTime.getAsLong();
    }

    private long waited() {
        return nanoTime.getAsLong() - waitingSince;
    }

    /** A run of the encoder took so long. */
    synchronized void ran(long nanos) {
        lastRunNanos = nanos;
    }

    /** How long the last run took. */
    synchronized long lastRunNanos() {
        return lastRunNanos;
    }

    /**
     * Whether windows, or urgent ones, are being encoded or will be as soon as the encoder is done
     * with those before them.
     */
    synchronized boolean isCompanyComing(boolean onlyUrgent) {
        if (onlyUrgent) {
            return encodingUrgent > 0 || (!urgent.isEmpty() && !slots.isFull());
        }
        boolean waiting = !urgent.isEmpty() || (!others.isEmpty() && !areHeldBack());
        return encoding > 0 || (waiting && !slots.isFull());
    }

    /** Windows that wait. */
    synchronized int size() {
        return urgent.size() + others.size();
    }

    synchronized void free(int slot) {
        slots.free(slot);
        notifyAll();
    }

    /** An urgent window was closed. */
    synchronized void calm() {
        calmSince = nanoTime.getAsLong();
        notifyAll();
    }

    /** Refuses every window that waits and every further one. */
    void close() {
        List<EncodeTask> refused = new ArrayList<>();
        synchronized (this) {
            closed = true;
            refused.addAll(urgent);
            refused.addAll(others);
            urgent.clear();
            others.clear();
            notifyAll();
        }
        refused.forEach(task -> task.encoded().completeExceptionally(closing()));
    }

    static EngineException closing() {
        return new EngineException(
                EngineException.Category.CANCELLED, "The model is being unloaded.");
    }
}
