package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;
import dev.parlo.engine.steps.StepThreads;
import dev.parlo.engine.steps.Waiting;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * A fixed number of platform threads for FFmpeg's code, which would pin virtual ones, and which the
 * first call loads. Its queue holds one task a waiting caller, so callers bound it. Thread-safe.
 */
final class NativeThreads implements AutoCloseable {
    private final StepThreads threads;
    private final NativeSteps steps = new NativeSteps();
    private final String name;

    NativeThreads(String name, int count) {
        this.name = name;
        threads =
                new StepThreads(Thread.ofPlatform().daemon().name(name + "-", 1).factory(), count);
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
            var unused =
                    threads.start(
                            () -> run(work, result),
                            () -> result.completeExceptionally(NativeSteps.failure()));
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
        try (StepLane lane = steps.lane(name, () -> {})) {
            lane.run(
                    Waiting.telling(
                            result,
                            () -> {
                                // The first call may be here before the libraries are.
                                AudioNatives.load();
                                return work.call();
                            }));
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
        threads.close();
    }
}
