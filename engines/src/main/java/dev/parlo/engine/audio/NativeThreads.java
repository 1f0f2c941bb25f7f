package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed number of platform threads for FFmpeg's code, which would pin virtual ones, and which the
 * first call loads. Its queue holds one task a waiting caller, so callers bound it. Thread-safe.
 */
final class NativeThreads implements AutoCloseable {
    private final ThreadPoolExecutor threads;
    private final NativeSteps steps = new NativeSteps();
    private final String name;

    NativeThreads(String name, int count) {
        this.name = name;
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
     * @throws EngineException what the work threw; CANCELLED if the caller is interrupted, and
     *     STUCK if the work is given up because it does not end; in both cases it may still be
     *     running
     */
    <T> T call(Callable<T> work) {
        if (Thread.currentThread().isInterrupted()) {
            throw new EngineException(Category.CANCELLED, "Interrupted before audio work began.");
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(CallersLog.carried(() -> run(work, result)));
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

    private <T> void run(Callable<T> work, CompletableFuture<T> result) {
        AtomicBoolean left = new AtomicBoolean();
        try (StepLane lane = steps.lane(name, () -> {}, () -> leave(result, left))) {
            lane.run(() -> {
                try {
                    // The first call may be here before the libraries are.
                    AudioNatives.load();
                    result.complete(work.call());
                } catch (Throwable failure) { // whatever it is, the caller waits
                    result.completeExceptionally(failure);
                }
            });
        } finally {
            if (left.get()) {
                grow(-1);
            }
        }
    }

    /** Work that does not end: its caller goes on, and another thread takes this one's place. */
    private void leave(CompletableFuture<?> result, AtomicBoolean left) {
        left.set(true);
        grow(1);
        result.completeExceptionally(NativeSteps.failure());
    }

    private synchronized void grow(int more) {
        int count = threads.getCorePoolSize() + more;
        if (more > 0) {
            threads.setMaximumPoolSize(count);
            threads.setCorePoolSize(count);
        } else {
            threads.setCorePoolSize(count);
            threads.setMaximumPoolSize(count);
        }
    }

    /** What the threads are doing. */
    NativeSteps steps() {
        return steps;
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
