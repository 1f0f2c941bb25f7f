package dev.parlo.engine.parakeet;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.worker.ThreadEnd;
import dev.parlo.engine.worker.WorkFailure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntPredicate;

/**
 * Has the chunks of several requests computed together: one thread takes all that wait, of which
 * there are no more than requests have turns. Thread-safe.
 */
final class ChunkBatches implements AutoCloseable {
    /** Of one run together: whoever comes meanwhile waits for its end. */
    private static final int MOST_SAMPLES = 120 * 16_000;

    private final int mostTogether;
    private final Run run;
    private final BlockingQueue<Job> waiting = new LinkedBlockingQueue<>();
    private final Cancellation closed = new Cancellation();
    private final Thread thread;

    /** Computes chunks together, as {@link ParakeetModel#transcribe} does. */
    interface Run {
        List<List<TimedToken>> of(List<float[]> chunks, Cancellation stop, IntPredicate givenUp);
    }

    private record Job(
            float[] samples,
            Cancellation cancellation,
            CompletableFuture<List<TimedToken>> answer) {}

    ChunkBatches(ParakeetModel model) {
        this(model.mostTogether(), model::transcribe);
    }

    /**
     * @param mostTogether chunks of one run
     */
    ChunkBatches(int mostTogether, Run run) {
        this.mostTogether = mostTogether;
        this.run = run;
        thread = Thread.ofPlatform().name("parakeet").daemon().start(this::loop);
    }

    /**
     * Blocks until the chunk's tokens are known.
     *
     * @throws EngineException CANCELLED; BAD_MODEL or NO_SPACE when the run failed
     */
    List<TimedToken> transcribe(float[] samples, Cancellation cancellation) {
        Job job = new Job(samples, cancellation, new CompletableFuture<>());
        EngineException left =
                new EngineException(Category.CANCELLED, "The request was cancelled.");
        waiting.add(job);
        try (Cancellation.Registration leave =
                        cancellation.onCancel(() -> job.answer().completeExceptionally(left));
                Cancellation.Registration end =
                        closed.onCancel(() -> job.answer().completeExceptionally(left))) {
            List<TimedToken> tokens = job.answer().join();
            cancellation.check(); // a chunk that was given up is heard in part
            return tokens;
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause();
            throw WorkFailure.of("The transcription", cause == null ? failed : cause);
        }
    }

    private void loop() {
        try {
            while (!closed.isCancelled()) {
                List<Job> jobs = new ArrayList<>(List.of(waiting.take()));
                addAlike(jobs);
                jobs.removeIf(job -> job.answer().isDone());
                if (!jobs.isEmpty()) {
                    compute(jobs);
                }
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt(); // by close
        }
    }

    /**
     * Adds those that wait and are about as long as the first: in a run every chunk costs as much,
     * and takes as long, as the longest.
     */
    private void addAlike(List<Job> jobs) {
        int first = Math.max(ParakeetModel.SHORTEST, jobs.getFirst().samples().length);
        int longest = first;
        for (Iterator<Job> others = waiting.iterator(); others.hasNext(); ) {
            Job other = others.next();
            int length = Math.max(ParakeetModel.SHORTEST, other.samples().length);
            long together = (jobs.size() + 1L) * Math.max(longest, length);
            boolean alike = length <= 2 * first && first <= 2 * length;
            if (jobs.size() < mostTogether && alike && together <= MOST_SAMPLES) {
                others.remove();
                jobs.add(other);
                longest = Math.max(longest, length);
            }
        }
    }

    /** How many chunks wait for the run that computes; for tests. */
    int waiting() {
        return waiting.size();
    }

    private void compute(List<Job> jobs) {
        // the run goes on as long as anybody waits for a part of it
        Cancellation stop = new Cancellation();
        List<Cancellation.Registration> links = new ArrayList<>();
        links.add(closed.onCancel(stop::cancel));
        for (Job job : jobs) {
            links.add(
                    job.cancellation()
                            .onCancel(() -> {
                                if (jobs.stream()
                                        .allMatch(each -> each.cancellation().isCancelled())) {
                                    stop.cancel();
                                }
                            }));
        }
        try {
            List<List<TimedToken>> answers =
                    run.of(
                            jobs.stream().map(Job::samples).toList(),
                            stop,
                            index -> jobs.get(index).cancellation().isCancelled());
            for (int i = 0; i < answers.size(); i++) {
                jobs.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error failure) {
            failed(jobs, failure); // those who wait must not wait for ever
        } finally {
            links.forEach(Cancellation.Registration::close);
        }
    }

    /** What went wrong may lie in one chunk, or in their number: no request fails for another's. */
    private void failed(List<Job> jobs, Throwable why) {
        if (jobs.size() == 1 || closed.isCancelled()) {
            jobs.forEach(job -> job.answer().completeExceptionally(why));
            return;
        }
        for (Job job : jobs) {
            if (!job.answer().isDone()) {
                compute(List.of(job));
            }
        }
    }

    /** Returns when nothing computes any more. */
    @Override
    public void close() {
        closed.cancel();
        thread.interrupt();
        ThreadEnd.await(thread);
    }
}
