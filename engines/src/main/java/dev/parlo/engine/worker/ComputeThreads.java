package dev.parlo.engine.worker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The platform threads of an engine whose answer comes as a whole. A request waits on its own
 * thread for its turn and for the answer, which is computed on one of these. Thread-safe.
 */
public final class ComputeThreads implements AutoCloseable {
    private final ExecutorService executor;
    private final Set<Cancellation> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param count how many, at least 1: the turns of the engine's admission
     */
    public ComputeThreads(String name, int count) {
        this.executor =
                Executors.newFixedThreadPool(
                        count, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    /**
     * Waits for the request's turn and computes in it.
     *
     * @param work is given the flag that ends it: raised when the request or the engine ends
     * @throws EngineException of category CANCELLED when the request was cancelled or this is
     *     closed, NO_SPACE where there was no memory, or what the work threw
     */
    public <T> T run(Function<Cancellation, T> work, Ticket ticket) {
        Cancellation own = new Cancellation();
        running.add(own);
        try (Cancellation.Registration link = ticket.cancellation().onCancel(own::cancel)) {
            if (closed) {
                own.cancel(); // closing may have missed it
            }
            try (Turn turn = ticket.await(own)) {
                return await(executor.submit(() -> work.apply(own)), own);
            }
        } catch (RejectedExecutionException e) {
            throw unloading(e);
        } catch (EngineException e) {
            boolean ours =
                    e.category() == Category.CANCELLED
                            && closed
                            && !ticket.cancellation().isCancelled();
            throw ours ? unloading(e) : e;
        } finally {
            running.remove(own);
        }
    }

    /** The work has ended when this returns, however it returns. */
    private static <T> T await(Future<T> answer, Cancellation own) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    own.cancel();
                }
            }
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case EngineException known -> known;
                case OutOfMemoryError memory ->
                        new EngineException(
                                Category.NO_SPACE, "Not enough memory for this request.", memory);
                case null, default ->
                        new EngineException(
                                Category.INTERNAL, "The computation failed: " + e.getCause(), e);
            };
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static EngineException unloading(Exception cause) {
        return new EngineException(Category.CANCELLED, "The model is being unloaded.", cause);
    }

    /** As {@link TranscriptionWorkers#close}: afterwards the engine's memory may be freed. */
    @Override
    public void close() {
        closed = true;
        executor.shutdown();
        boolean interrupted = false;
        while (true) {
            running.forEach(Cancellation::cancel);
            try {
                if (executor.awaitTermination(1, TimeUnit.SECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true; // native memory must not be freed under a running thread
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
