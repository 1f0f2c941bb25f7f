package dev.parlo.engine.audio;

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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed number of platform threads for FFmpeg's code, which would pin virtual ones, and which the
 * first call loads. Its queue holds one task a waiting caller, so callers bound it. Thread-safe.
 */
final class NativeThreads implements AutoCloseable {
    private final ThreadPoolExecutor threads;

    NativeThreads(String name, int count) {
        AtomicInteger number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        count,
                        count,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name(name + "-" + number.incrementAndGet())
                                        .unstarted(task));
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs {@code work} on one of the threads and waits for it.
     *
     * @throws EngineException what the work threw; CANCELLED if the caller is interrupted, in which
     *     case the work may still be running
     */
    <T> T call(Callable<T> work) {
        if (Thread.currentThread().isInterrupted()) {
            throw new EngineException(Category.CANCELLED, "Interrupted before audio work began.");
        }
        Future<T> result;
        try {
            result =
                    threads.submit(
                            CallersLog.carried(() -> {
                                // The first call may be here before the libraries are.
                                AudioNatives.load();
                                return work.call();
                            }));
        } catch (RejectedExecutionException e) {
            throw new EngineException(
                    Category.CANCELLED, "The server is stopping; no audio work begins.", e);
        }
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(Category.CANCELLED, "Interrupted during audio work.", e);
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    private static EngineException failed(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof EngineException failure) {
            return failure;
        }
        if (cause instanceof OutOfMemoryError) {
            return new EngineException(
                    Category.NO_SPACE, "Not enough memory to read or write the audio.", e);
        }
        if (cause instanceof LinkageError) {
            return new EngineException(
                    Category.INTERNAL,
                    "Audio cannot be read or written: FFmpeg's libraries cannot be loaded here"
                            + " (the log of the start says why).",
                    e);
        }
        return new EngineException(Category.INTERNAL, "Audio work failed: " + cause, e);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
