package dev.parlo.engine.steps;

import dev.parlo.engine.EngineException;
import java.util.function.Supplier;

/**
 * Steps of native code that follow one another, such as those of one decoder. One thread makes them
 * at a time; any thread may look. A step costs two volatile writes and no look at a clock: whoever
 * looks twice and finds the same {@link #position} knows that nothing has moved between.
 */
public final class StepLane implements AutoCloseable {
    private final NativeSteps steps;
    private final String what;
    private final Runnable stop;
    private final Runnable leave;

    /** Begins and ends so far, those of {@link #beat} included: odd while a step is under way. */
    private volatile long position;

    /** The position at which the step was asked to end; 0 for none. */
    private volatile long asked;

    private volatile String thread = "";
    private volatile boolean closed;

    StepLane(NativeSteps steps, String what, Runnable stop, Runnable leave) {
        this.steps = steps;
        this.what = what;
        this.stop = stop;
        this.leave = leave;
    }

    /**
     * Makes a step.
     *
     * @param <T> what it gives
     * @param step enters native code
     * @return what it gave
     * @throws EngineException of category STUCK where it failed because it was asked to end
     */
    public <T> T run(Supplier<T> step) {
        long begin = position + 1;
        Thread current = Thread.currentThread();
        if (!thread.equals(current.getName())) {
            thread = current.getName();
        }
        position = begin;
        try {
            return step.get();
        } catch (RuntimeException failure) {
            throw asked >= begin ? steps.stopped(what, failure) : failure;
        } finally {
            position = (position | 1) + 1;
            if (closed) { // meanwhile, by one who left this step behind
                steps.remove(this);
            }
        }
    }

    /**
     * Makes a step that gives nothing.
     *
     * @param step enters native code
     * @throws EngineException as of {@link #run(Supplier)}
     */
    public void run(Runnable step) {
        Object unused =
                run(() -> {
                    step.run();
                    return this;
                });
    }

    /** From within a step, on the thread that makes it: it goes on. */
    public void beat() {
        position = position + 2;
    }

    /**
     * From within a step, on the thread that makes it: waits for something else, which is no part
     * of the step and may take as long as it likes.
     *
     * @param waiting what waits
     */
    public void rest(Runnable waiting) {
        position = position + 1;
        try {
            waiting.run();
        } finally {
            position = position + 1;
        }
    }

    /** {@return what the steps do, in a word or two} */
    public String what() {
        return what;
    }

    /** {@return the name of the thread that made the last step} */
    public String thread() {
        return thread;
    }

    /** {@return a number that is odd while a step is under way, another for each} */
    public long position() {
        return position;
    }

    /**
     * Asks the step at a position to end as soon as the library can.
     *
     * @param at where it was found
     * @return whether it is still there
     */
    public synchronized boolean ask(long at) {
        if (closed || position != at) {
            return false;
        }
        asked = at;
        // It may end this very moment, after hundreds of seconds; then the next one fails instead.
        stop.run();
        return true;
    }

    /** Has those go on who wait for the step that is under way. */
    public void leave() {
        leave.run();
    }

    /** No step is made any more. One that was left behind is seen until it ends. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        if (position % 2 == 0) {
            steps.remove(this);
        }
    }
}
