package dev.parlo.engine.worker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The platform threads of a transcription engine. A request waits on its own thread for its turn,
 * computes on one of these, and takes its segments on its own thread again; how fast it takes them
 * does not matter to the others. Thread-safe.
 */
public final class TranscriptionWorkers implements AutoCloseable {
    private final ExecutorService executor;
    private final Path spoolDirectory;
    private final EngineObserver observer;
    private final Set<Cancellation> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** What a worker computes. */
    @FunctionalInterface
    public interface Work {
        /**
         * Transcribes, on a worker.
         *
         * @param sink takes segments at once
         * @param cancellation raised when the request or the engine ends
         */
        Transcript transcribe(SegmentSink sink, Cancellation cancellation);
    }

    /**
     * @param count how many, at least 1: the turns of the engine's admission
     * @param spoolDirectory for segments that wait for a slow reader
     */
    public TranscriptionWorkers(
            ThreadFactory threads, int count, Path spoolDirectory, EngineObserver observer) {
        this.executor = Executors.newFixedThreadPool(count, threads);
        this.spoolDirectory = spoolDirectory;
        this.observer = observer;
    }

    /**
     * Waits for the request's turn and runs it; segments reach the sink on the calling thread.
     *
     * @throws EngineException of category CANCELLED when the request was cancelled or this is
     *     closed, or what the work threw
     */
    public Transcript run(Work work, SegmentSink sink, Ticket ticket) {
        // A failure or the engine's end stops this work; the flag of the caller is the caller's.
        Cancellation own = new Cancellation();
        running.add(own);
        try (Cancellation.Registration link = ticket.cancellation().onCancel(own::cancel);
                SegmentSpool spool = new SegmentSpool(spoolDirectory)) {
            if (closed) {
                own.cancel(); // closing may have missed it
            }
            Turn turn = ticket.await(own);
            TranscriptionRun run = new TranscriptionRun(work, turn, spool, observer, own);
            start(run, turn);
            return run.deliver(sink);
        } catch (EngineException e) {
            boolean unloading =
                    e.category() == Category.CANCELLED
                            && closed
                            && !ticket.cancellation().isCancelled();
            throw unloading ? unloading(e) : e;
        } finally {
            running.remove(own);
        }
    }

    private void start(TranscriptionRun run, Turn turn) {
        try {
            executor.execute(run);
        } catch (RejectedExecutionException e) {
            turn.close();
            throw unloading(e);
        } catch (Throwable noThread) { // such as no more native threads
            turn.close();
            throw noThread;
        }
    }

    private static EngineException unloading(Exception cause) {
        return new EngineException(Category.CANCELLED, "The model is being unloaded.", cause);
    }

    /**
     * Cancels what runs and what waits, and returns when no worker computes any more: afterwards
     * the engine's memory may be freed.
     */
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
                interrupted = true; // native memory must not be freed under a running worker
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
