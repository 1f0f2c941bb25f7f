package dev.parlo.engine.worker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.Waiting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * The platform threads of an engine whose requests have one result each: a request waits on its own
 * thread for its turn, computes on one of these, and goes on with the result. Thread-safe.
 */
public final class TurnWorkers implements AutoCloseable {
    private final ExecutorService executor;
    private final RunningRequests running = new RunningRequests();

    /**
     * @param count how many, at least 1: the turns of the engine's admission
     */
    public TurnWorkers(ThreadFactory threads, int count) {
        executor = Executors.newFixedThreadPool(count, threads);
    }

    /**
     * Waits for the request's turn and computes. The worker has ended when this returns, however it
     * returns, unless it is in native code that never does and the engine is given up.
     *
     * @param work is given the cancellation that ends it: of the request, or of the engine
     * @throws EngineException what the work threw; CANCELLED when the request was cancelled or this
     *     is closed
     */
    public <T> T run(Function<Cancellation, T> work, Ticket ticket) {
        Cancellation own = running.begin();
        try (Cancellation.Registration link = ticket.cancellation().onCancel(own::cancel)) {
            try (Turn turn = ticket.await(own)) {
                return result(started(work, own), own, ticket.admission().steps());
            }
        } catch (RejectedExecutionException ended) {
            throw new EngineException(Category.CANCELLED, "The model is being unloaded.", ended);
        } finally {
            running.end(own);
        }
    }

    private <T> CompletableFuture<T> started(Function<Cancellation, T> work, Cancellation own) {
        CompletableFuture<T> result = new CompletableFuture<>();
        executor.execute(CallersLog.carried(Waiting.of(result, () -> work.apply(own))));
        return result;
    }

    /** Waits for the worker, unless it is in native code that is given up. */
    private static <T> T result(CompletableFuture<T> future, Cancellation own, NativeSteps steps) {
        try {
            return steps.await(future, own::cancel);
        } catch (ExecutionException failed) {
            own.cancel(); // of a worker that was left: should it return, it ends
            Throwable cause = failed.getCause();
            throw WorkFailure.of("The request", cause == null ? failed : cause);
        }
    }

    /**
     * Cancels what runs and what waits, and returns when no worker computes any more: afterwards
     * the engine's memory may be freed.
     */
    @Override
    public void close() {
        running.close(executor);
    }
}
