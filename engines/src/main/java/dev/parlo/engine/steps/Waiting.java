package dev.parlo.engine.steps;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets a thread that computes for a request know how the one who waits for it goes on without it. A
 * request to one model may be within native code of another, such as that of a voice activity
 * model; where that is given up, the request must not wait for it.
 */
public final class Waiting {
    private static final ScopedValue<Runnable> LEAVE = ScopedValue.newInstance();
    private static final Runnable NOBODY = () -> {};

    private Waiting() {}

    /**
     * Computes for a request.
     *
     * @param leave has the one go on who waits for it; short, from any thread
     * @param work on the calling thread
     */
    public static void run(Runnable leave, Runnable work) {
        ScopedValue.where(LEAVE, leave).run(work);
    }

    /**
     * Work of which a future is told, whatever becomes of it.
     *
     * @param <T> what it gives
     * @param result what somebody waits for, but no longer once the work is given up
     * @param work to be done on another thread
     * @return the same, for that thread
     */
    public static <T extends @Nullable Object> Runnable of(
            CompletableFuture<T> result, Callable<T> work) {
        return () ->
                run(
                        () -> result.completeExceptionally(NativeSteps.failure()),
                        telling(result, work));
    }

    /**
     * Work of which a future is told, whatever becomes of it; leaving it is another's matter.
     *
     * @param <T> what it gives
     * @param result what somebody waits for
     * @param work to be done on another thread
     * @return the same, for that thread
     */
    public static <T extends @Nullable Object> Runnable telling(
            CompletableFuture<T> result, Callable<T> work) {
        return () -> {
            try {
                result.complete(work.call());
            } catch (Throwable failure) { // an error, too: somebody waits
                result.completeExceptionally(failure);
            }
        };
    }

    /** What has the one go on who waits for the calling thread. */
    static Runnable leave() {
        return LEAVE.orElse(NOBODY);
    }
}
