package dev.parlo.engine.whisper;

import dev.parlo.engine.log.CallersLog;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Threads that transcribe windows of requests beside the requests' own workers: as many for all
 * requests as make the runtime busy, so that what windows hold in memory has a bound. Thread-safe.
 */
public final class WindowThreads implements AutoCloseable {
    private final Semaphore free;
    private final ExecutorService executor;

    /**
     * @param name of each, before its number
     * @param count how many; with none every request transcribes one window after another
     */
    WindowThreads(String name, int count) {
        free = new Semaphore(count);
        executor =
                Executors.newCachedThreadPool(Thread.ofPlatform().name(name, 0).daemon().factory());
    }

    /**
     * For a runtime of so many slots: one more, which computes features while the others wait for
     * their slots.
     *
     * @param name of each, before its number
     */
    public static WindowThreads forSlots(String name, int slots) {
        return new WindowThreads(name, slots == 1 ? 0 : slots + 1);
    }

    /** Takes a thread, if one is free. Whoever takes one runs something on it. */
    boolean take() {
        return free.tryAcquire();
    }

    /**
     * Runs work on the thread that was taken, which is free again before {@code after} runs.
     *
     * @param after must neither throw nor take long
     */
    void run(Runnable work, Runnable after) {
        try {
            Runnable logged = CallersLog.carried(work);
            executor.execute(() -> {
                try {
                    logged.run();
                } finally {
                    free.release();
                    after.run();
                }
            });
        } catch (Throwable noThread) { // such as no more native threads
            free.release();
            throw noThread;
        }
    }

    /** After all work is done. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
