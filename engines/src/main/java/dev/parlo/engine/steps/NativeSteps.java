package dev.parlo.engine.steps;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The steps of native code of one engine, or of one library. Native code cannot be interrupted from
 * outside: a step that never returns keeps its thread and its memory. So threads tell here what
 * they enter, and somebody with a clock looks ({@link #lanes}), {@linkplain #suspect says} that a
 * step takes too long, and {@linkplain #giveUp gives the engine up} when it does not end.
 * Thread-safe.
 */
public final class NativeSteps {
    private final Set<StepLane> lanes = ConcurrentHashMap.newKeySet();
    private final Cancellation givenUp = new Cancellation();
    private volatile boolean suspect;

    /** No step is under way yet. */
    public NativeSteps() {}

    /**
     * Steps that follow one another, made for the request that the calling thread computes for, if
     * it does.
     *
     * @param what they do, in a word or two
     * @param stop asks the one under way to end; short, from any thread, never after the lane is
     *     closed
     * @return where they are made; the caller closes it
     */
    public StepLane lane(String what, Runnable stop) {
        return lane(what, stop, Waiting.leave());
    }

    /**
     * Steps that follow one another, for which others wait.
     *
     * @param what they do, in a word or two
     * @param stop as of {@link #lane(String, Runnable)}
     * @param leave has those go on who wait for the step under way; short, from any thread
     * @return where they are made; the caller closes it
     */
    public StepLane lane(String what, Runnable stop, Runnable leave) {
        StepLane lane = new StepLane(this, what, stop, leave);
        lanes.add(lane);
        return lane;
    }

    /**
     * Makes one step that a cancellation ends early.
     *
     * @param <T> what it gives
     * @param what it does, in a word or two
     * @param cancellation of the request
     * @param step is given the one that ends it, because of the request or because it takes too
     *     long
     * @return what the step gave
     * @throws EngineException of category STUCK where it failed because it took too long
     */
    public <T> T run(String what, Cancellation cancellation, Function<Cancellation, T> step) {
        Cancellation own = new Cancellation();
        try (StepLane lane = lane(what, own::cancel);
                Cancellation.Registration link = cancellation.onCancel(own::cancel)) {
            return lane.run(() -> step.apply(own));
        }
    }

    void remove(StepLane lane) {
        lanes.remove(lane);
    }

    /** {@return those of threads that are or were in native code and may be again} */
    public List<StepLane> lanes() {
        return List.copyOf(lanes);
    }

    /**
     * Has new requests be refused while a step takes too long.
     *
     * @param now whether one does
     */
    public void suspect(boolean now) {
        suspect = now;
    }

    /** Nobody waits for these steps any more: requests end now, those that come are refused. */
    public void giveUp() {
        givenUp.cancel();
    }

    /**
     * Has an action run when {@link #giveUp} is called, or now where it was.
     *
     * @param action short, from any thread
     * @return takes the action back
     */
    public Cancellation.Registration onGivenUp(Runnable action) {
        return givenUp.onCancel(action);
    }

    /**
     * Waits for what a worker does until it has ended, or is given up. An interrupt does not end
     * the wait, since the worker uses what the waiting thread would free.
     *
     * @param <T> what it gives
     * @param result what the worker completes
     * @param interrupted is run by the waiting thread at every interrupt
     * @return what the worker gave
     * @throws ExecutionException as the worker failed; because of {@link #failure} once these steps
     *     are given up
     */
    public <T extends @Nullable Object> T await(CompletableFuture<T> result, Runnable interrupted)
            throws ExecutionException {
        boolean isInterrupted = false;
        try (Cancellation.Registration leave =
                onGivenUp(() -> result.completeExceptionally(failure()))) {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException later) {
                    isInterrupted = true;
                    interrupted.run();
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Refuses a new request while a step takes too long.
     *
     * @throws EngineException of category STUCK
     */
    public void check() {
        if (suspect || givenUp.isCancelled()) {
            throw failure();
        }
    }

    /**
     * Ends a request that waits.
     *
     * @throws EngineException of category STUCK once these steps are given up
     */
    public void checkNotGivenUp() {
        if (givenUp.isCancelled()) {
            throw failure();
        }
    }

    /** {@return what requests of an engine are told whose step does not end} */
    public static EngineException failure() {
        return new EngineException(
                Category.STUCK,
                "A step of this model has been running for longer than STUCK_STEP_SECONDS."
                        + " Try again later.");
    }

    EngineException stopped(String what, RuntimeException cause) {
        return new EngineException(
                Category.STUCK,
                "The " + what + " was stopped: it took longer than STUCK_STEP_SECONDS. Try again.",
                cause);
    }
}
