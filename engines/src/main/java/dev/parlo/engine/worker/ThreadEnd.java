package dev.parlo.engine.worker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the end of threads that use native memory, which must not be freed under them: also
 * where the one who waits is interrupted, and then it stays interrupted.
 */
public final class ThreadEnd {
    private ThreadEnd() {}

    /** Waits for a thread that has been told to end. */
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        restore(interrupted);
    }

    /**
     * Waits for all that was given to an executor, which takes nothing more. Its own {@code close}
     * would drop what waits, and interrupt what runs, as soon as its caller is interrupted.
     */
    public static void await(ExecutorService executor) {
        executor.shutdown();
        boolean interrupted = false;
        while (!executor.isTerminated()) {
            try {
                var unused = executor.awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        restore(interrupted);
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
