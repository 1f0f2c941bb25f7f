package dev.parlo.engine.steps;

import dev.parlo.engine.log.CallersLog;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Threads for native code, a number of which are free for work at any time: another takes the place
 * of one that is left within a step that does not end, until it does. What waits for a thread is
 * bounded by who gives work. Thread-safe.
 */
public final class StepThreads implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor executor;

    /**
     * Starts no thread yet.
     *
     * @param threads makes platform threads: native code would pin a virtual one's carrier
     * @param count how many, at least 1
     */
    public StepThreads(ThreadFactory threads, int count) {
        executor =
                new ThreadPoolExecutor(
                        count,
                        count,
                        IDLE.toMillis(),
                        TimeUnit.MILLISECONDS,
                        new LinkedBlockingQueue<>(),
                        threads);
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Has work done for the calling thread, which goes on.
     *
     * @param work to be done
     * @param leave has those go on who wait for it; short, from any thread
     * @return leaves the work: runs {@code leave} and has another thread take its place, unless the
     *     work has ended; harmless when repeated
     * @throws RejectedExecutionException when this is closed
     */
    public Runnable start(Runnable work, Runnable leave) {
        AtomicBoolean settled = new AtomicBoolean();
        Runnable leaving =
                () -> {
                    if (left(settled)) {
                        leave.run();
                    }
                };
        executor.execute(
                CallersLog.carried(() -> {
                    try {
                        Waiting.run(leaving, work);
                    } finally {
                        ended(settled);
                    }
                }));
        return leaving;
    }

    /** Whether the work has not ended: then another thread takes the place of its own. */
    private synchronized boolean left(AtomicBoolean settled) {
        boolean isFirst = settled.compareAndSet(false, true);
        if (isFirst) {
            int count = executor.getCorePoolSize() + 1;
            executor.setMaximumPoolSize(count); // the core is never larger than the most
            executor.setCorePoolSize(count);
        }
        return isFirst;
    }

    /** Under the same lock: what ends while it is left has a thread too many only from then on. */
    private synchronized void ended(AtomicBoolean settled) {
        if (!settled.compareAndSet(false, true)) {
            int count = executor.getCorePoolSize() - 1;
            executor.setCorePoolSize(count);
            executor.setMaximumPoolSize(count);
        }
    }

    /** Takes no more work; what was given is done. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
