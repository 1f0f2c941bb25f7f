package dev.parlo.engine.worker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Ticket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The platform threads of a transcription engine. A request is worked on by one of these, which
 * reads its audio and takes a turn of the engine's admission for each window, and takes its
 * segments on its own thread again; how fast it takes them does not matter to the others.
 * Thread-safe.
 */
public final class TranscriptionWorkers implements AutoCloseable {
    /** Requests that are worked on at a time; further ones wait until one is over. */
    private static final int MOST = 64;

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor executor;
    private final Path spoolDirectory;
    private final EngineObserver observer;
    private final RunningRequests running = new RunningRequests();

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
     * @param places requests that the engine takes, at least 1
     * @param spoolDirectory for segments that wait for a slow reader
     */
    public TranscriptionWorkers(
            ThreadFactory threads, int places, Path spoolDirectory, EngineObserver observer) {
        int most = Math.min(places, MOST);
        this.executor =
                new ThreadPoolExecutor(
                        most,
                        most,
                        IDLE.toMillis(),
                        TimeUnit.MILLISECONDS,
                        new LinkedBlockingQueue<>(),
                        threads);
        executor.allowCoreThreadTimeOut(true);
        this.spoolDirectory = spoolDirectory;
        this.observer = observer;
    }

    /**
     * Runs a request; segments reach the sink on the calling thread.
     *
     * @throws EngineException of category CANCELLED when the request was cancelled or this is
     *     closed, or what the work threw
     */
    public Transcript run(Work work, SegmentSink sink, Ticket ticket) {
        // A failure or the engine's end stops this work; the flag of the caller is the caller's.
        Cancellation own = running.begin();
        try (Cancellation.Registration link = ticket.cancellation().onCancel(own::cancel);
                SegmentSpool spool = new SegmentSpool(spoolDirectory)) {
            TranscriptionRun run = new TranscriptionRun(work, spool, observer, own);
            start(run);
            try (Cancellation.Registration stop = own.onCancel(() -> abandon(run));
                    Cancellation.Registration leave =
                            ticket.admission().steps().onGivenUp(run::leave)) {
                return run.deliver(sink, ticket.cancellation());
            }
        } catch (EngineException e) {
            boolean unloading =
                    e.category() == Category.CANCELLED
                            && running.isClosed()
                            && !ticket.cancellation().isCancelled();
            throw unloading ? unloading(e) : e;
        } finally {
            running.end(own);
        }
    }

    private void start(TranscriptionRun run) {
        try {
            executor.execute(run);
        } catch (RejectedExecutionException e) {
            throw unloading(e);
        }
    }

    /** Ends at once what no worker has begun. */
    private void abandon(TranscriptionRun run) {
        if (executor.remove(run)) {
            run.abandon();
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
        running.close(executor);
    }
}
