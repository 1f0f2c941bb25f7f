package dev.parlo.server.listening;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.log.CallersLog;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for the short computations of all streams: a network that runs natively would
 * hold the carrier of a virtual thread. One task waits for each stream at most. Thread-safe.
 */
public final class DetectorThreads implements AutoCloseable {
    private static final int IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    /**
     * @param count computations side by side, at least 1
     */
    public DetectorThreads(int count) {
        threads =
                new ThreadPoolExecutor(
                        count,
                        count,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("turn-detector-", 1).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs {@code work} on one of the threads and waits for it. The work has ended when this
     * returns, however it returns: the caller may close what it used.
     *
     * @throws RuntimeException what the work threw; CANCELLED where the caller was interrupted or
     *     the server stops
     */
    <T> T call(Callable<T> work) {
        Future<T> result;
        try {
            result = threads.submit(CallersLog.carried(work));
        } catch (RejectedExecutionException stopping) {
            throw new EngineException(Category.CANCELLED, "The server is stopping.", stopping);
        }
        InterruptedException stopped = null;
        try {
            while (true) {
                try {
                    T value = result.get();
                    if (stopped != null) {
                        throw new EngineException(Category.CANCELLED, "Interrupted.", stopped);
                    }
                    return value;
                } catch (InterruptedException stop) {
                    stopped = stop; // and wait: native code uses the caller's memory
                }
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new EngineException(
                    Category.INTERNAL, "Audio could not be heard: " + failed.getCause(), failed);
        } finally {
            if (stopped != null) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
