package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Windows of one request that are transcribed side by side. Their answers are told in the windows'
 * order, each as soon as it and all before it are there, whatever else the request's worker does
 * meanwhile. Where a window fails, the answers before it are told, and its failure is the
 * request's. Used by one thread, which adds; closing ends what still runs.
 *
 * @param <A> an answer
 */
public final class WindowsInFlight<A> implements AutoCloseable {
    private final WindowThreads threads;
    private final int most;
    private final Cancellation request;
    private final Consumer<? super A> told;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** In order; those that are done wait for the first. Guarded by the lock, as all below. */
    private final Deque<Window<A>> windows = new ArrayDeque<>();

    private int running;

    /** A window has failed; those before it may not be done yet. */
    private boolean failing;

    private @Nullable Throwable failure;

    private static final class Window<A> {
        final Cancellation cancellation = new Cancellation();
        @Nullable A answer;
        @Nullable Throwable failure;
        boolean done;
    }

    /**
     * @param most windows at a time, those included that wait for one before them
     * @param request ends all windows
     * @param told an answer, on any thread but one at a time; it may throw, which fails the request
     */
    public WindowsInFlight(
            WindowThreads threads, int most, Cancellation request, Consumer<? super A> told) {
        this.threads = threads;
        this.most = most;
        this.request = request;
        this.told = told;
    }

    /**
     * Transcribes a window beside the others, or here and now when no thread is free and no other
     * window of the request would become done. Waits while {@code most} windows are there.
     *
     * @param work is given the window's cancellation
     * @throws RuntimeException what an earlier window failed with
     */
    public void add(Function<? super Cancellation, ? extends A> work) {
        Window<A> window = new Window<>();
        if (enter(window)) {
            try {
                threads.run(() -> run(window, work), this::left);
            } catch (RuntimeException | Error noThread) {
                lock.lock();
                try {
                    end(window, null, noThread);
                } finally {
                    lock.unlock();
                }
                left();
            }
        } else {
            run(window, work);
            left();
        }
    }

    /** Whether the window has a thread of its own. */
    private boolean enter(Window<A> window) {
        lock.lock();
        try {
            while (true) {
                check();
                boolean room = windows.size() < most && !failing;
                boolean thread = room && threads.take();
                // Where other requests have all threads, one window at a time goes on here.
                if (thread || (room && running == 0)) {
                    windows.add(window);
                    running++;
                    return thread;
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(Window<A> window, Function<? super Cancellation, ? extends A> work) {
        A answer = null;
        Throwable failed = null;
        try (Cancellation.Registration link = request.onCancel(window.cancellation::cancel)) {
            window.cancellation.check();
            answer = work.apply(window.cancellation);
        } catch (Throwable e) { // whatever it is, the request must not wait for ever
            failed = e;
        }
        lock.lock();
        try {
            end(window, answer, failed);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void end(Window<A> window, @Nullable A answer, @Nullable Throwable failed) {
        window.answer = answer;
        window.failure = failed;
        window.done = true;
        if (failed != null) {
            failing = true;
            cancelAfter(window);
        }
        while (failure == null && !windows.isEmpty() && windows.element().done) {
            tell(windows.remove());
        }
    }

    private void tell(Window<A> first) {
        failure = first.failure;
        if (failure == null && first.answer != null) {
            try {
                told.accept(first.answer);
            } catch (RuntimeException | Error e) { // its answers are not taken any more
                failure = e;
                windows.forEach(window -> window.cancellation.cancel());
            }
        }
    }

    /** Nobody will be told of the windows after one that failed; those before it go on. */
    private void cancelAfter(Window<A> failed) {
        boolean after = false;
        for (Window<A> window : windows) {
            if (after) {
                window.cancellation.cancel();
            }
            after |= window == failed;
        }
    }

    /** A window's work is over and its thread is free. */
    private void left() {
        lock.lock();
        try {
            running--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until every answer was told.
     *
     * @throws RuntimeException what a window failed with
     */
    public void finish() {
        lock.lock();
        try {
            while (failure == null && !windows.isEmpty()) {
                changed.awaitUninterruptibly();
            }
            check();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void check() {
        switch (failure) {
            case null -> {}
            case RuntimeException known -> throw known;
            case Error error -> throw error;
            default ->
                    throw new EngineException(
                            EngineException.Category.INTERNAL,
                            "A window failed: " + failure,
                            failure);
        }
    }

    /** Ends what runs, and waits for it: it uses what the request's worker frees. */
    @Override
    public void close() {
        lock.lock();
        try {
            windows.forEach(window -> window.cancellation.cancel());
            while (running > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
