package dev.parlo.server.listening;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepThreads;
import dev.parlo.engine.steps.Waiting;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Platform threads for the short computations of all streams: a network that runs natively would
 * hold the carrier of a virtual thread. One task waits for each stream at most. Thread-safe.
 */
public final class DetectorThreads implements AutoCloseable {
    private final StepThreads threads;

    /** Those of work that no engine is behind; nobody gives them up. */
    private final NativeSteps own = new NativeSteps();

    /**
     * @param count computations side by side, at least 1
     */
    public DetectorThreads(int count) {
        threads =
                new StepThreads(
                        Thread.ofPlatform().daemon().name("turn-detector-", 1).factory(), count);
    }

    /** As {@link #call(NativeSteps, Callable)}, of work that no engine is behind. */
    <T> T call(Callable<T> work) {
        return call(own, work);
    }

    /**
     * Runs {@code work} on one of the threads and waits for it. The work has ended when this
     * returns, however it returns, so that the caller may close what it used; unless it is in
     * native code that never does and its engine is given up.
     *
     * @param steps of the engine that the work uses
     * @throws RuntimeException what the work threw; CANCELLED where the caller was interrupted or
     *     the server stops, STUCK where the engine is given up
     */
    <T> T call(NativeSteps steps, Callable<T> work) {
        steps.checkNotGivenUp(); // the step that does not end may use what the work would
        CompletableFuture<T> result = new CompletableFuture<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        try {
            Runnable leave =
                    threads.start(
                            Waiting.telling(result, work),
                            () -> result.completeExceptionally(NativeSteps.failure()));
            T value;
            try (var left = steps.onGivenUp(leave)) {
                // An interrupt does not end the work: native code uses the caller's memory.
                value = steps.await(result, () -> interrupted.set(true));
            }
            if (interrupted.get()) {
                throw new EngineException(Category.CANCELLED, "Interrupted.");
            }
            return value;
        } catch (RejectedExecutionException stopping) {
            throw new EngineException(Category.CANCELLED, "The server is stopping.", stopping);
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
        threads.close();
    }
}
