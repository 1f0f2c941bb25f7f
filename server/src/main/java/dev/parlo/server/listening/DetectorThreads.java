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
     * Runs {@code work} on one of the threads and waits for it.
     *
     * @throws RuntimeException what the work threw; CANCELLED where the caller was interrupted or
     *     the server stops
     */
    <T> T call(Callable<T> work) {
        try {
            Future<T> result = threads.submit(CallersLog.carried(work));
            return result.get();
        } catch (RejectedExecutionException stopping) {
            throw new EngineException(Category.CANCELLED, "The server is stopping.", stopping);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new EngineException(Category.CANCELLED, "Interrupted.", stopped);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new EngineException(
                    Category.INTERNAL, "Audio could not be heard: " + failed.getCause(), failed);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
